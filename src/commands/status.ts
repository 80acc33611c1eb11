import type { Settings } from '../config.ts'
import { knownMigrations, pendingMigrations } from '../store/migrate.ts'
import { MOST_COUNTED } from '../store/rechecks.ts'
import { loadStatus, type SourceStatus } from '../store/status.ts'
import { formatInstant, type Instant, MILLISECOND } from '../values/instant.ts'
import { type CommandContext, type ExitCode, onDatabase } from './context.ts'
import { printable, table } from './table.ts'

/** Shows each source: coverage, lag, progress of the history, open jobs, rejects, last runs. */
export function runStatus(
  { print }: CommandContext,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  return onDatabase({ apiKey: false }, async ({ pool }, { settings, clock }) => {
    const pending = await pendingMigrations(pool, await knownMigrations())
    const sources = pending.length > 0 ? [] : await loadStatus(pool)
    const now = clock.now() * MILLISECOND
    const facts = sources.map((source) => factsOf(source, settings, now))
    if (json) print(JSON.stringify({ pendingMigrations: pending, sources: facts }, null, 2))
    else print(describe(facts, pending))
    return 0
  })
}

type SourceFacts = ReturnType<typeof factsOf>

/** What is shown of a source, in the units of people: times as text, the lag in seconds, shares from 0 to 1. */
function factsOf({ runs, ...source }: SourceStatus, { sources, sync }: Settings, now: Instant) {
  const { coveredFrom, watermark, headReadAt } = source
  const wanted = sources.find(({ name }) => name === source.name)
  return {
    name: source.name,
    inSettings: wanted !== undefined,
    baseUrl: source.baseUrl,
    coveredFrom: moment(coveredFrom),
    watermark: moment(watermark),
    lagSeconds: headReadAt === null ? null : Math.max(0, Math.round((now - headReadAt) / 1e6)),
    historyDone: historyDone(coveredFrom, watermark, wanted?.startAt ?? sync.startAt),
    openJobs: source.openJobs,
    held: source.held,
    quarantine: source.quarantine,
    darkSince: moment(source.darkSince),
    rejects: source.rejects,
    leaseOwner: source.leaseOwner,
    leaseExpiresAt: moment(source.leaseExpiresAt),
    lastSuccessAt: moment(source.lastSuccessAt),
    lastReconcileAt: moment(source.lastReconcileAt),
    settledUntil: moment(source.settledUntil),
    runs: runs.map((run) => ({
      ...run,
      startedAt: moment(run.startedAt),
      finishedAt: moment(run.finishedAt),
      watermarkBefore: moment(run.watermarkBefore),
      watermarkAfter: moment(run.watermarkAfter),
    })),
  }
}

function moment(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant)
}

/** The part of the span down to SYNC_START_AT that is covered, 0 to 1. */
function historyDone(coveredFrom: Instant | null, watermark: Instant | null, startAt: Instant): number {
  if (coveredFrom === null || watermark === null) return 0
  if (coveredFrom <= startAt) return 1
  return (watermark - coveredFrom) / (watermark - startAt)
}

function describe(sources: readonly SourceFacts[], pending: readonly string[]): string {
  if (pending.length > 0) {
    return `Pending migrations: ${pending.length}. Run \`migrate\`, or \`sync\`, which also applies them.`
  }
  if (sources.length === 0) return 'No source has been synced yet. Run `sync`.'
  return sources.map(describeSource).join('\n\n')
}

function describeSource(source: SourceFacts): string {
  const facts: [string, string][] = [
    ['api', source.baseUrl],
    ['coverage', source.watermark === null ? 'none yet' : `${source.coveredFrom} .. ${source.watermark}`],
    ['lag', source.lagSeconds === null ? 'not synced yet' : `${source.lagSeconds} s`],
    ['history', `${(source.historyDone * 100).toFixed(1)}% read`],
    ['open jobs', source.openJobs < MOST_COUNTED ? String(source.openJobs) : `${MOST_COUNTED} or more`],
    ['held', describeHeld(source)],
    ['quarantine', source.quarantine.length === 0 ? 'empty' : `${source.quarantine.length} set aside`],
    ...(source.darkSince === null ? [] : [['dark', describeDarkness(source.darkSince)] as [string, string]]),
    ['rejects', String(source.rejects)],
    ['lease', source.leaseOwner === null ? 'free' : `${source.leaseOwner} until ${source.leaseExpiresAt}`],
    ['last success', source.lastSuccessAt ?? 'never'],
    ['all read since', source.lastReconcileAt ?? 'not all read yet'],
    ['settled until', String(source.settledUntil)],
  ]
  const lines = facts.map(([name, value]) => `  ${name.padEnd(15)} ${value}`)
  const set = describeQuarantine(source.quarantine).map(indent)
  const title = `Source ${source.name}${source.inSettings ? '' : ' (not in the settings of this command)'}`
  return [title, ...lines, ...set, '', indent(describeRuns(source.runs))].join('\n')
}

function describeHeld({ name, held }: SourceFacts): string {
  if (held === 0) return 'none'
  return `${held} missing upstream, not marked as deleted yet (to mark them now: \`accept-deletions ${name} --expect ${held}\`)`
}

function describeDarkness(since: string): string {
  return `the API has returned none of the known jobs since ${since}`
}

function describeQuarantine(quarantine: SourceFacts['quarantine']): string[] {
  return quarantine.flatMap(({ what, reason, since, nextTryAt }) => [
    '',
    `in quarantine since ${since}, next try ${nextTryAt}: ${printable(what)}: ${printable(reason)}`,
  ])
}

function describeRuns(runs: SourceFacts['runs']): string {
  const columns = ['started', 'kind', 'outcome', 'requests', 'received', 'inserted', 'updated', 'rejected']
  const rows = runs.map((run) => [
    run.startedAt ?? '',
    run.kind,
    run.outcome,
    ...[run.requests, run.received, run.inserted, run.updated, run.rejected].map(String),
  ])
  const failure = runs.find((run) => run.error !== null)
  const notes = failure ? [``, `latest failure, ${failure.startedAt}: ${printable(failure.error ?? '')}`] : []
  return [table(columns, rows), ...notes].join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
