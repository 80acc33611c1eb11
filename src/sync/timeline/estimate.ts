import type { Bounds } from '../../store/spans.ts'
import { type Instant, parseInstant, SECOND } from '../../values/instant.ts'
import type { ListedJob } from '../job-list.ts'

interface Extent extends Bounds {
  readonly jobs: number
}

/** Where the listing of a window seems to be: it goes one way, the jobs come so densely, and so much is still ahead. */
interface Course {
  readonly descends: boolean
  readonly at: Instant
  /** Jobs a microsecond. */
  readonly density: number
  /** Microseconds up to the other end of the window. */
  readonly ahead: number
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

  /** How many more jobs the window may hold, if it goes on as its pages began. */
  expectedJobs(window: Bounds): number {
    const course = this.#courseIn(window)
    return course ? course.density * course.ahead : 0
  }

  /** Jobs a microsecond where the listing is; 0 while nothing is known. */
  density(window: Bounds): number {
    return this.#courseIn(window)?.density ?? 0
  }

  /** Cuts the window so far ahead of its listing that the part behind the cut may hold this many more jobs. */
  divide(window: Bounds, jobs: number): Bounds[] {
    const course = this.#courseIn(window)
    if (!course) return [window]
    const { descends, at, density, ahead } = course
    const step = Math.ceil(jobs / density)
    if (step >= ahead) return [window]
    const cut = descends ? at - step : at + step
    return [
      { lower: cut, upper: window.upper },
      { lower: window.lower, upper: cut },
    ]
  }

  /** Undefined while the pages do not move: all on one instant, in no order, or only one. */
  #courseIn(window: Bounds): Course | undefined {
    const [first, seen] = [this.#first, this.#seen]
    if (!this.#hasMore || !first || !seen) return undefined
    const down = first.lower - seen.lower
    const up = seen.upper - first.upper
    if (down === up) return undefined
    const descends = down > up
    // Within the window, even if the API should not keep to its filters (A22).
    const at = Math.min(window.upper, Math.max(window.lower, descends ? seen.lower : seen.upper))
    const [below, above] = [at - window.lower, window.upper - at]
    // The first page is left out: nobody knows where before it the jobs began, and it may be a burst.
    const density =
      this.#earlier === 0
        ? (seen.jobs - first.jobs) / Math.max(down, up, SECOND)
        : (this.#earlier + seen.jobs) / Math.max(descends ? above : below, SECOND)
    return { descends, at, density, ahead: descends ? below : above }
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
  const [lower, upper] = [parseInstant(first), parseInstant(last)]
  return lower === undefined || upper === undefined ? null : { lower, upper }
}
