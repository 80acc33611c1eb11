import type { Pool } from 'pg'
import { countStored, type JobTable } from '../store/listed-jobs.ts'
import { transaction } from '../store/pool.ts'
import { loadProjects } from '../store/projects.ts'
import { countHeld } from '../store/rechecks.ts'
import { loadSourceStates, type SourceState } from '../store/source-state.ts'
import { type Finding, failed, ok } from './finding.ts'

/** So few missing jobs are believed to be gone within hours. */
const FEW = 50

/** Whether the tables are there that the applied migrations made. */
export async function checkTables(pool: Pool, tables: readonly JobTable[]): Promise<Finding> {
  const names = tables.map(({ name }) => name)
  const { rows } = await transaction(pool, (client) =>
    client.query<{ name: string }>(
      'select name from unnest($1::text[]) as name where to_regclass(name) is null',
      [names],
    ),
  )
  const gone = rows.map(({ name }) => name).join(', ')
  if (gone === '')
    return ok('tables', names.length === 1 ? `${names[0]} is there` : `${names.join(', ')} are there`)
  return failed(
    'tables',
    `${gone} has gone, although its migrations are applied: somebody dropped it`,
    'Restore a backup of the database; or, to read everything anew, run `drop schema if exists llamacloud cascade` and ' +
      '`drop schema llamacloud_sync cascade`, then `llamacloud-sync sync`.',
  )
}

/** What the database knows of a source that was synced; nothing of another. */
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

/** Of each project some ids are kept that were stored, and the worker removes no row. */
async function checkSample(pool: Pool, source: string, table: JobTable): Promise<Finding> {
  const sample = [...(await loadProjects(pool, source)).values()].flat()
  const stored = await countStored(pool, table, sample)
  const found = `${stored} of ${sample.length} jobs of a sample are in ${table.name}`
  if (stored === sample.length) return ok('stored', found)
  return failed(
    'stored',
    `${found}: somebody removed rows, or restored an older backup`,
    'Run `llamacloud-sync reconcile`: it reads again what is missing. A sync does so by itself when most have gone.',
  )
}

function checkHeld({ name, held }: Pick<SourceState, 'name' | 'held'>): Finding {
  if (held === 0) return ok('held', 'no job is missing upstream')
  if (held <= FEW) return ok('held', `${held} missing upstream; believed to be gone if they stay so`)
  return failed(
    'held',
    `${held} jobs are missing upstream, and not believed to be gone before a day has passed`,
    `Find out whether they were deleted. If so, \`llamacloud-sync accept-deletions ${name} --expect ${held}\` believes it at ` +
      'once; if not, wait: they come back by themselves.',
  )
}

function checkQuarantine({ quarantined }: SourceState): Finding {
  if (quarantined === 0) return ok('quarantine', 'empty')
  return failed(
    'quarantine',
    `the API fails for ${quarantined} jobs or spans of time, which are set aside; all else goes on`,
    '`llamacloud-sync status` lists them. They are tried again by themselves; if they stay, report them to LlamaCloud.',
  )
}

function checkDarkness({ darkFor }: SourceState): Finding {
  if (darkFor === null) return ok('darkness', 'the API shows known jobs')
  return failed(
    'darkness',
    `the API has shown none of the jobs that it should know for ${Math.round(darkFor / 60)} minutes`,
    'Check that the key is one of the right project. If it is, wait, or ask LlamaCloud: nothing is marked as gone meanwhile.',
  )
}
