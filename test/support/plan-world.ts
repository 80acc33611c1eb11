import type { Order } from '../../src/simulator/page.ts'
import { countLeading } from '../../src/simulator/shelf.ts'
import type { Bounds } from '../../src/store/spans.ts'
import type { ListedJob } from '../../src/sync/job-list.ts'
import { Estimate } from '../../src/sync/timeline/estimate.ts'
import { type PlanOptions, WindowPlan } from '../../src/sync/timeline/plan.ts'
import { formatInstant, type Instant } from '../../src/values/instant.ts'

/** An API in memory: `created_at` of its jobs in ascending order, and the order in which it lists them. */
export interface PlanWorld {
  readonly times: ArrayLike<Instant>
  readonly order: Order
}

export interface Reading {
  /** Also those that were sent ahead and came to nothing when their window was given up. */
  readonly requests: number
  /** How often each lane that has work takes a page: the time of it all, in replies. */
  readonly rounds: number
  readonly drained: readonly Bounds[]
  readonly splits: number
}

export const OPTIONS: PlanOptions = { pageSize: 100, concurrency: 8 }

/** What the plan has to know of a span. */
export interface Window extends Bounds {
  readonly pages: number
}

interface Lane {
  window: Window
  readonly estimate: Estimate
}

/** Reads spans as the engine does: windows in parallel, a page of each in turn, one page asked for ahead. */
export function readByPlan(world: PlanWorld, spans: readonly Bounds[], options = OPTIONS): Reading {
  const plan = new WindowPlan(spans.map(freshWindow), options)
  const lanes: Lane[] = []
  const drained: Bounds[] = []
  let requests = 0
  let rounds = 0
  let splits = 0
  for (;;) {
    while (lanes.length < options.concurrency) {
      const window = plan.next()
      if (!window) break
      lanes.push({ window, estimate: new Estimate() })
    }
    if (lanes.length === 0) return { requests, rounds, drained, splits }
    rounds += 1
    for (const lane of [...lanes]) {
      const { window, estimate } = lane
      const page = readPage(world, window, options.pageSize)
      requests += 1
      estimate.add(page.jobs, page.hasMore)
      lane.window = { ...window, pages: window.pages + 1 }
      const isSplit = page.hasMore && plan.shouldSplit(lane.window, estimate)
      if (page.hasMore && !isSplit) continue
      lanes.splice(lanes.indexOf(lane), 1)
      if (isSplit) {
        plan.giveBack(lane.window, estimate)
        splits += 1
        requests += 1
      } else {
        plan.drained(window, estimate.jobs)
        drained.push(window)
      }
    }
    if (requests > 100_000) throw new Error('it does not end')
  }
}

export function freshWindow({ lower, upper }: Bounds): Window {
  return { lower, upper, pages: 0 }
}

function readPage({ times, order }: PlanWorld, { lower, upper, pages }: Window, pageSize: number) {
  const first = countLeading(times.length, (index) => times[index]! < lower)
  const end = countLeading(times.length, (index) => times[index]! <= upper)
  const from =
    order === 'descending' ? Math.max(first, end - (pages + 1) * pageSize) : first + pages * pageSize
  const to = order === 'descending' ? end - pages * pageSize : Math.min(end, from + pageSize)
  const jobs: ListedJob[] = []
  for (let index = from; index < to; index += 1) {
    jobs.push({ id: String(index), projectId: null, createdAt: formatInstant(times[index]!) })
  }
  if (order === 'shuffled') jobs.sort((left, right) => (Number(left.id) % 7) - (Number(right.id) % 7))
  return { jobs, hasMore: order === 'descending' ? from > first : to < end }
}

/** Ceiling of jobs / page size: no way of reading needs fewer. */
export function leastRequests(jobs: number, { pageSize } = OPTIONS): number {
  return Math.ceil(jobs / pageSize)
}
