import { ApiProtocolError } from '../../errors.ts'
import { projectsOf } from '../../store/jobs-by-id.ts'
import { noteMisses, notMissedYet } from '../../store/misses.ts'
import { NO_PROJECT } from '../../store/projects.ts'
import { makeDue } from '../../store/put-spans.ts'
import { HOUR, type Instant, MILLISECOND } from '../../values/instant.ts'
import type { Committer } from '../commit/committer.ts'
import { mayBeOfOne } from '../isolation.ts'
import { commitRun, type RunContext } from '../run.ts'
import { type Answer, type Attempts, readAnswer, readListing } from './answer.ts'
import { halved, idBatches } from './batches.ts'
import { isProjectShown } from './known-jobs.ts'
import { whereCreated } from './located.ts'

/** Fewer missing jobs say nothing of their neighbours. */
const FEW = 10

/**
 * Asks for one batch of jobs by id and commits what comes. What does not come gets its next time as well, so that nothing
 * is asked for twice before everything due was asked for once; it counts as a miss where others of its project came in the
 * same answer. Where the token of a further page expires (A2), the batch is asked for in halves.
 */
export async function askById(
  run: RunContext,
  ids: readonly string[],
  committer: Committer<null>,
  attempts: Attempts = {},
): Promise<void> {
  const answer = await readAnswer(run, ids, committer, attempts)
  if (answer === 'expired') {
    for (const half of halvesOf(ids)) await askById(run, half, committer, attempts)
    return
  }
  const { missing, isAlone, pages } = answer
  // Items shift between the pages of a listing (A5): what it did not show is looked for in shorter ones.
  if (isAlone && pages > 1 && ids.length > 1 && missing.size > 0) {
    run.asked.returned += ids.length - missing.size
    const parts = missing.size < ids.length ? [[...missing]] : halvesOf(ids)
    for (const part of parts) await askById(run, part, committer, attempts)
    return
  }
  run.asked.returned += ids.length - missing.size
  run.projects.answered(ids, missing)
  if (missing.size > 0) await noteMissing(run, await weigh(run, answer, committer), ids.length)
}

/** @throws ApiProtocolError where there is only one */
export function halvesOf(ids: readonly string[]): string[][] {
  const halves = halved(ids)
  if (halves.length > 0) return halves
  throw new ApiProtocolError(
    'The page tokens of the API expire before the listing for one id ends. Report it to LlamaCloud.',
  )
}

async function noteMissing(run: RunContext, misses: Misses, asked: number): Promise<void> {
  const { lease } = run
  const { counted, uncounted } = misses
  const isWave = counted.length >= FEW && counted.length > asked / 2
  // Those that were missed before have had their neighbours looked at.
  const fresh = isWave ? await notMissedYet(run.pool, lease.source, counted) : []
  const within = fresh.length >= FEW ? await whereCreated(run, fresh) : null
  await commitRun(run, async (client) => {
    const times = { now: lease.now(), apart: missesApart(run) }
    await noteMisses(client, lease.source, { ids: counted, counted: true }, times)
    await noteMisses(client, lease.source, { ids: uncounted, counted: false }, times)
    if (within) {
      // What the upstream cleans up is adjacent (A15): its neighbours are looked at as well.
      const due = { now: times.now, within, notReadSince: times.now - HOUR }
      await makeDue(client, lease.source, due)
    }
  })
}

/** Jobs that did not come, by whether others of their project did. */
interface Misses {
  readonly counted: string[]
  readonly uncounted: string[]
}

/**
 * An answer without any job of a project says nothing of it, whatever other requests show (A18). So what it did not return
 * is asked for once more, beside jobs of its project that are known to be there.
 */
async function weigh(run: RunContext, answer: Answer, committer: Committer<null>): Promise<Misses> {
  const { jobs, pool, projects } = run
  const missing = [...answer.missing]
  const stored = await projectsOf(pool, jobs.table, missing)
  const projectOf = (id: string) => stored.get(id) ?? NO_PROJECT
  const misses: Misses = { counted: [], uncounted: [] }
  const unwitnessed: string[] = []
  for (const id of missing) {
    const project = projectOf(id)
    if (answer.shown.has(project)) misses.counted.push(id)
    else if (!answer.isAlone) unwitnessed.push(id)
    else ((await isProjectShown(run, project)) ? misses.counted : misses.uncounted).push(id)
  }
  const byProject = unwitnessed.toSorted((left, right) => (projectOf(left) < projectOf(right) ? -1 : 1))
  for (const ids of idBatches(byProject, Math.max(1, Math.floor(jobs.pageSize.mostIds / 2)))) {
    const of = [...new Set(ids.map(projectOf))].filter((project) => !projects.isMute(project))
    const again = jobs.asksById ? await askBeside(run, ids, of, committer) : undefined
    const left = again ? ids.filter((id) => again.missing.has(id)) : ids
    for (const id of left) (again?.shown.has(projectOf(id)) ? misses.counted : misses.uncounted).push(id)
  }
  return misses
}

/** @returns undefined where nothing is known of these projects, or the request fails */
async function askBeside(
  run: RunContext,
  ids: readonly string[],
  projects: readonly string[],
  committer: Committer<null>,
): Promise<Answer | undefined> {
  const room = Math.max(1, run.jobs.pageSize.mostIds - ids.length)
  const each = Math.max(1, Math.floor(room / projects.length))
  const beside = run.projects.witnesses(ids, { room, of: projects, each })
  if (beside.length === 0) {
    // All that is known of them was asked for just now.
    for (const project of projects)
      if (run.projects.canariesOf(project).length > 0) run.projects.isDark(project)
    return undefined
  }
  const asked = [...ids, ...beside]
  try {
    const answer = await readListing(run, asked, committer, { ids: asked, attempts: 'one' })
    if (answer === 'expired') return undefined
    run.projects.answered(asked, answer.missing)
    for (const project of projects) if (!answer.shown.has(project)) run.projects.isDark(project)
    return answer
  } catch (error) {
    if (!mayBeOfOne(error)) throw error
    return undefined // A miss counts only where the API bears it out.
  }
}

/** How far apart two misses have to be: the API may hide a job for as long as the overlap (A7). */
export function missesApart({ options }: Pick<RunContext, 'options'>): Instant {
  return Math.max(options.goneAfterMs * MILLISECOND, 2 * options.overlap)
}
