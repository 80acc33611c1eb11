import PQueue from 'p-queue'

/** How many sources a worker has at work at once: they share one pool of connections. */
export const LANES = 4

/** How long a source may work while others wait for a lane. */
const TURN_MS = 60_000

/** The length of a turn, milliseconds; null where every source has a lane of its own. */
export function turnLength(sources: number): number | null {
  return sources > LANES ? TURN_MS : null
}

export interface TurnsOptions {
  /** How many are at work at once. */
  readonly lanes: number
  /** Never rejects. True: it stopped because its time was up, and has more to do. */
  readonly turn: (name: string) => Promise<boolean>
}

/**
 * Sources take turns on a few lanes: none is at work twice, and one with years of history to read does not keep the
 * others waiting, because it goes back to the end of the queue when its turn is over.
 */
export function createTurns({ lanes, turn }: TurnsOptions) {
  const queue = new PQueue({ concurrency: lanes })
  const states = new Map<string, 'waiting' | 'working' | 'asked again'>()
  let stopped = false
  const add = (name: string) => {
    states.set(name, 'waiting')
    void queue.add(async () => {
      states.set(name, 'working')
      const hasMore = await turn(name)
      const again = hasMore || states.get(name) === 'asked again'
      states.delete(name)
      if (again && !stopped) add(name)
    })
  }
  return {
    /**
     * Queues each name. One that waits already is not queued twice; one that is at work gets one more turn after this one,
     * however often it was offered meanwhile.
     */
    offer: (names: readonly string[]) => {
      for (const name of names) {
        const state = states.get(name)
        if (state === undefined && !stopped) add(name)
        else if (state === 'working') states.set(name, 'asked again')
      }
    },
    isIdle: () => states.size === 0,
    /** Resolves when nobody waits or works. */
    idle: () => queue.onIdle(),
    /** Drops those that wait and lets those that work end. */
    stop: () => {
      stopped = true
      queue.clear()
      states.clear()
      return queue.onIdle()
    },
  }
}
