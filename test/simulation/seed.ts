import { createRandom } from '../../src/simulator/random.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import type { RunKind } from '../../src/store/runs.ts'
import { MILLISECOND, MINUTE, SECOND } from '../../src/values/instant.ts'
import { brokenAfterSuccess, brokenAlways } from './checks.ts'
import type { SimulationDatabase } from './database.ts'
import { drawScenario, NO_FAULTS, type Scenario } from './draw.ts'
import { differences, SURPLUS } from './equality.ts'
import { type Observed, observe, rowVersions } from './observe.ts'
import { brokenOutcome, describe, describeEnd, type Ended, type How, hasSucceeded } from './outcome.ts'
import { type Done, Process, type Surroundings } from './process.ts'
import { startWork } from './start-work.ts'
import { SimulatedTime } from './time.ts'
import { Turns } from './turns.ts'

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
    if (play.broken.length === 0) await play.finale()
  } catch (error) {
    play.broken.push(`the simulation failed: ${error instanceof Error ? error.stack : error}`)
  } finally {
    await play.end()
  }
  return { seed: scenario.seed, broken: play.broken, history: play.history, cycles: play.count, done }
}

class Play {
  readonly broken: string[] = []
  readonly history: string[] = []
  count = 0
  readonly #scenario: Scenario
  readonly #around: Surroundings
  readonly #world: World
  #process: Process | null = null
  #processes: Process[] = []
  #delivered = 0
  /** Until then the lease of a process that died may hold. */
  #heldUntil = 0
  /** What the tables hold; null when a process has worked since. */
  #seen: Observed | null = null

  static async begin(database: SimulationDatabase, scenario: Scenario): Promise<Play> {
    await database.clear()
    const time = new SimulatedTime(scenario.start)
    const world = new World({ now: () => time.now })
    world.put(...scenario.lives.map(({ job }) => job))
    const { order, paging, seed } = scenario
    const simulator = await startSimulator({ world, order, paging, seed: `simulation ${seed}` })
    return new Play(database, scenario, { time, world, simulator })
  }

