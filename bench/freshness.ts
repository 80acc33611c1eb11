/**
 * How soon a finished job is stored, and what that costs: `npm exec -- node bench/freshness.ts`. 100,000 jobs a day as in
 * figure a, 100 ms an answer, an hour of simulated time at each pace of `run`; the database's time is simulated as well.
 */
import { syncOnce } from '../src/sync/cycle.ts'
import { HOUR, type Instant, MILLISECOND, MINUTE, SECOND } from '../src/values/instant.ts'
import { BEGIN, connect, WARM_UP } from './steady-state.ts'
import { withBenchDatabase } from './support/database.ts'
import { drawLives, type Life, SteadyJobs } from './support/steady-jobs.ts'
import { storeTruth } from './support/truth.ts'

const SEED = 'steady'
const PACES: readonly Instant[] = [2 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE]
const LATENCY_MS = 100
const DURATION = HOUR

const drawn = drawLives({ seed: SEED, perDay: 100_000, from: BEGIN - WARM_UP, to: BEGIN + 3 * HOUR })
const lives = drawn.filter(({ endsAt }) => endsAt > BEGIN - HOUR)
process.stdout.write('every (s) | requests a minute | finished job stored after, p50 (s) | p95 (s)\n')
for (const pace of PACES) process.stdout.write(`${await measure(pace)}\n`)

async function measure(every: Instant): Promise<string> {
  return withBenchDatabase(async ({ url, pool }) => {
    const { source, api, clock, close } = await connect(url, lives, LATENCY_MS)
    const jobs = new SteadyJobs(lives, SEED)
    const now = () => Math.floor(clock.now() * MILLISECOND)
    const limits = { signal: new AbortController().signal, maxRuntimeMs: null, tickMs: every / MILLISECOND }
    try {
      await storeTruth(pool, jobs, lives)
      await syncOnce(source, limits)
      let waiting: { readonly id: string; readonly endsAt: Instant }[] = []
      const delays: Instant[] = []
      const warm = now() + 15 * MINUTE
      let [seen, before] = [now(), 0]
      for (let tick = Math.ceil(now() / every) * every; tick < warm + DURATION; tick += every) {
        if (tick <= now()) continue
        clock.advance((tick - now()) / MILLISECOND)
        if (tick < warm) before = api.requests.total
        await syncOnce(source, limits)
        waiting = [...waiting, ...endedBetween(jobs, seen, now())]
        seen = now()
        const ids = waiting.map(({ id }) => id)
        const { rows } = await pool.query<{ id: string }>(
          "select id from llamacloud.classify_jobs where id = any ($1) and status in ('COMPLETED', 'FAILED')",
          [ids],
        )
        const stored = new Set(rows.map(({ id }) => id))
        if (tick >= warm)
          for (const { id, endsAt } of waiting) if (stored.has(id)) delays.push(now() - endsAt)
        waiting = waiting.filter(({ id }) => !stored.has(id))
      }
      const requests = (api.requests.total - before) / (DURATION / MINUTE)
      delays.sort((left, right) => left - right)
      const percentile = (share: number) =>
        ((delays[Math.floor(delays.length * share)] ?? 0) / SECOND).toFixed(1)
      return `${String(every / SECOND).padStart(9)} | ${requests.toFixed(1).padStart(17)} | ${percentile(0.5)} | ${percentile(0.95)}`
    } finally {
      await close()
    }
  })
}

function endedBetween(jobs: SteadyJobs, after: Instant, until: Instant) {
  return lives.flatMap(({ endsAt }: Life, index) =>
    endsAt > after && endsAt <= until ? [{ id: jobs.idAt(index), endsAt }] : [],
  )
}
