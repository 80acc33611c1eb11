import { DatabaseError } from '../errors.ts'
import { createRedactor } from '../redact.ts'
import { createSources } from '../sources.ts'
import { loadTimeline } from '../store/coverage.ts'
import { knownMigrations, pendingMigrations } from '../store/migrate.ts'
import { type Difference, type Verification, verify } from '../sync/verify.ts'
import { type CommandContext, type ExitCode, onDatabase } from './context.ts'
import { printable } from './table.ts'

export interface VerifyOptions {
  readonly json: boolean
  /** How many differences are shown. */
  readonly limit: number
}

/** Compares the API and the tables, and exits with 1 when they differ. Writes nothing. */
export function runVerify(
  { signal, print }: CommandContext,
  { json, limit }: VerifyOptions,
): Promise<ExitCode> {
  return onDatabase({ apiKey: true }, async (database, { settings, log, clock }) => {
    const redact = createRedactor(settings.secrets)
    const tell = (text: string) => print(redact(text))
    if ((await pendingMigrations(database.pool, await knownMigrations())).length > 0) {
      throw new DatabaseError('Migrations are pending: run `sync` or `migrate` first.')
    }
    const sources = createSources(settings, { database, log, clock, fetch, random: Math.random })
    for (const { name } of sources) {
      const { coverage, head } = await loadTimeline(database.pool, name)
      // Nothing is stored of it, and all that the API shows would be in flight: equal.
      if (coverage === null && head === null)
        throw new DatabaseError(
          `No worker has synced the source "${name}" into this database: run \`sync\` first.`,
        )
    }
    const shown: ShownDifference[] = []
    const sums: Verification[] = []
    for (const source of sources) {
      const several = sources.length > 1
      const verification = await verify(source, signal, (difference) => {
        if (shown.length === limit) return
        shown.push({ source: source.name, ...difference })
        if (!json) tell(`${several ? `${source.name}: ` : ''}${describeDifference(difference)}`)
      })
      sums.push(verification)
    }
    const sum = sums.reduce(added)
    if (json) tell(JSON.stringify({ ...sum, equal: sum.differences === 0, shown }, null, 2))
    else print(describeVerification(sum, shown.length))
    return sum.differences === 0 ? 0 : 1
  })
}

interface ShownDifference extends Difference {
  readonly source: string
}

function added(left: Verification, right: Verification): Verification {
  return {
    received: left.received + right.received,
    stored: left.stored + right.stored,
    differences: left.differences + right.differences,
    inFlight: left.inFlight + right.inFlight,
  }
}

const SENTENCES: Readonly<Record<Difference['kind'], string>> = {
  missing: 'is in the API but not in the tables',
  surplus: 'is in the tables but not in the API',
  deleted: 'is marked as deleted in the tables, but the API returns it',
  fields: 'differs',
}

const LONGEST_VALUE = 120

function describeDifference({ id, kind, fields }: Difference): string {
  const lines = fields.map(
    ({ field, api, stored }) => `  ${field}: API ${shortened(api)}, tables ${shortened(stored)}`,
  )
  return [`${id} ${SENTENCES[kind]}`, ...lines].map(printable).join('\n')
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

function describeVerification(
  { received, stored, differences, inFlight }: Verification,
  shown: number,
): string {
  const compared = `${received} items from the API compared with ${stored} stored jobs`
  const waiting = inFlight === 0 ? '' : ` ${inFlight} more are in flight: the next cycles will pick them up.`
  if (differences === 0) return `equal: ${compared}.${waiting}`
  const rest = differences > shown ? ` (${shown} shown)` : ''
  return `${differences} ${differences === 1 ? 'difference' : 'differences'}${rest}: ${compared}.${waiting}`
}
