/**
 * Figure k: a worker that is told exactly the limit of the API, on a machine whose processors are all taken: timers wake late,
 * and requests arrive closer together than they were sent. How many of them are refused.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { DEFAULT_API_KEY } from '../src/simulator/server.ts'
import { DAY, formatInstant, MILLISECOND } from '../src/values/instant.ts'
import { withBenchDatabase } from './support/database.ts'
import { type Figure, noMoreThan, told } from './support/figure.ts'
import { startSimulatorProcess } from './support/simulator.ts'
import { runWorker } from './support/worker.ts'

const JOBS = 10_000
const LIMIT = 10
const letter = 'k'
const unit = 'requests'

export async function exactLimit(): Promise<Figure> {
  const loops = Array.from(
    { length: availableParallelism() },
    () => new Worker('for (;;) {}', { eval: true }),
  )
  try {
    const usual = await firstLoad(LIMIT)
    const strict = await firstLoad(1)
    const figure = `refused of ${usual.requests}, told the limit of ${LIMIT}/s, on a busy machine`
    const strictly = `refused of ${strict.requests} by an API that allows no burst`
    return {
      rows: [
        noMoreThan(1, { letter, figure, value: usual.refused, unit }),
        told({ letter, figure: strictly, value: strict.refused, unit }),
      ],
      notes: [`from the first request to the last: ${usual.spanMs} and ${strict.spanMs} ms`],
    }
  } finally {
    await Promise.all(loops.map((loop) => loop.terminate()))
  }
}

/** `burst`: so many requests at once are allowed after a while without any. */
function firstLoad(burst: number) {
  return withBenchDatabase(async ({ url }) => {
    const now = Math.floor(Date.now()) * MILLISECOND
    const api = await startSimulatorProcess({
      world: { jobs: JOBS, from: now - 365 * DAY, to: now - DAY },
      server: { order: 'descending', latencyMs: 50, rateLimit: { perSecond: LIMIT, burst } },
    })
    try {
      await runWorker(['sync'], {
        DATABASE_URL: url,
        LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
        LLAMA_CLOUD_BASE_URL: api.url,
        SYNC_START_AT: formatInstant(now - 365 * DAY),
        SYNC_RATE_LIMIT: `${LIMIT}/s`,
      })
      return await api.report()
    } finally {
      await api.stop()
    }
  })
}