  private constructor(
    database: SimulationDatabase,
    scenario: Scenario,
    parts: Pick<Surroundings, 'time' | 'simulator'> & { readonly world: World },
  ) {
    const { time, simulator, world } = parts
    this.#scenario = scenario
    this.#world = world
    this.#around = {
      scenario,
      database,
      simulator,
      time,
      turns: new Turns(createRandom(`turns ${scenario.seed}`), time),
      note: (line) => this.history.push(`    ${line}`),
      onPage: (items) => {
        this.#delivered += items
      },
      beforeRequest: () => this.#restoreDue(),
    }
  }

  async cycles(): Promise<Done> {
    for (const plan of this.#scenario.cycles) {
      this.#around.time.advance(plan.gap)
      await this.#cycle(plan, plan.sameProcess)
      if (this.broken.length > 0) break
    }
    return this.#process?.done ?? { steps: [], statements: [] }
  }

  /** When nothing changes any more: one cycle without a fault, a reconcile, and the second question by id. */
  async finale(): Promise<void> {
    const { time, database } = this.#around
    const { end, options } = this.#scenario
    time.advance(Math.max(0, end - time.now, this.#heldUntil - time.now) + options.overlap + MINUTE)
    const quiet = { ...NO_FAULTS, isFaultFree: true }
    await this.#cycle({ ...quiet, kind: 'sync' }, false)
    // One that was under way may have passed by what came later; the next is begun afresh.
    const { hasWalk } = await this.#look()
    const kinds: RunKind[] = ['reconcile', ...(hasWalk ? (['reconcile'] as const) : []), 'sync']
    for (const kind of kinds) {
      time.advance(5 * MINUTE)
      await this.#cycle({ ...quiet, kind }, true)
    }
    if (this.broken.length > 0) return
    const seen = await this.#look()
    const lines = await differences(database, this.#world, this.#scenario, seen)
    // Where nothing tells a deletion from a wrong key, the brake keeps what has gone unmarked, and says so.
    const isBraked = seen.runs.at(-1)?.error?.startsWith('The API did not return') ?? false
    this.broken.push(...lines.filter((line) => !(isBraked && line.endsWith(SURPLUS))))
    if (this.#scenario.seed % 3 !== 0) return
    const versions = await rowVersions(database.observer)
    time.advance(MINUTE)
    await this.#cycle({ ...quiet, kind: 'reconcile' }, true)
    if ((await rowVersions(database.observer)) !== versions) {
      this.broken.push('I5: a reconcile that found nothing new wrote rows')
    }
  }

  async end(): Promise<void> {
    for (const process of this.#processes) await process.kill('at the end')
    await this.#around.simulator.close()
  }

  async #cycle(plan: How, sameProcess: boolean): Promise<void> {
    const { time } = this.#around
    this.#restoreDue()
    const before = await this.#look()
    const began = time.now
    const deliveredBefore = this.#delivered
    const process = this.#processFor(sameProcess)
    this.count += 1
    this.history.push(`cycle ${this.count}: ${describe(plan)}, ${process.name}`)
    const ended = await this.#run(process, plan)
    this.history.push(`  ${describeEnd(ended)}`)
    const after = await this.#look()
    const { kind, isFaultFree } = plan
    const delivered = this.#delivered - deliveredBefore
    const span = { began, ended: time.now, delivered }
    const around = { scenario: this.#scenario, kind, isFaultFree, before, after, ...span }
    this.broken.push(
      ...brokenAlways(around),
      ...brokenOutcome(plan, ended, { ...around, heldUntil: this.#heldUntil }),
    )
    if (hasSucceeded(ended)) this.broken.push(...brokenAfterSuccess(around))
    // A process that died, or could not reach the database at its end, holds it until it runs out.
    if (after.leaseOwner !== null) {
      this.#heldUntil = time.now + this.#scenario.leaseMs * MILLISECOND
    }
  }

  #processFor(same: boolean): Process {
    if (same && this.#process && !this.#process.isDead) return this.#process
    this.#process?.retire()
    this.#process = new Process(this.#around, `worker ${this.#processes.length + 1}`)
    this.#processes.push(this.#process)
    return this.#process
  }

  async #run(process: Process, plan: How): Promise<Ended> {
    process.prepare(plan)
    this.#seen = null
    const work = startWork(process, plan, this.#scenario)
    const { turns } = this.#around
    await turns.until(work, () => process.isDead || process.isStopped)
    if (process.isDead) return 'killed'
    if (process.isStopped) return this.#goOnAfterTakeOver(process, work)
    return work
  }

  /** I6: another worker runs a whole cycle; then the stopped one goes on, and must not commit anything more. */
  async #goOnAfterTakeOver(stopped: Process, work: Promise<Ended>): Promise<Ended> {
    const { time, turns } = this.#around
    const hadLease = (await this.#look()).leaseOwner === stopped.name
    time.advance(this.#scenario.leaseMs * MILLISECOND + SECOND)
    await this.#cycle({ ...NO_FAULTS, isFaultFree: true, kind: 'sync' }, false)
    const before = await this.#look()
    this.#seen = null
    stopped.isStopped = false
    this.history.push(`  ${stopped.name} goes on`)
    await turns.until(work, () => stopped.isDead)
    const ended = stopped.isDead ? 'killed' : await work
    // Without it, it may take it now.
    if (!hadLease) return ended
    const after = await this.#look()
    if (JSON.stringify(before.runs) !== JSON.stringify(after.runs)) {
      this.broken.push(`I6: ${stopped.name} committed after its lease was taken over`)
    }
    if (hasSucceeded(ended)) {
      this.broken.push(`I6: ${stopped.name} reports success although it lost its lease`)
    }
    return ended
  }

  async #look(): Promise<Observed> {
    this.#seen ??= await observe(this.#around.database.observer)
    return this.#seen
  }

  #restoreDue(): void {
    const { time } = this.#around
    for (const { id, restoredAt } of this.#scenario.lives) {
      if (restoredAt !== null && restoredAt <= time.now) this.#world.restore(id)
    }
  }
}
