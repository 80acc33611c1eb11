/**
 * Figure l: five lists in one worker at once, against five times classify alone. They share the pace of the key; each has
 * a lease, a timeline and a run of its own.
 */
import { DEFAULT_API_KEY } from '../src/simulator/server.ts'
import { DAY, formatInstant, MILLISECOND } from '../src/values/instant.ts'
import { withBenchDatabase } from './support/database.ts'
import { atMost, type BenchOptions, type Figure, noMoreThan } from './support/figure.ts'
import { startSimulatorProcess } from './support/simulator.ts'
import { runWorker } from './support/worker.ts'

const LISTS = ['classify', 'parse', 'extract', 'split', 'batches']
const letter = 'l'

export async function fiveLists({ quick }: BenchOptions): Promise<Figure> {
  const jobs = quick ? 4_000 : 20_000
  const alone = await load(LISTS.slice(0, 1), jobs)
  const together = await load(LISTS, jobs)
  const times = LISTS.length
  return {
    rows: [
      atMost(1, {
        letter,
        figure: `first load of five lists of ${jobs} jobs by one worker; against classify's, five times`,
        value: together.wallMs,
        floor: times * alone.wallMs,
        unit: 'ms',
      }),
      atMost(1.1, {
        letter,
        figure: 'requests of it',
        value: together.requests,
        floor: times * alone.requests,
        unit: 'requests',
      }),
      noMoreThan(200, {
        letter,
        figure: 'peak memory of it',
        value: together.maxRssKb / 1_024,
        unit: 'MB',
      }),
    ],
    notes: [],
  }
}

/** The first load of so many jobs of each list by one `sync`. */
function load(lists: readonly string[], jobs: number) {
  return withBenchDatabase(async ({ url }) => {
    const now = Math.floor(Date.now()) * MILLISECOND
    const from = now - 365 * DAY
    const api = await startSimulatorProcess({
      world: { jobs, from, to: now - DAY, arrival: 'bursty' },
      server: { order: 'descending' },
      prepared: true,
      others: lists.slice(1),
    })
    try {
      const run = await runWorker(['sync'], {
        DATABASE_URL: url,
        LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
        LLAMA_CLOUD_BASE_URL: api.url,
        SYNC_START_AT: formatInstant(from),
        SYNC_RATE_LIMIT: '1000/s',
        SYNC_LISTS: lists.join(','),
        SYNC_LOOKUPS: '',
      })
      return { ...run, requests: (await api.report()).requests }
    } finally {
      await api.stop()
    }
  })
}
