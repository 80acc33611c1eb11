import type { Random } from '../../src/simulator/random.ts'
import type { SimulatedTime } from './time.ts'

/** A simulated process. */
export interface Actor {
  readonly name: string
  /** Its code never goes on: nothing that it waits for is ever delivered. */
  isDead: boolean
  /** Stopped by SIGSTOP: what it waits for is kept for later. */
  isStopped: boolean
  /** Called before and after each of its steps. */
  onStep(when: 'before' | 'after', label: string): Promise<void>
}

/** By a lock that another step will let go of, or until it is aborted. */
export type HeldUp = 'by a lock' | 'for ever'

export interface Step<T> {
  readonly actor: Actor
  readonly label: string
  /** The real input or output: a request, a statement. */
  readonly run: () => Promise<T>
  /** Asked while it runs: whether its end is not to be waited for now. */
  readonly isHeldUp?: () => Promise<HeldUp | false>
  readonly signal?: AbortSignal | null | undefined
}

interface Waiting {
  readonly step: Step<unknown>
  readonly start: () => Promise<void>
}

interface Running {
  readonly step: Step<unknown>
  readonly ended: Promise<void>
  heldUp: HeldUp | false
  hasEnded: boolean
}

const SLOW_MS = 2
/** The longest cycle of 300 seeds takes 711. */
const MOST_TURNS = 20_000

/**
 * Lets one thing happen at a time. Everything that leaves the process, be it a request or a statement, waits here for
 * its turn; which is next is drawn from the seed, and runs to its end before the next. So the order of all events
 * follows from the seed alone, although API and database are real.
 */
export class Turns {
  readonly #random: Random
  readonly #time: SimulatedTime
  readonly #waiting: Waiting[] = []
  #running: Running[] = []
  taken = 0

  constructor(random: Random, time: SimulatedTime) {
    this.#random = random
    this.#time = time
  }

  /** Waits for a turn, then runs. A dead actor's promise stays pending for ever. */
  take<T>(step: Step<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { actor, signal } = step
      if (actor.isDead) return
      if (signal?.aborted) return reject(signal.reason)
      const deliver = (end: () => void) => {
        if (!actor.isDead) end()
      }
      let abandoned = false
      const start = async () => {
        try {
          await actor.onStep('before', step.label)
          if (abandoned || actor.isDead) return
          const result = await step.run()
          await actor.onStep('after', step.label)
          deliver(() => resolve(result))
        } catch (error) {
          deliver(() => reject(error))
        }
      }
      const waiting = { step, start }
      this.#waiting.push(waiting)
      signal?.addEventListener('abort', () => {
        abandoned = true
        const index = this.#waiting.indexOf(waiting)
        if (index !== -1) this.#waiting.splice(index, 1)
        deliver(() => reject(signal.reason))
      })
    })
  }

  /**
   * Lets things happen until the promise has settled.
   * @throws when nothing can happen any more, or things happen without end
   */
  async until(promise: Promise<unknown>, isOver: () => boolean = () => false): Promise<void> {
    let settled = false
    const settle = () => {
      settled = true
    }
    promise.then(settle, settle)
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      await atRest()
      if (settled || isOver()) return
      await this.#next()
    }
    throw new Error(`the worker does not end: it took ${MOST_TURNS} turns`)
  }

  async #next(): Promise<void> {
    const ready = this.#waiting.filter(({ step }) => !step.actor.isStopped && !step.actor.isDead)
    if (ready.length > 0) return this.#execute(this.#random.pick(ready))
    const locked = this.#running.filter(({ heldUp }) => heldUp === 'by a lock')
    if (locked.length > 0) {
      await Promise.race(locked.map(({ ended }) => ended))
      return this.#sift()
    }
    if (!this.#time.jump()) throw new Error('nothing can happen any more: the worker waits for ever')
  }

  async #execute(waiting: Waiting): Promise<void> {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
    this.taken += 1
    const { step } = waiting
    const running: Running = {
      step,
      heldUp: false,
      hasEnded: false,
      ended: waiting.start().then(() => {
        running.hasEnded = true
      }),
    }
    this.#running.push(running)
    await this.#settle(running)
    // Only the end of a transaction lets go of locks.
    if (/^(commit|rollback)/.test(step.label)) await this.#sift()
  }

  /** Looks after those that were held up by a lock. */
  async #sift(): Promise<void> {
    for (const running of [...this.#running]) {
      if (running.heldUp === 'by a lock' || running.hasEnded) await this.#settle(running)
    }
  }

  /** Waits until a running step has ended or is known to be held up. */
  async #settle(running: Running): Promise<void> {
    const { ended, step } = running
    let isKnown = running.heldUp !== false
    while (!running.hasEnded) {
      if (!isKnown) await Promise.race(step.isHeldUp ? [ended, pause(SLOW_MS)] : [ended])
      isKnown = false
      if (running.hasEnded) break
      running.heldUp = (await step.isHeldUp?.()) ?? false
      if (running.heldUp !== false) return
    }
    this.#running = this.#running.filter((other) => other !== running)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Lets all code that can go on without a turn do so. */
async function atRest(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve))
}
