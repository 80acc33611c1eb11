import { createRandom } from '../../src/simulator/random.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import type { Source } from '../../src/sync/source.ts'
import { type Instant, MILLISECOND, SECOND } from '../../src/values/instant.ts'
import { Beside } from './beside.ts'
import { brokenAlways, type How } from './checks.ts'
import { convergence } from './convergence.ts'
import type { SimulationDatabase } from './database.ts'
import { drawScenario, type Scenario } from './draw.ts'
import { NO_FAULTS } from './draw-cycles.ts'
import { type Observed, observe } from './observe.ts'
import { brokenOutcome, describe, describeEnd, type Ended, hasSucceeded, isWrongKey } from './outcome.ts'
import { type Done, Process, type Surroundings } from './process.ts'
import { startWork } from './start-work.ts'
import { brokenAfterSuccess } from './success.ts'
import { SimulatedTime } from './time.ts'
import { Turns } from './turns.ts'
import { Upstream } from './upstream.ts'

export interface Verdict {
  readonly seed: number
  /** What was promised and did not hold; empty for a seed that passed. */
  readonly broken: readonly string[]
  /** What happened, line by line. */
  readonly history: readonly string[]
  readonly cycles: number
  /** What the process of the last cycle that was drawn did in it. */
  readonly done: Done
}

/** Plays one seed to its end, or to the first broken promise. */
export function playSeed(database: SimulationDatabase, seed: number): Promise<Verdict> {
  return playScenario(database, drawScenario(seed))
}

export async function playScenario(database: SimulationDatabase, scenario: Scenario): Promise<Verdict> {
  const play = await Play.begin(database, scenario)
  let done: Done = { steps: [], statements: [] }
  try {
    done = await play.cycles()
    if (play.broken.length === 0 && !play.isUndecidable) await convergence(play)
  } catch (error) {
    play.broken.push(`the simulation failed: ${error instanceof Error ? error.stack : error}`)
  } finally {
    await play.end()
  }
  return { seed: scenario.seed, broken: play.broken, history: play.history, cycles: play.count, done }
}

export class Play {
  readonly broken: string[] = []
  readonly history: string[] = []
  count = 0
  /** All drawn cycles are over: one process runs all others. */
  isQuiet = false
  /**
   * All known jobs are gone, and those of another project came: nobody can tell whether the key is a wrong one, and the
   * worker stands still (A20).
   */
  isUndecidable = false
  readonly scenario: Scenario
  readonly around: Surroundings
  readonly world: World
  readonly beside: Beside | null
  /** Until then the lease of a process that died may hold. */
  heldUntil: Instant = 0
  /** Rows of jobs that somebody removed so far; `isUnnoticed`: and no run has come to its end since. */
  readonly #lost = { rowsLost: 0, isUnnoticed: false }
  #process: Process | null = null
  readonly #processes: Process[] = []
  #delivered = 0
  #sourceName = 'default'
  /** What the tables hold; null when a process has worked since. */
  #seen: Observed | null = null

  static async begin(database: SimulationDatabase, scenario: Scenario): Promise<Play> {
    await database.clear()
    const time = new SimulatedTime(scenario.start)
    const world = new World({ now: () => time.now, simulates: scenario.list.simulates })
    world.put(...scenario.lives.map(({ job }) => job), ...scenario.strangers)
    const upstream = new Upstream(world, scenario.upstream)
    const { order, paging, seed } = scenario
    const beside = scenario.beside && new Beside(scenario, scenario.beside, database, world.now)
    const others = beside ? [beside.world] : []
    const simulator = await startSimulator({ world, others, order, paging, seed: `simulation ${seed}` })
    return new Play(scenario, { world, beside }, { database, time, upstream, simulator })
  }

  private constructor(
    scenario: Scenario,
    { world, beside }: Pick<Play, 'world' | 'beside'>,
    parts: Pick<Surroundings, 'database' | 'time' | 'upstream' | 'simulator'>,
  ) {
    this.scenario = scenario
    this.world = world
    this.beside = beside
    this.around = {
      ...parts,
      scenario,
      turns: new Turns(createRandom(`turns ${scenario.seed}`), parts.time),
      note: (line) => this.history.push(`    ${line}`),
      onPage: (items, path) => {
        if (beside?.world.simulates.paths.includes(path)) beside.delivered += items
        else this.#delivered += items
      },
      beforeRequest: () => this.#restoreDue(),
    }
  }

  async cycles(): Promise<Done> {
    for (const plan of this.scenario.cycles) {
      this.around.time.advance(plan.gap)
      await this.cycle(plan, plan.sameProcess)
      if (this.broken.length > 0 || this.isUndecidable) break
    }
    return this.#process?.done ?? { steps: [], statements: [] }
  }

