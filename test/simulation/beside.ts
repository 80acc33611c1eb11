import { World } from '../../src/simulator/world.ts'
import { type Instant, MILLISECOND } from '../../src/values/instant.ts'
import { brokenAlways, type How } from './checks.ts'
import type { SimulationDatabase } from './database.ts'
import type { Scenario } from './draw.ts'
import { differences } from './equality.ts'
import { BESIDE, type Observed, observe } from './observe.ts'
import { brokenOutcome, type Ended, hasSucceeded } from './outcome.ts'
import { brokenAfterSuccess } from './success.ts'
import { Upstream } from './upstream.ts'

/** What was so when a cycle began. */
export interface Begun {
  readonly before: Observed
  readonly delivered: number
  readonly began: Instant
}

/** Another list, which the same process reads at the same time by the same key. Whatever holds of a source holds of its source too. */
export class Beside {
  readonly world: World
  delivered = 0
  readonly #scenario: Scenario
  readonly #upstream: Upstream
  readonly #database: SimulationDatabase
  #heldUntil: Instant = 0

  constructor(
    scenario: Scenario,
    drawn: NonNullable<Scenario['beside']>,
    database: SimulationDatabase,
    now: () => Instant,
  ) {
    this.#scenario = { ...scenario, ...drawn, credits: false }
    this.world = new World({ now, simulates: drawn.list.simulates })
    this.world.put(...drawn.lives.map(({ job }) => job))
    this.#upstream = new Upstream(this.world, [])
    this.#database = database
  }

  async begin(): Promise<Begun> {
    return { before: await this.#look(), delivered: this.delivered, began: this.world.now() }
  }

  /** What broke in a cycle. */
  async judge(
    ended: Ended,
    plan: How,
    { before, delivered, began, isAlone }: Begun & { readonly isAlone: boolean },
  ): Promise<string[]> {
    const after = await this.#look()
    const none = { rowsLost: 0, isReset: false, isUnnoticed: false, wasUnnoticed: false }
    const span = {
      began,
      ended: this.world.now(),
      delivered: this.delivered - delivered,
      visible: this.world.size,
    }
    const around = {
      scenario: this.#scenario,
      upstream: this.#upstream,
      plan,
      before,
      after,
      isAlone,
      ...span,
      ...none,
    }
    const broken = [
      ...brokenAlways(around),
      ...brokenOutcome(ended, { ...around, heldUntil: this.#heldUntil }),
      ...(hasSucceeded(ended) ? brokenAfterSuccess(around) : []),
    ]
    if (after.leaseOwner !== null) this.#heldUntil = span.ended + this.#scenario.leaseMs * MILLISECOND
    return broken.map(said)
  }

  /** What differs when all was read. */
  async differences(): Promise<string[]> {
    const found = await differences(this.#database, this.world, this.#scenario, await this.#look())
    return found.map(({ text }) => said(text))
  }

  #look(): Promise<Observed> {
    return observe(this.#database.observer, BESIDE, this.#scenario)
  }
}

const said = (line: string) => `of the list beside: ${line}`
