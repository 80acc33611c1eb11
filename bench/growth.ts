/**
 * Figure h: whether the work grows with what is stored already. One cycle of a steady stream with few and with many jobs
 * stored, by turns; then start-up, and a load on top, on both.
 */
import { MINUTE } from '../src/values/instant.ts'
import { createDatabase, urlOf } from '../test/support/databases.ts'
import { memorySizes } from './memory.ts'
import { FEW, timeStartups } from './startup.ts'
import { numberFrom } from './support/database.ts'
import { atMost, type BenchOptions, type Figure, median, type Row, told } from './support/figure.ts'
import { BESIDE, firstLoad, type Load, type Stage, startApi } from './support/stage.ts'
import { runWorker } from './support/worker.ts'

const ROUNDS = 11
const NEW_JOBS = 350
const EVERY = 5 * MINUTE
/** Of another project: what is stored of a source's projects counts as its own, and would be missed. */
const PROJECT_ON_TOP = '33333333-3333-4333-8333-333333333333'

interface Cycles {
  /** Medians. */
  readonly ms: number
  readonly requests: number
}

/** What was measured with few and with many jobs stored. */
interface Pair {
  readonly few: number
  readonly many: number
}

export async function growth(options: BenchOptions): Promise<Figure> {
  const { quick, print } = options
  const extra = quick ? 20_000 : 100_000
  const { both, against } = await stagesOf(options)
  print('  h: start-up')
  const [startFew, startMany] = await timeStartups(both)
  print('  h: cycles')
  const cycles = await timeCycles(both)
  print(`  h: ${extra} jobs on top`)
  const loads = await loadOnTop(both, extra)
  const pairOf = <T>([few, lots]: readonly [T, T], of: (each: T) => number): Pair => ({
    few: of(few),
    many: of(lots),
  })
  if (!startFew || !startMany) throw new Error('nothing was timed')
  return {
    rows: [
      alike(
        `a cycle with ${NEW_JOBS} new jobs, ${against}`,
        'ms',
        pairOf(cycles, ({ ms }) => ms),
      ),
      alike(
        'its requests',
        'requests',
        pairOf(cycles, ({ requests }) => requests),
      ),
      toldOf(
        '`sync` with nothing new',
        'ms',
        pairOf([startFew, startMany], ({ worker }) => worker),
      ),
      toldOf(
        `a load of ${extra} jobs on top`,
        'jobs/s',
        pairOf(loads, ({ jobsPerSecond }) => jobsPerSecond),
      ),
      toldOf(
        'its peak memory',
        'MB',
        pairOf(loads, ({ maxRssKb }) => maxRssKb / 1_024),
      ),
    ],
    notes: [],
  }
}

interface Both {
  readonly both: readonly [Stage, Stage]
  readonly against: string
}

async function stagesOf({ quick, stored, beside, stages }: BenchOptions): Promise<Both> {
  if (beside === undefined) {
    const many = stored ?? memorySizes(quick)[1]
    return {
      both: [await stages.of(FEW), await stages.of(many)],
      against: `${many} jobs stored against ${FEW}`,
    }
  }
  const few = await createDatabase(beside, 'few', 'template0')
  const both = [await stages.within(urlOf(beside, few), FEW), await stages.within(beside, FEW)] as const
  const others = await numberFrom(
    both[1].database.pool,
    `select count(*) from llamacloud.classify_jobs where source <> '${BESIDE}'`,
  )
  return { both, against: `${others} jobs of another source stored against 0` }
}

function alike(figure: string, unit: string, { few, many }: Pair): Row {
  return atMost(1.2, { letter: 'h', figure, unit, value: many, floor: few })
}

function toldOf(figure: string, unit: string, { few, many }: Pair): Row {
  return told({ letter: 'h', figure, unit, value: many, floor: few })
}

/** Five minutes pass at both APIs before each cycle. The first is not counted: its overlap is empty. */
async function timeCycles(both: readonly [Stage, Stage]): Promise<[Cycles, Cycles]> {
  const runs: [{ ms: number; requests: number }[], { ms: number; requests: number }[]] = [[], []]
  for (let round = 0; round <= ROUNDS; round++) {
    for (const which of [0, 1] as const) {
      const { api, env } = both[which]
      await api.pass(EVERY, NEW_JOBS)
      const { wallMs, summary } = await runWorker(['sync'], env)
      if (round > 0) runs[which].push({ ms: wallMs, requests: Number(summary.requests) })
    }
  }
  const mediansOf = (cycles: (typeof runs)[0]) => ({
    ms: median(cycles.map(({ ms }) => ms)),
    requests: median(cycles.map(({ requests }) => requests)),
  })
  return [mediansOf(runs[0]), mediansOf(runs[1])]
}

/** Another source of its own, into the same tables. */
async function loadOnTop(both: readonly [Stage, Stage], jobs: number): Promise<[Load, Load]> {
  const { api, env: more } = await startApi(jobs, { seed: 'more', projectId: PROJECT_ON_TOP })
  try {
    const load = async ({ database }: Stage): Promise<Load> => {
      const before = await numberFrom(database.pool, 'select count(*) from llamacloud.classify_jobs')
      const done = await firstLoad({
        api,
        database,
        env: { ...more, DATABASE_URL: database.url, SYNC_SOURCE: 'more' },
        jobs,
      })
      const after = await numberFrom(database.pool, 'select count(*) from llamacloud.classify_jobs')
      if (after - before !== jobs) throw new Error(`${after - before} jobs of ${jobs} came on top`)
      return done
    }
    return [await load(both[0]), await load(both[1])]
  } finally {
    await api.stop()
  }
}