  async end(): Promise<void> {
    for (const process of this.#processes) await process.kill('at the end')
    await this.around.simulator.close()
  }

  async cycle(plan: How, sameProcess: boolean): Promise<void> {
    const { time, upstream } = this.around
    this.#restoreDue()
    const isReset = await this.#beginMishap(plan)
    const before = await this.look()
    const begun = await this.beside?.begin()
    const wasUnnoticed = this.#lost.isUnnoticed
    const began = time.now
    const deliveredBefore = this.#delivered
    const process = this.#processFor(sameProcess)
    this.count += 1
    const number = this.count
    this.history.push(`cycle ${this.count} at ${began}: ${describe(plan)}, ${process.name}`)
    const [ended, besides = ended] = await this.#run(process, plan)
    this.history.push(`  ${describeEnd(ended)}`)
    const after = await this.look()
    this.isUndecidable ||= isWrongKey(ended) && ![...before.jobs.keys()].some((id) => this.world.get(id))
    upstream.swapKey(false)
    if (hasSucceeded(ended)) this.#lost.isUnnoticed = false
    const scenario = this.#sourceName === 'second' ? scopeOfSecond(this.scenario) : this.scenario
    const delivered = this.#delivered - deliveredBefore
    const span = { began, ended: time.now, delivered, visible: this.world.size }
    const isAlone = this.count === number
    const lost = { ...this.#lost, isReset, wasUnnoticed }
    const around = { scenario, upstream, plan, before, after, isAlone, ...span, ...lost }
    this.broken.push(
      ...brokenAlways(around),
      ...(this.isUndecidable ? [] : brokenOutcome(ended, { ...around, heldUntil: this.heldUntil })),
    )
    if (hasSucceeded(ended)) this.broken.push(...brokenAfterSuccess(around))
    if (this.beside && begun)
      this.broken.push(...(await this.beside.judge(besides, plan, { ...begun, isAlone })))
    // A process that died, or could not reach the database at its end, holds it until it runs out.
    if (after.leaseOwner !== null) this.heldUntil = time.now + this.scenario.leaseMs * MILLISECOND
  }

  async look(): Promise<Observed> {
    this.#seen ??= await observe(this.around.database.observer, this.#sourceName, this.scenario)
    return this.#seen
  }

  /** Returns whether what was seen before says nothing of what comes. */
  async #beginMishap({ mishap }: How): Promise<boolean> {
    const { database, upstream } = this.around
    const wanted =
      mishap?.kind === 'renamed' || mishap?.kind === 'second source' ? SOURCES[mishap.kind] : 'default'
    const isOther = wanted !== this.#sourceName
    this.#sourceName = wanted
    this.#seen = null
    const { jobs, projects } = await this.look()
    // Of a source that has delivered nothing yet, nobody can tell what its project is.
    if (mishap?.kind === 'other key') upstream.swapKey(projects.some((project) => project !== ''))
    if (mishap?.kind !== 'truncated') return isOther || mishap?.kind === 'failover'
    const { jobs: rows, changes } = this.scenario.list.list
    await database.observer.query(
      `delete from llamacloud.${changes.table}; delete from llamacloud.${rows.table}`,
    )
    this.#lost.rowsLost += jobs.size
    this.#lost.isUnnoticed = true
    this.#seen = null
    return true
  }

  #processFor(same: boolean): Process {
    const isSame = this.#process?.source.name === this.#sourceName
    if (same && isSame && this.#process && !this.#process.isDead) return this.#process
    this.#process?.retire()
    this.#process = new Process(this.around, `worker ${this.#processes.length + 1}`, this.#sourceName)
    this.#processes.push(this.#process)
    return this.#process
  }

  /** Returns how the cycles of its sources ended. */
  async #run(process: Process, plan: How): Promise<readonly [Ended, Ended?]> {
    process.prepare(plan)
    this.#seen = null
    const { signal, source, beside } = process
    const start = (of: Source) => startWork({ source: of, signal }, plan, this.scenario)
    const work = Promise.all(beside ? [start(source), start(beside)] : [start(source)]) as Promise<
      readonly [Ended, Ended?]
    >
    const { turns } = this.around
    await turns.until(work, () => process.isDead || process.isStopped)
    if (process.isDead) return ['killed']
    if (process.isStopped) return this.#goOnAfterTakeOver(process, work, plan)
    return work
  }

  /** I6: another worker runs a whole cycle; then the stopped one goes on, and must not commit anything more. */
  async #goOnAfterTakeOver(
    stopped: Process,
    work: Promise<readonly [Ended, Ended?]>,
    { mishap }: How,
  ): Promise<readonly [Ended, Ended?]> {
    const { time, turns, database } = this.around
    const hadLease = (await this.look()).leaseOwner === stopped.name
    time.advance(this.scenario.leaseMs * MILLISECOND + SECOND)
    if (mishap?.kind === 'failover' && mishap.at === Number.POSITIVE_INFINITY)
      await database.standby.takeOver()
    const rename = mishap?.kind === 'renamed' || mishap?.kind === 'second source' ? { mishap } : {}
    await this.cycle({ ...NO_FAULTS, isFaultFree: true, kind: 'sync', ...rename }, false)
    const before = await this.look()
    this.#seen = null
    stopped.isStopped = false
    this.history.push(`  ${stopped.name} goes on`)
    await turns.until(work, () => stopped.isDead)
    const ends = stopped.isDead ? (['killed'] as const) : await work
    const [ended] = ends
    // Without it, it may take it now.
    if (!hadLease) return ends
    const after = await this.look()
    if (JSON.stringify(before.runs) !== JSON.stringify(after.runs))
      this.broken.push(`I6: ${stopped.name} committed after its lease was taken over`)
    if (hasSucceeded(ended))
      this.broken.push(`I6: ${stopped.name} reports success although it lost its lease`)
    return ends
  }

  #restoreDue(): void {
    const { time } = this.around
    for (const { id, restoredAt } of this.scenario.lives) {
      if (restoredAt !== null && restoredAt <= time.now) this.world.restore(id)
    }
  }
}

const SOURCES = { renamed: 'renamed', 'second source': 'second' } as const

/** It sees one project; the job of a payload of its own may be of any. */
function scopeOfSecond(scenario: Scenario): Scenario {
  return { ...scenario, lives: scenario.lives.filter(({ job }) => job.payload === undefined) }
}
