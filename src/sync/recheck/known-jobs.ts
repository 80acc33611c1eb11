import { WrongProjectError } from '../../errors.ts'
import { NO_PROJECT } from '../../store/projects.ts'
import type { ListedJob, ListQuery } from '../job-list.ts'
import type { RunContext } from '../run.ts'
import { idBatches, idsARequest } from './batches.ts'
import { MOST_CANARIES } from './project-watch.ts'

/** What asks for known jobs; the answer says what the key sees, and is not stored. */
type Asking = Pick<RunContext, 'jobs' | 'projects' | 'signal'>

/** Whether the API shows jobs of a project now: by what came lately, or else by asking for some that it must know. */
export async function isProjectShown(run: Asking, project: string): Promise<boolean> {
  const known = run.projects.isShown(project)
  if (known !== undefined) return known
  const shown = await askForKnown(run, run.projects.canariesOf(project))
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
  if (projects.areStrangers(jobs)) {
    const known = projects.projects
    const sample = known.flatMap((project) => projects.canariesOf(project).slice(0, 10))
    if (!(await askForKnown(run, sample.slice(0, MOST_CANARIES)))) throw wrongProject(known, jobs)
  }
  projects.delivered(jobs)
}

/** Whether the API returns any of these jobs. */
export async function askForKnown(
  run: Asking,
  ids: readonly string[],
  query: Pick<ListQuery, 'attempts'> = {},
): Promise<boolean> {
  for (const batch of idBatches(ids, idsARequest(run.jobs, run.jobs.pageSize.most))) {
    const page = await run.jobs.readPage({ ...query, ids: batch, aside: true }, run.signal)
    const jobs = page.items.flatMap((item) => {
      const judgement = run.jobs.judge(item)
      return 'job' in judgement && batch.includes(judgement.job.id) ? [judgement.job] : []
    })
    run.projects.delivered(jobs)
    const returned = new Set(jobs.map(({ id }) => id))
    // Where there is a further page, what is not on this one may be there.
    if (page.nextPageToken === null)
      run.projects.answered(batch, new Set(batch.filter((id) => !returned.has(id))))
    if (jobs.length > 0) return true
  }
  return false
}

function wrongProject(known: readonly string[], jobs: readonly ListedJob[]): WrongProjectError {
  const found = new Set(jobs.map(({ projectId }) => projectId ?? NO_PROJECT))
  const list = (names: Iterable<string>) => [...names].slice(0, 3).join(', ')
  return new WrongProjectError(
    `The API key belongs to another project: it shows jobs of ${list(found)}, and none of the jobs that this source has ` +
      `stored from ${list(known)}. Nothing was stored. Set the key of ${list(known)} again; to sync the other project as ` +
      'well, give it a name of its own with SYNC_SOURCE.',
  )
}
