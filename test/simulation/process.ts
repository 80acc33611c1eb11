import { createLogger } from '../../src/log.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { DEFAULT_PROJECT } from '../../src/simulator/job.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'
import type { Simulator } from '../../src/simulator/server.ts'
import { createSources } from '../../src/sources.ts'
import type { Source } from '../../src/sync/source.ts'
import { HOUR, type Instant } from '../../src/values/instant.ts'
import { createMisbehaviour } from '../support/misbehaviour.ts'
import { settingsFor } from '../support/settings.ts'
import { createSimulatedFetch } from './api.ts'
import { createSimulatedPool, type DatabaseFault, type SimulatedPool } from './connection.ts'
import type { SimulationDatabase } from './database.ts'
import type { Scenario } from './draw.ts'
import { type CyclePlan, NO_FAULTS } from './draw-cycles.ts'
import { BESIDE } from './observe.ts'
import type { SimulatedTime } from './time.ts'
import type { Actor, Turns } from './turns.ts'
import type { Upstream } from './upstream.ts'

/** What all processes of a simulation share. */
export interface Surroundings {
  readonly scenario: Scenario
  readonly database: SimulationDatabase
  readonly simulator: Simulator
  readonly upstream: Upstream
  readonly time: SimulatedTime
  readonly turns: Turns
  readonly note: (line: string) => void
  readonly onPage: (items: number, path: string) => void
  readonly beforeRequest: () => void
}

/** By their names, in the order of their beginning. */
export interface Done {
  readonly steps: readonly string[]
  readonly statements: readonly string[]
}

type Plan = Omit<CyclePlan, 'gap' | 'kind' | 'sameProcess'>

/** A worker's process, and all that befalls it. */
export class Process implements Actor {
  readonly name: string
  readonly source: Source
  /** Of another list. */
  readonly beside: Source | undefined
  isDead = false
  isStopped = false
  #steps: string[] = []
  #statements: string[] = []
  #plan: Plan = { ...NO_FAULTS, isFaultFree: true }
  #downUntil: Instant = 0
  #skew: Instant = 0
  #toStop = new AbortController()
  readonly #around: Surroundings
  readonly #random: Random
  readonly #commits: Random
  readonly #connections: SimulatedPool
  #misbehave: ReturnType<typeof createMisbehaviour> | undefined

