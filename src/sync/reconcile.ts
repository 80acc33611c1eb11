import type { PoolClient } from 'pg'
import { type Coverage, loadCoverage } from '../store/coverage.ts'
import { suspectUnwalked } from '../store/listed-jobs.ts'
import { endWalk, loadWalk, rememberWalked, saveWalk, type Walk } from '../store/walk.ts'
import { type Instant, parseInstant } from '../values/instant.ts'
import type { Judged } from './commit.ts'
import { Committer, type PageCommits } from './committer.ts'
import type { Written } from './job-list.ts'
import { type JudgedPage, type Listing, listPages, readWithRestarts } from './listing.ts'
import { isPast, presentOf, type RunContext } from './run.ts'

/**
 * The walk of a reconcile: reads the whole list without time filters, the only way to find jobs without created_at or
 * with an absurd one (A11), repairs what differs a page at a time, and at its end puts the stored jobs that it did not
 * come by among those to be asked for by id. It goes on from its page token after a stop.
 *
 * @returns false when the deadline came first
 */
export async function walkList(run: RunContext, deadline: number): Promise<boolean> {
  const { lease } = run
  const walk = (await loadWalk(run.pool, lease.source)) ?? {
    startedAt: lease.now(),
    pageToken: null,
    pages: 0,
  }
  const promised = promisedSpan(await loadCoverage(run.pool, lease.source), run)
  if (walk.pages === 0 || walk.pageToken !== null) {
    const walked = await readWithRestarts((again) => {
      if (again) run.log.info({ walk }, 'the page token expired: the walk is begun again')
      return new Walking(run, again ? { ...walk, pageToken: null } : walk, promised, deadline)
    })
    if (!walked) return false
  }
  await endReconcile(run, walk)
  return true
}

/** How far a page brought the walk, and what is on the page. */
interface Step {
  readonly walk: Walk
  readonly ids: readonly string[]
}

class Walking implements Listing {
  readonly #run: RunContext
  readonly #deadline: number
  readonly #commits: PageCommits<Step>
  #walk: Walk

  constructor(run: RunContext, walk: Walk, promised: Coverage | null, deadline: number) {
    this.#run = run
    this.#walk = walk
    this.#deadline = deadline
    this.#commits = new Committer<Step>(run, {
      count: (page, written) => ({ repairs: countRepairs(page, written, promised) }),
      save: (client, [steps = []]) => saveSteps(client, run.lease.source, steps),
    }).open()
  }

  get hadToken(): boolean {
    return this.#walk.pageToken !== null
  }

  async read(): Promise<boolean> {
    try {
      const complete = await this.#readPages()
      await this.#commits.flush()
      return complete
    } finally {
      await this.#commits.settle()
    }
  }

  async #readPages(): Promise<boolean> {
    for await (const page of listPages(this.#run, {}, this.#walk.pageToken)) {
      await this.#add(page)
      if (page.nextPageToken !== null && isPast(this.#deadline, this.#run)) return false
    }
    return true
  }

  async #add(page: JudgedPage): Promise<void> {
    this.#walk = { ...this.#walk, pageToken: page.nextPageToken, pages: this.#walk.pages + 1 }
    await this.#commits.add(page, { walk: this.#walk, ids: page.jobs.map(({ job }) => job.id) })
    this.#run.onProgress({ part: 'reconcile', done: null, received: this.#run.tally.counts.received })
  }
}

async function saveSteps(client: PoolClient, source: string, steps: readonly Step[]): Promise<void> {
  const latest = steps.at(-1)
  if (!latest) return
  await rememberWalked(client, source, [...new Set(steps.flatMap(({ ids }) => ids))])
  await saveWalk(client, source, latest.walk)
}

/** The span of created_at in which every job should have been stored before the walk (I8). */
function promisedSpan(coverage: Coverage | null, { options }: RunContext): Coverage | null {
  return coverage && { ...coverage, watermark: coverage.watermark - options.overlap }
}

/**
 * How many of a page's writes should not have been necessary: jobs stored for the first time although the coverage
 * promised them, and terminal ones that differed. New jobs and open ones are the business of the head and the refresh.
 */
export function countRepairs(
  page: Pick<Judged, 'jobs'>,
  written: Written,
  promised: Coverage | null,
): number {
  const createdAt = new Map(page.jobs.map(({ job }) => [job.id, job.createdAt]))
  const late = written.insertedIds.filter((id) => isPromised(createdAt.get(id) ?? null, promised))
  return late.length + written.revisedIds.length
}

function isPromised(createdAt: string | null, promised: Coverage | null): boolean {
  const created: Instant | undefined = createdAt === null ? undefined : parseInstant(createdAt)
  if (created === undefined || promised === null) return false
  return created >= promised.coveredFrom && created <= promised.watermark
}

async function endReconcile(run: RunContext, { startedAt }: Walk): Promise<void> {
  const { lease } = run
  const suspects = await lease.commit(async (client) => {
    const suspicion = { walkBegan: startedAt, now: lease.now(), dueAt: presentOf(run) }
    const count = await suspectUnwalked(client, run.jobs.table, lease.source, suspicion)
    await endWalk(client, lease.source, lease.now())
    return count
  })
  run.log.info(
    { suspects },
    'the walk over the whole list is done; what it did not come by is asked for by id',
  )
}
