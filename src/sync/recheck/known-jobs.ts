import { filterIgnored, WrongProjectError } from '../../errors.ts'
import { oldestIn } from '../../store/listed-jobs.ts'
import { NO_PROJECT } from '../../store/projects.ts'
import { bisect, failureOf, mayBeOfOne } from '../isolation.ts'
import { jobsIn, type ListedJob, type ListQuery } from '../job-list.ts'
import { rotated } from '../rotated.ts'
import type { RunContext } from '../run.ts'
import { halved, idBatches, idsARequest } from './batches.ts'
import { located } from './located.ts'
import { MOST_CANARIES } from './project-watch.ts'

/** What asks for known jobs; the answer says what the key sees, and is not stored. */
export type Asking = Pick<RunContext, 'jobs' | 'pool' | 'projects' | 'signal' | 'explain'>

/** So many requests may go into one that fails: enough to find an id at fault among all that one request asks for. */
const MOST_REQUESTS = 20
/** All instants that a job may be created at. */
const ALWAYS = { lower: Number.MIN_SAFE_INTEGER, upper: Number.MAX_SAFE_INTEGER }
/** So many canaries are asked for one by one. */
const FEW = 3

/** Whether the API shows jobs of a project now: by what came lately, or else by asking for some that it must know. */
export async function isProjectShown(run: Asking, project: string): Promise<boolean> {
  const known = run.projects.isShown(project)
  if (known !== undefined) return known
  const canaries = run.projects.canariesOf(project)
  if (canaries.length === 0) return false
  const shown = await showsAny(run, canaries).catch((error: unknown) => {
    if (!mayBeOfOne(error)) throw error
    return false // A miss counts only where the API bears it out.
  })
  if (!shown) run.projects.isDark(project)
  return shown
}

/**
 * Admits a page that shows none of the projects that the source delivered before: the key may see more now, or be that of
 * another project. In doubt known jobs are asked for, before anything of the page is stored.
 *
 * @throws WrongProjectError
 */
export async function admit(run: Asking, jobs: readonly ListedJob[]): Promise<void> {
  const { projects } = run
  if (projects.areStrangers(jobs) && !(await seesKnown(run))) throw wrongProject(projects.projects, jobs)
  projects.delivered(jobs)
}

/** Whether the key sees jobs of a project that the source delivered: some came in this run, or do when they are asked for. */
async function seesKnown(run: Asking): Promise<boolean> {
  const { projects } = run
  const known = projects.projects
  if (known.some((project) => projects.isShown(project))) return true
  const canaries = known.flatMap((project) => projects.canariesOf(project).slice(0, 10))
  return showsAny(run, canaries.length > 0 ? canaries.slice(0, MOST_CANARIES) : await storedOf(run, known))
}

/** Jobs of these projects, where no canary is left. */
function storedOf({ pool, jobs }: Asking, projects: readonly string[]): Promise<string[]> {
  const owner = { names: [], projects, configurationId: null }
  return oldestIn(pool, jobs.table, owner, { ...ALWAYS, limit: MOST_CANARIES })
}

/**
 * Whether the API returns any of these jobs. An id that makes requests fail (A19) costs no more than itself.
 *
 * @throws what the request throws, when no part of it is answered
 */
export async function showsAny(run: Asking, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false
  try {
    return await askForKnown(run, ids)
  } catch (error) {
    if (!mayBeOfOne(error)) throw error
    return await showsAnyPart(run, ids, error)
  }
}

/** Finds what is at fault, within bounds: it is no canary any more. */
async function showsAnyPart(run: Asking, ids: readonly string[], error: Error): Promise<boolean> {
  let [requests, answers, isShown] = [0, 0, false]
  const culprits = await bisect<readonly string[]>([ids], {
    size: (part) => part.length,
    halves: (part) => (requests < MOST_REQUESTS ? halved(part) : []),
    isWell: async (part) => {
      requests += 1
      const failure = await failureOf(run, async () => {
        if (await askForKnown(run, part, { attempts: 'one' })) isShown = true
        answers += 1
      })
      return failure === undefined
    },
  })
  if (answers === 0) throw error
  for (const id of culprits.flat()) run.projects.lapse(id)
  return isShown
}

/** Asks for jobs in one request; returns whether any of them comes. */
async function askForKnown(
  run: Asking,
  ids: readonly string[],
  query: Pick<ListQuery, 'attempts'> = {},
): Promise<boolean> {
  for (const batch of idBatches(ids, idsARequest(run.jobs, run.jobs.pageSize.most))) {
    // Where it is not known where to look, the first page of all has to do.
    const listing: ListQuery = (await located(run, batch)) ?? {}
    const page = await run.jobs.readPage({ ...query, ...listing, aside: true }, run.signal)
    const shown = jobsIn(run.jobs, page)
    const jobs = shown.filter(({ id }) => batch.includes(id))
    // Such an answer says nothing of the key.
    if (listing.ids && jobs.length < shown.length) throw filterIgnored('job_ids')
    run.projects.delivered(jobs)
    const returned = new Set(jobs.map(({ id }) => id))
    // Where there is a further page, what is not on this one may be there.
    if (page.nextPageToken === null)
      run.projects.answered(batch, new Set(batch.filter((id) => !returned.has(id))))
    if (jobs.length > 0) return true
  }
  return false
}

/** Whether the API answers other requests of the same kind: then what failed is at fault, not the API. */
export function answersOthers(run: RunContext, kind: 'ids' | 'span'): Promise<boolean> {
  return kind === 'ids' ? answersForCanary(run) : answersForNothing(run)
}

/** Canaries may be at fault themselves, so a few are asked for, one by one, and not always the same. */
async function answersForCanary(run: RunContext): Promise<boolean> {
  const few = rotated(run.projects.canaries, run.random).slice(0, FEW)
  for (const [tried, id] of few.entries()) {
    const failure = await failureOf(run, async () => {
      await askForKnown(run, [id], { attempts: 'one' })
    })
    if (failure !== undefined) continue
    for (const culprit of few.slice(0, tried)) run.projects.lapse(culprit)
    return true
  }
  return false
}

/** An instant of long ago, where no jobs are. */
async function answersForNothing(run: RunContext): Promise<boolean> {
  const failure = await failureOf(run, async () => {
    await run.jobs.readPage({ lower: 0, upper: 0, attempts: 'one', aside: true }, run.signal)
  })
  return failure === undefined
}

function wrongProject(known: readonly string[], jobs: readonly ListedJob[]): WrongProjectError {
  const found = new Set(jobs.map(({ projectId }) => projectId ?? NO_PROJECT))
  const list = (names: Iterable<string>) => [...names].slice(0, 3).join(', ')
  return new WrongProjectError(
    `The API key belongs to another project: it shows jobs of ${list(found)}, but none of the jobs that this source has ` +
      `stored from ${list(known)}. Nothing was stored. Set the key of ${list(known)} again. To sync the other project too, ` +
      'give it its own name with SYNC_SOURCE.',
  )
}
