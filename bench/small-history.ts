/**
 * Figure j: a small history, where a wait counts more than a request. 10,000 jobs at 100 ms an answer, eight requests in
 * flight, against the time in which eight lanes that never wait read as many pages.
 */
import { DEFAULT_API_KEY } from '../src/simulator/server.ts'
import { DAY, formatInstant, MILLISECOND } from '../src/values/instant.ts'
import { withBenchDatabase } from './support/database.ts'
import { atMost, type Figure, told } from './support/figure.ts'
import { startSimulatorProcess } from './support/simulator.ts'
import { runWorker } from './support/worker.ts'

const JOBS = 10_000
const PAGES = JOBS / 100
const LATENCY_MS = 100
const LANES = 8
const ARRIVALS = ['even', 'bursty'] as const
const letter = 'j'

export async function smallHistory(): Promise<Figure> {
  const rows = []
  for (const arrival of ARRIVALS) {
    const { spanMs, requests } = await withBenchDatabase(({ url }) => firstLoad(url, arrival))
    const floor = Math.ceil(PAGES / LANES) * LATENCY_MS
    const figure = `history of ${JOBS} jobs, ${arrival}, at ${LATENCY_MS} ms, ${LANES} in flight`
    rows.push(
      atMost(1.25, { letter, figure, value: spanMs, floor, unit: 'ms' }),
      told({ letter, figure: 'requests of it', value: requests, floor: PAGES, unit: 'requests' }),
    )
  }
  return { rows, notes: [] }
}

/** From the first request to the last. */
async function firstLoad(databaseUrl: string, arrival: (typeof ARRIVALS)[number]) {
  const now = Math.floor(Date.now()) * MILLISECOND
  const api = await startSimulatorProcess({
    world: { jobs: JOBS, from: now - 365 * DAY, to: now - DAY, arrival },
    server: { order: 'descending', latencyMs: LATENCY_MS },
  })
  try {
    await runWorker(['sync'], {
      DATABASE_URL: databaseUrl,
      LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
      LLAMA_CLOUD_BASE_URL: api.url,
      SYNC_START_AT: formatInstant(now - 365 * DAY),
      SYNC_RATE_LIMIT: '1000/s',
      SYNC_CONCURRENCY: String(LANES),
    })
    return await api.report()
  } finally {
    await api.stop()
  }
}
