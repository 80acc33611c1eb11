/**
 * Figure i: what the worker's care costs. A first load against a script that fetches a page, parses it, upserts it, and asks
 * for the next; by turns, both into a table that was empty.
 */
import { join } from 'node:path'
import { build } from 'esbuild'
import { dropEverything } from '../src/store/migrate.ts'
import { numberFrom, withBenchDatabase } from './support/database.ts'
import { atMost, type BenchOptions, type Figure, median, noMoreThan, told } from './support/figure.ts'
import { startApi } from './support/stage.ts'
import { runWorker, type WorkerRun } from './support/worker.ts'

const ROUNDS = 3
const MOST_MB = 120
const letter = 'i'

interface Rounds {
  readonly ours: WorkerRun[]
  readonly plain: WorkerRun[]
}

export async function plain({ quick }: BenchOptions): Promise<Figure> {
  const jobs = quick ? 20_000 : 50_000
  const { ours, plain } = await takeTurns(jobs)
  const of = (runs: readonly WorkerRun[], what: (run: WorkerRun) => number) => median(runs.map(what))
  const cpu = ({ cpuMs }: WorkerRun) => cpuMs
  const wall = ({ wallMs }: WorkerRun) => wallMs
  const memory = ({ maxRssKb }: WorkerRun) => maxRssKb / 1_024
  const both = (what: (run: WorkerRun) => number) => ({ value: of(ours, what), floor: of(plain, what) })
  return {
    rows: [
      atMost(1.2, {
        letter,
        figure: `processor time of a first load of ${jobs} jobs, against a plain script`,
        ...both(cpu),
        unit: 'ms',
      }),
      told({ letter, figure: 'from start to exit', ...both(wall), unit: 'ms' }),
      noMoreThan(MOST_MB, { letter, figure: 'peak memory', ...both(memory), unit: 'MB' }),
    ],
    notes: [
      `medians of ${ROUNDS} by turns; processor time ours ${list(ours.map(cpu))} ms, plain ${list(plain.map(cpu))} ms; ` +
        `memory ours ${list(ours.map(memory))} MB, plain ${list(plain.map(memory))} MB`,
    ],
  }
}

async function takeTurns(jobs: number): Promise<Rounds> {
  const script = await bundled()
  const { api, env: apiEnv } = await startApi(jobs)
  const rounds: Rounds = { ours: [], plain: [] }
  try {
    await withBenchDatabase(async ({ url, pool }) => {
      const env = { ...apiEnv, DATABASE_URL: url }
      // The first round finds cold caches, and is not counted.
      for (let round = 0; round <= ROUNDS; round++) {
        await dropEverything(pool)
        await pool.query('drop table if exists plain_jobs; checkpoint')
        const plain = await runWorker([], env, [], script)
        await runWorker(['migrate'], env)
        await pool.query('checkpoint')
        const ours = await runWorker(['sync'], env)
        for (const name of ['plain_jobs', 'llamacloud.classify_jobs']) {
          const stored = await numberFrom(pool, `select count(*) from ${name}`)
          if (stored !== jobs) throw new Error(`${name} holds ${stored} jobs of ${jobs}`)
        }
        if (round > 0)
          for (const [name, run] of Object.entries({ ours, plain })) rounds[name as keyof Rounds].push(run)
      }
    })
  } finally {
    await api.stop()
  }
  return rounds
}

/** As the program is. */
async function bundled(): Promise<string> {
  const outfile = join(import.meta.dirname, '../node_modules/.cache/llamacloud-sync-bench/plain-load.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'support/plain-load.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['pg-native'],
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module'\nconst require = createRequireOf(import.meta.url)",
    },
    logLevel: 'warning',
  })
  return outfile
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(0)).join(', ')
}
