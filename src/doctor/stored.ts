import type { Pool } from 'pg'
import { RESTORE_SCHEMA } from '../store/cures.ts'
import { countStored } from '../store/jobs-by-id.ts'
import type { JobTable } from '../store/listed-jobs.ts'
import { whatIsGone } from '../store/made.ts'
import { countHeld } from '../store/misses.ts'
import { loadProjects } from '../store/projects.ts'
import { query } from '../store/query.ts'
import { loadSourceStates, type SourceState } from '../store/source-state.ts'
import { type Finding, failed, ok } from './finding.ts'

/** Up to this many missing jobs are marked as deleted within hours. */
const FEW = 50

/** Whether the tables of the applied migrations exist. */
export async function checkTables(pool: Pool, tables: readonly JobTable[]): Promise<Finding> {
  const names = tables.map(({ name }) => name)
  const rows = await query<{ name: string }>(
    pool,
    'select name from unnest($1::text[]) as name where to_regclass(name) is null',
    [names],
  )
  const gone = rows.map(({ name }) => name).join(', ')
  if (gone === '')
    return ok('tables', names.length === 1 ? `${names[0]} exists` : `${names.join(', ')} exist`)
  return failed(
    'tables',
    `${gone} does not exist although its migration was applied: somebody renamed or dropped it`,
    'Rename it back, or restore a backup of the database. Or read everything again: run `drop schema if exists llamacloud cascade` and ' +
      '`drop schema llamacloud_sync cascade`, then `llamacloud-sync sync`.',
  )
}

/** Whether all else is there that the applied migrations made. */
export async function checkSchema(pool: Pool): Promise<Finding> {
  const gone = await whatIsGone(pool)
  if (gone.length === 0) return ok('schema', 'all that the migrations made is there')
  return failed(
    'schema',
    `what the migrations made is gone, renamed or broken: ${gone.join(', ')}`,
    RESTORE_SCHEMA,
  )
}

/** What the database knows of a source; no finding for one that was never synced. */
export async function checkStored(pool: Pool, source: string, table: JobTable): Promise<Finding[]> {
  const [state] = await loadSourceStates(pool, [source])
  if (state === undefined) return []
  const findings = [
    await checkSample(pool, source, table),
    checkHeld({ name: source, held: await countHeld(pool, source) }),
    checkQuarantine(state),
    checkDarkness(state),
  ]
  return findings.map((finding) => ({ ...finding, source }))
}

/** The worker keeps some stored ids of each project, and never removes a row. */
async function checkSample(pool: Pool, source: string, table: JobTable): Promise<Finding> {
  const sample = [...(await loadProjects(pool, source)).values()].flat()
  const stored = await countStored(pool, table, sample)
  const found = `${table.name} holds ${stored} of ${sample.length} sampled jobs`
  if (stored === sample.length) return ok('stored', found)
  return failed(
    'stored',
    `${found}: somebody removed rows, or restored an older backup`,
    'Run `llamacloud-sync reconcile`: it reads the missing jobs again. If most are missing, the next sync does so too.',
  )
}

function checkHeld({ name, held }: Pick<SourceState, 'name' | 'held'>): Finding {
  if (held === 0) return ok('held', 'no job is missing upstream')
  if (held <= FEW)
    return ok('held', `${held} missing upstream; they are marked as deleted if they stay missing`)
  return failed(
    'held',
    `${held} jobs are missing upstream; they are not marked as deleted until a day has passed`,
    `Find out whether they were deleted. If so, \`llamacloud-sync accept-deletions ${name} --expect ${held}\` marks them ` +
      'as deleted now. If not, wait: they are synced again when the API returns them.',
  )
}

function checkQuarantine({ quarantined }: SourceState): Finding {
  if (quarantined === 0) return ok('quarantine', 'empty')
  return failed(
    'quarantine',
    `jobs and time spans for which the API fails, or which the database refuses: ${quarantined}; they are set aside, and all others are synced`,
    '`llamacloud-sync status` lists them with their reasons. They are retried automatically. If they stay in quarantine, report to LlamaCloud ' +
      'what the API fails for; for what the database refuses, remove the trigger or the constraint that the reason names.',
  )
}

function checkDarkness({ darkFor }: SourceState): Finding {
  if (darkFor === null) return ok('darkness', 'the API returns known jobs')
  return failed(
    'darkness',
    `the API has returned none of the known jobs for ${Math.round(darkFor / 60)} minutes`,
    'Check that the key belongs to the right project. If it does, wait or ask LlamaCloud: nothing is marked as deleted meanwhile.',
  )
}
