import type { Bounds } from '../../store/spans.ts'
import { type Instant, parseInstant, SECOND } from '../../values/instant.ts'
import type { ListedJob } from '../job-list.ts'
import type { Sample } from './density.ts'

interface Extent extends Bounds {
  readonly jobs: number
}

/** Where the listing of a window seems to be. It goes one way, and cuts the window in two. */
export interface Course {
  /** The part that it has passed, and all jobs that it brought. */
  readonly read: Bounds & Sample
  /** The part up to the other end of the window. */
  readonly ahead: Bounds
  /** What it has shown of how dense the jobs are. */
  readonly sample: Sample
}

/**
 * What the pages of a window have shown so far of where its jobs lie. The order of items is undefined (A1), so all of
 * this only guides the plan: a wrong guess costs a request, never a job.
 */
export class Estimate {
  readonly #earlier: number
  #jobs = 0
  #hasMore = true
  #first: Extent | null = null
  #seen: Extent | null = null

  /** @param earlier jobs on the pages of the listing that another process read: where they lie is not known */
  constructor(earlier = 0) {
    this.#earlier = earlier
  }

  /** Jobs on the pages added so far. */
  get jobs(): number {
    return this.#jobs
  }

  add(jobs: readonly ListedJob[], hasMore: boolean): void {
    this.#jobs += jobs.length
    this.#hasMore = hasMore
    const page = extentOf(jobs)
    if (!page) return
    const { lower, upper } = this.#seen ?? page
    const seen = { lower: Math.min(lower, page.lower), upper: Math.max(upper, page.upper), jobs: this.#jobs }
    this.#first ??= seen
    this.#seen = seen
  }

  /** Undefined at the end, and while the pages do not move: all on one instant, in no order, or only one. */
  courseIn(window: Bounds): Course | undefined {
    const [first, seen] = [this.#first, this.#seen]
    if (!this.#hasMore || !first || !seen) return undefined
    const down = first.lower - seen.lower
    const up = seen.upper - first.upper
    if (down === up) return undefined
    const descends = down > up
    // Within the window, even if the API should not keep to its filters (A22).
    const at = Math.min(window.upper, Math.max(window.lower, descends ? seen.lower : seen.upper))
    const below = { lower: window.lower, upper: at }
    const above = { lower: at, upper: window.upper }
    const [passed, ahead] = descends ? [above, below] : [below, above]
    const jobs = this.#earlier + seen.jobs
    const width = Math.max(passed.upper - passed.lower, SECOND)
    // The first page is left out: nobody knows where before it the jobs began, and it may be a burst.
    const sample =
      this.#earlier === 0
        ? { jobs: seen.jobs - first.jobs, width: Math.max(down, up, SECOND) }
        : { jobs, width }
    return { read: { ...passed, jobs, width }, ahead, sample }
  }
}

function extentOf(jobs: readonly ListedJob[]): Bounds | null {
  let first: string | null = null
  let last: string | null = null
  for (const { createdAt } of jobs) {
    // Canonical texts sort as their moments do.
    if (createdAt === null) continue
    if (first === null || createdAt < first) first = createdAt
    if (last === null || createdAt > last) last = createdAt
  }
  const lower = instantOf(first)
  const upper = instantOf(last)
  return lower === undefined || upper === undefined ? null : { lower, upper }
}

function instantOf(text: string | null): Instant | undefined {
  return text === null ? undefined : parseInstant(text)
}
