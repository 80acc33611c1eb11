/**
 * Figure b: the history under a latency and a rate limit, 200 ms an answer and 40 requests a second, with jobs spread
 * unevenly over two years; and the time of a reconcile after it. `verify` says afterwards whether the tables are equal to the
 * API.
 */

import type { Order } from '../src/simulator/page.ts'
import { DEFAULT_API_KEY } from '../src/simulator/server.ts'
import { DAY, formatInstant, MILLISECOND } from '../src/values/instant.ts'
import { withBenchDatabase } from './support/database.ts'
import { atLeast, atMost, type BenchOptions, type Figure } from './support/figure.ts'
import { startSimulatorProcess } from './support/simulator.ts'
import { runWorker } from './support/worker.ts'

const LIMIT = 40
const ORDERS: readonly Order[] = ['descending', 'ascending', 'shuffled']

interface Backfill {
  readonly order: Order
  readonly requests: number
  readonly perSecond: number
  readonly refused: number
  /** From the first request to the last. */
  readonly spanMs: number
  /** Of a reconcile after it. */
  readonly reconcileMs: number
}

export async function backfillUnderLimit({ quick, print }: BenchOptions): Promise<Figure> {
  const jobs = quick ? 40_000 : 200_000
  const done: Backfill[] = []
  // A database for each: the worlds hold the same ids at other times.
  for (const order of ORDERS) {
    print(`  b: ${jobs} jobs, ${order}`)
    done.push(await withBenchDatabase(({ url }) => backfill(url, order, jobs)))
  }
  const letter = 'b'
  const slowest = Math.min(...done.map(({ perSecond }) => perSecond))
  const most = Math.max(...done.map(({ requests }) => requests))
  const slowestAgain = done.toSorted((left, right) => shareAgain(right) - shareAgain(left))[0] as Backfill
  const figure = `backfill of ${jobs} jobs at 200 ms, ${LIMIT} requests/s`
  return {
    rows: [
      atLeast(0.95, { letter, figure, value: slowest, floor: LIMIT, unit: 'requests/s' }),
      atMost(1.1, {
        letter,
        figure: 'requests of it',
        value: most,
        floor: Math.ceil(jobs / 100),
        unit: 'requests',
      }),
      atMost(1.15, {
        letter,
        figure: 'a reconcile of all of it, against that',
        value: slowestAgain.reconcileMs / 1_000,
        floor: slowestAgain.spanMs / 1_000,
        unit: 's',
      }),
    ],
    notes: done.map(
      ({ order, requests, perSecond, refused, spanMs, reconcileMs }) =>
        `${order}: ${requests} requests, ${perSecond.toFixed(1)}/s, ${refused} refused, ${(spanMs / 1_000).toFixed(1)} s, ` +
        `reconcile ${(reconcileMs / 1_000).toFixed(1)} s; verify: equal`,
    ),
  }
}

const shareAgain = ({ reconcileMs, spanMs }: Backfill) => reconcileMs / spanMs

async function backfill(databaseUrl: string, order: Order, jobs: number): Promise<Backfill> {
  const now = Math.floor(Date.now()) * MILLISECOND
  const api = await startSimulatorProcess({
    world: { jobs, from: now - 730 * DAY, to: now - 60_000 * MILLISECOND, arrival: 'bursty' },
    server: { order, latencyMs: 200, rateLimit: { perSecond: LIMIT } },
  })
  try {
    const env = {
      DATABASE_URL: databaseUrl,
      LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
      LLAMA_CLOUD_BASE_URL: api.url,
      SYNC_SOURCE: order,
      SYNC_START_AT: formatInstant(now - 731 * DAY),
      SYNC_RATE_LIMIT: `${LIMIT}/s`,
      SYNC_CONCURRENCY: '16',
    }
    await runWorker(['sync'], env)
    const { requests, refused, spanMs } = await api.report()
    await runWorker(['reconcile'], env)
    const { spanMs: reconcileMs } = await api.report()
    await api.lift()
    // Exits with 1, and so throws, when there is a difference.
    await runWorker(['verify'], { ...env, SYNC_RATE_LIMIT: '1000/s' })
    const perSecond = (requests - 1) / (spanMs / 1_000)
    return { order, requests, refused, perSecond, spanMs, reconcileMs }
  } finally {
    await api.stop()
  }
}
