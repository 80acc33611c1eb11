import { readPages } from '../api/pages.ts'
import type { Page } from '../api/request.ts'
import { filterIgnored } from '../errors.ts'
import type { Observation } from '../store/observations.ts'
import type { Bounds } from '../store/spans.ts'
import { formatInstant } from '../values/instant.ts'
import { decodePage } from './commit/commit.ts'
import type { DecodedPage } from './commit/committer.ts'
import type { ListedJob, ListQuery } from './job-list.ts'
import { admit } from './recheck/known-jobs.ts'
import type { RunContext } from './run.ts'

/**
 * The pages of a listing, from a token on or from its beginning. The next page is asked for while the one before is
 * being committed; whoever stops early ends that request. A page is decoded as it comes: while it waits, its jobs take a
 * quarter of the memory of its items. Pages that nobody commits give their room back.
 *
 * @throws FilterIgnoredError, WrongProjectError, ApiProtocolError, and what the list's `readPage` throws
 */
export async function* listPages(
  run: RunContext,
  query: ListQuery,
  from: string | null = null,
): AsyncGenerator<DecodedPage, void, void> {
  const stop = new AbortController()
  const underWay = new Set<Observation>()
  const check = new FilterCheck(query, run.scope)
  const signal = AbortSignal.any([run.signal, stop.signal])
  const holds = new Set<Page['hold']>()
  const fetchPage = async (token: string | null): Promise<DecodedPage> => {
    const observation = run.lease.observe()
    underWay.add(observation)
    const page = await run.jobs.readPage(token === null ? query : { ...query, pageToken: token }, signal)
    const { items, nextPageToken, hold } = page
    holds.add(hold)
    if (stop.signal.aborted) hold.drop()
    const decoded = decodePage(run.jobs, page, observation)
    const jobs = decoded.jobs.map(({ job }) => job)
    check.add(jobs)
    await admit({ ...run, signal }, jobs)
    return { ...decoded, received: items.length, nextPageToken, hold }
  }
  try {
    for await (const page of ahead(readPages(fetchPage, from))) {
      underWay.delete(page.observation)
      try {
        yield page
      } finally {
        holds.delete(page.hold)
        // Nobody commits it.
        if (page.hold.drop()) page.observation.end()
      }
    }
  } finally {
    stop.abort()
    for (const hold of holds) hold.drop()
    for (const observation of underWay) observation.end()
  }
}

/** The listing of a piece of created_at; one that reaches up to the end of time has no upper bound. */
export function queryOf({ lower, upper }: Bounds): ListQuery {
  return upper === Number.MAX_SAFE_INTEGER ? { lower } : { lower, upper }
}

/** The same pages, each asked for before the one before it is taken. */
export async function* ahead<T>(pages: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  let next = pages.next()
  for (;;) {
    const result = await next
    if (result.done) return
    next = pages.next()
    next.catch(() => {}) // thrown where it is awaited, if anyone still wants the page
    yield result.value
  }
}

/**
 * A cache or a proxy may ignore a filter (A22). Such an answer says nothing about what was asked for, and following its
 * pages would read the whole list each time; jobs outside of the scope are another source's. A few odd values are strange
 * (A9), and no proof.
 */
class FilterCheck {
  readonly #ids: ReadonlySet<string> | undefined
  /** Canonical texts sort as their moments do. */
  readonly #from: string
  readonly #to: string
  readonly #scope: RunContext['scope']
  #jobs = 0
  #outside = 0
  #strangers = { project: 0, configuration: 0 }

  constructor({ ids, lower, upper }: ListQuery, scope: RunContext['scope']) {
    this.#scope = scope
    this.#ids = ids && new Set(ids)
    this.#from = lower === undefined ? '' : formatInstant(lower)
    this.#to = upper === undefined ? '~' : formatInstant(upper)
  }

  /** @throws FilterIgnoredError */
  add(jobs: readonly ListedJob[]): void {
    const wanted = this.#ids
    if (wanted && jobs.some(({ id }) => !wanted.has(id))) throw filterIgnored('job_ids')
    this.#jobs += jobs.length
    for (const { createdAt } of jobs)
      if (createdAt !== null && (createdAt < this.#from || createdAt > this.#to)) this.#outside += 1
    if (this.#outside >= FEWEST_OUTSIDE && this.#outside > this.#jobs / 2) throw filterIgnored('created_at')
    if (!wanted) this.#addScope(jobs)
  }

  #addScope(jobs: readonly ListedJob[]): void {
    const { projectId, configurationId } = this.#scope
    // What is no id of that kind is a strange value. An API may take and return UUIDs in another case.
    const isOther = (given: unknown, own: string | null) =>
      own !== null &&
      typeof given === 'string' &&
      given.length === own.length &&
      given.toLowerCase() !== own.toLowerCase()
    for (const job of jobs) {
      if (isOther(job.projectId, projectId)) this.#strangers.project += 1
      if (isOther(job.configurationId, configurationId)) this.#strangers.configuration += 1
    }
    const most = this.#jobs / 10
    if (this.#strangers.project > most) throw filterIgnored('project_id')
    if (this.#strangers.configuration > most) throw filterIgnored('configuration_id')
  }
}

const FEWEST_OUTSIDE = 100
