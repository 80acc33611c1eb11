import { ApiUnavailableError, ScopeChangedError } from '../errors.ts'
import { loadProjects, NO_PROJECT } from '../store/projects.ts'
import {
  dropEmptySource,
  insertSource,
  loadSourceRow,
  renameSources,
  type Scope,
  type SourceRow,
  setScope,
  twinsOf,
} from '../store/source-row.ts'
import { jobsIn } from './job-list.ts'
import { type Asking, showsAny } from './recheck/known-jobs.ts'
import { MOST_CANARIES, ProjectWatch } from './recheck/project-watch.ts'
import { ownTime } from './run.ts'
import type { Source } from './source.ts'

const SETTINGS: Readonly<Record<keyof Scope, string>> = {
  list: 'SYNC_LISTS',
  baseUrl: 'LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION)',
  projectId: 'LLAMA_CLOUD_PROJECT_ID',
  organizationId: 'LLAMA_CLOUD_ORGANIZATION_ID',
  configurationId: 'LLAMA_CLOUD_CONFIGURATION_ID',
}

/**
 * Makes the row of a source, or holds its scope against today's settings. A name that is new over a scope that is known is a
 * new name of that source, if its jobs come by this key: its coverage goes on, and nothing is read twice. A source that has
 * delivered nothing may take any other scope, and begins again.
 *
 * @throws ScopeChangedError when the scope differs, or a worker is at it under another name; ApiUnavailableError while
 *   nobody can tell whose the key is
 */
export async function identify(source: Source, signal: AbortSignal): Promise<void> {
  const { pool, name, scope } = source
  const stored = await loadSourceRow(pool, name)
  const differing = stored ? differences(stored, scope) : []
  if (stored && differing.length === 0) return
  // A first try with the wrong address or project leaves nothing that could be mixed up.
  if (stored && !(await dropEmptySource(pool, name))) return narrow(source, stored, differing, signal)
  await inherit(source, signal)
  await insertSource(pool, name, scope)
}

/** Takes over what other names hold of this scope and key. */
async function inherit(source: Source, signal: AbortSignal): Promise<void> {
  const { pool, name, scope, log } = source
  const same: string[] = []
  for (const twin of await twinsOf(pool, name, scope)) if (await isSame(source, twin, signal)) same.push(twin)
  if (same.length === 0) return
  const busy = await renameSources(pool, same, name)
  if (busy !== null)
    throw new ScopeChangedError(
      `The source "${name}" has the same scope and jobs as the source "${busy}", which a worker is reading now. A scope has one ` +
        `name: set SYNC_SOURCE=${busy}, or stop that worker to continue under the new name.`,
    )
  const list = same.map((each) => `"${each}"`).join(', ')
  log.warn({ from: same, to: name }, `The source ${list} is renamed to "${name}".`)
}

/** Whether a source of the same scope is this one under another name: keys of two projects may share a scope without ids. */
async function isSame(source: Source, twin: string, signal: AbortSignal): Promise<boolean> {
  const run = await askingFor(source, twin, signal)
  const { canaries, projects } = run.projects
  if (canaries.length + projects.length === 0) return false
  if (await showsAny(run, canaries.slice(0, MOST_CANARIES))) return true
  const found = jobsIn(run.jobs, await run.jobs.readPage({ aside: true }, signal))
  if (found.length === 0)
    throw new ApiUnavailableError(
      `The source "${source.name}" is new and has the scope of the source "${twin}". The API returns no jobs now, so it is unclear ` +
        `whether this is the same source under a new name. Nothing was done; the next run checks again. Set SYNC_SOURCE=${twin} if it is ` +
        'the same, and LLAMA_CLOUD_PROJECT_ID if it is another project. If no more jobs are to come, forget that source ' +
        '(docs/deployment.md, "Forgetting a source").',
    )
  return found.some(({ projectId }) => projectId !== null && projects.includes(projectId))
}

async function askingFor(source: Source, name: string, signal: AbortSignal): Promise<Asking> {
  const { pool, clock, random } = source
  const known = await loadProjects(pool, name)
  return { ...source, signal, projects: new ProjectWatch({ known, now: () => ownTime(clock), random }) }
}

/**
 * A project or an organization may be named later: it is the same scope, if the jobs of all projects that are known still come.
 *
 * @throws ScopeChangedError
 */
async function narrow(
  source: Source,
  stored: SourceRow,
  differing: readonly (keyof Scope)[],
  signal: AbortSignal,
): Promise<void> {
  const { pool, name, scope, log } = source
  const isNarrower = differing.every(
    (key) => (key === 'projectId' || key === 'organizationId') && stored[key] === null,
  )
  if (!isNarrower || !(await showsAllProjects(source, signal)))
    throw new ScopeChangedError(scopeChanged(name, stored, scope, differing))
  await setScope(pool, name, stored, scope)
  log.info({ scope }, `The source "${name}" now names its project or organization; its jobs stay the same.`)
}

async function showsAllProjects(source: Source, signal: AbortSignal): Promise<boolean> {
  const run = await askingFor(source, source.name, signal)
  const { projects } = run.projects
  for (const project of projects) if (!(await showsAny(run, run.projects.canariesOf(project)))) return false
  const unnamed = run.projects.canariesOf(NO_PROJECT)
  return projects.length > 0 && (unnamed.length === 0 || (await showsAny(run, unnamed)))
}

/** In what two scopes differ. */
export function differences(stored: Scope, given: Scope): (keyof Scope)[] {
  return (Object.keys(SETTINGS) as (keyof Scope)[]).filter((key) => stored[key] !== given[key])
}

function scopeChanged(
  name: string,
  stored: Scope,
  given: Scope,
  differing: readonly (keyof Scope)[],
): string {
  const list = differing.map(
    (key) => `  ${SETTINGS[key]}: stored ${stored[key] ?? 'none'}, now ${given[key] ?? 'none'}`,
  )
  return (
    `The source "${name}" was synced with another scope, and one name never holds two scopes:\n` +
    `${list.join('\n')}\n` +
    'Either set these back, or give the new scope its own name with SYNC_SOURCE=another-name: it gets its own coverage, ' +
    'and a job that both scopes contain is stored once.'
  )
}