  /** `sourceName`: one of another name but `second` has the whole scope. */
  constructor(around: Surroundings, name: string, sourceName: string) {
    this.name = name
    this.#around = around
    this.#random = createRandom(`${around.scenario.seed} ${name}`)
    this.#commits = createRandom(`commits of ${around.scenario.seed} ${name}`)
    const { database, turns, time, scenario } = around
    this.#connections = createSimulatedPool({
      database,
      turns,
      actor: this,
      now: () => time.now + scenario.databaseSkew,
      faultFor: (statement) => this.#databaseFault(statement),
      isRefused: () => time.now < this.#downUntil,
    })
    const [source, beside] = this.#createSources(sourceName)
    this.source = source
    this.beside = beside
  }

  /** What it did in its latest cycle, one request or statement after the other. */
  get done(): Done {
    return { steps: this.#steps, statements: this.#statements }
  }

  /** SIGTERM. */
  get signal(): AbortSignal {
    return this.#toStop.signal
  }

  /** What is to befall it in its next cycle. */
  prepare(plan: Plan): void {
    this.#plan = plan
    this.#steps = []
    this.#statements = []
    this.#skew = plan.wallSkew
    this.#downUntil = 0
    this.#toStop = new AbortController()
    const seed = `${this.#around.scenario.seed} ${this.name} ${this.#random.bits()}`
    this.#misbehave = createMisbehaviour({ knobs: plan.knobs, seed, now: () => this.#around.time.now })
  }

  async onStep(when: 'before' | 'after', label: string): Promise<void> {
    const { interruption, jumpAt, database, mishap } = this.#plan
    if (when === 'before') this.#steps.push(label)
    const step = this.#steps.length
    if (when === 'before' && step === jumpAt) this.#skew += this.#random.pick([HOUR, -HOUR])
    if (when === 'before' && step === database.restartAt) await this.#loseServer(label)
    if (when === 'before' && mishap?.kind === 'failover') await this.#failOver(mishap, label)
    if (!interruption || step < interruption.at) return
    if (interruption.kind === 'crash') {
      if (step > interruption.at || when === interruption.when) await this.kill(`${when} ${label}`)
    } else if (interruption.kind === 'asked to stop') {
      if (step === interruption.at && when === 'before') this.#askToStop(label)
    } else if (when === 'after' && this.#connections.inUse === 0) {
      this.#around.note(`${this.name} is stopped in step ${step}, after ${label}`)
      this.isStopped = true
      this.#plan = { ...this.#plan, interruption: null }
    }
  }

  async kill(where: string): Promise<void> {
    if (this.isDead) return
    this.#around.note(`${this.name} is killed in step ${this.#steps.length}, ${where}`)
    this.isDead = true
    await this.#connections.disconnect()
  }

  /** Another process takes its place. */
  retire(): void {
    this.#connections.release()
  }

  #askToStop(label: string): void {
    this.#around.note(`${this.name} is asked to stop in step ${this.#steps.length}, before ${label}`)
    this.#toStop.abort(new Error('asked to stop'))
  }

  async #loseServer(label: string): Promise<void> {
    this.#around.note(`the database goes away in step ${this.#steps.length}, before ${label}`)
    this.#downUntil = this.#around.time.now + this.#plan.database.downFor
    await this.#connections.disconnect()
  }

  async #failOver({ replicatedAt, at }: { replicatedAt: number; at: number }, label: string): Promise<void> {
    const { note, database } = this.#around
    if (this.#steps.length === replicatedAt) await database.standby.replicate()
    if (this.#steps.length !== at) return
    note(`the standby, as it was before step ${replicatedAt}, takes over in step ${at}, before ${label}`)
    await this.#connections.disconnect()
    await database.standby.takeOver()
  }

  #lagging(): Fault | undefined {
    const { lag } = this.#around.scenario
    if (lag === 0 || this.#plan.isFaultFree || !this.#random.chance(0.5)) return undefined
    return { kind: 'past', by: this.#random.int(Math.floor(lag / 2), lag) }
  }

  #databaseFault(statement: string): DatabaseFault | undefined {
    const { errors, kills, lostAnswers, faultAt } = this.#plan.database
    this.#statements.push(statement)
    const isChosen = faultAt?.statement === this.#statements.length
    const drawn = this.#drawDatabaseFault(errors, kills, lostAnswers) ?? this.#lostCommit(statement)
    const fault = isChosen ? faultAt.fault : drawn
    if (fault) this.#around.note(`database: ${Object.values(fault).join(' ')}, ${statement}`)
    return fault
  }

  #drawDatabaseFault(errors: number, kills: number, lostAnswers: number): DatabaseFault | undefined {
    const random = this.#random
    if (random.chance(errors)) return { kind: 'error', state: random.pick(STATES) }
    if (random.chance(kills)) return { kind: 'killed' }
    return random.chance(lostAnswers) ? { kind: 'answer lost' } : undefined
  }

  #lostCommit(statement: string): DatabaseFault | undefined {
    const isLost = statement === 'commit' && this.#commits.chance(this.#around.scenario.lostCommits)
    return isLost && !this.#plan.isFaultFree ? { kind: 'answer lost' } : undefined
  }

  #createSources(name: string): readonly [Source, ...Source[]] {
    const { scenario, simulator, time, database } = this.#around
    const { options, credits, leaseMs, requestTimeoutMs } = scenario
    const clock = time.clock(
      () => this.#skew,
      () => this.isDead,
    )
    const settings = settingsFor(simulator, { run: options, credits, leaseMs, requestTimeoutMs })
    const { list } = scenario.list
    const beside = scenario.beside?.list.list
    const scoped = {
      ...settings.sources[0],
      list: list.name,
      name,
      ...(name === 'second' && { projectId: DEFAULT_PROJECT }),
    }
    const others = beside ? [{ ...settings.sources[0], list: beside.name, name: BESIDE }] : []
    const [source, ...rest] = createSources(
      { ...settings, sources: [scoped, ...others] },
      {
        lists: beside ? [list, beside] : [list],
        database: { url: database.url, pool: this.#connections.pool },
        log: createLogger({ level: 'silent', format: 'json', secrets: () => [] }),
        clock,
        fetch: this.#createFetch(),
        random: () => this.#random.next(),
      },
    )
    const asSimulated = (each: Source): Source => {
      const scope = { ...each.scope, baseUrl: 'http://simulated' }
      return { ...each, scope, options, leaseClock: clock, owner: this.name }
    }
    return [asSimulated(source), ...rest.map(asSimulated)]
  }

  #createFetch(): typeof fetch {
    const { scenario, simulator, upstream, turns, time, onPage, beforeRequest } = this.#around
    return createSimulatedFetch({
      simulator,
      turns,
      time,
      random: this.#random,
      latency: scenario.latency,
      misbehave: (request) => {
        beforeRequest()
        return upstream.intercept((each) => this.#lagging() ?? this.#misbehave?.(each))(request)
      },
      actor: this,
      onPage,
    })
  }
}

/** What a server answers that is in trouble: serialization, deadlock, disk full, time-outs, going down, read-only. */
const STATES = ['40001', '40P01', '53100', '53300', '55P03', '57014', '57P01', '25006', '08006']
