import type pg from 'pg'
import type { Clock } from '../../clock.ts'
import type { Access } from './access.ts'
import { enter, leave } from './presence.ts'

export interface ShareOptions {
  readonly access: Access
  readonly clock: Clock
  readonly log: (line: string) => void
  /**
   * Starts the server again unless another worker did or the signal aborted, and does `work` before anyone else may
   * start or stop it.
   */
  readonly restart: (signal: AbortSignal, work: (access: Access) => Promise<void>) => Promise<void>
}

/** A worker's share of a running server, which it starts again when it goes away by itself. */
export interface Share {
  /** The server is gone, or somewhere else, and could not be brought back: what was connected to it is of no use. */
  isLost(): boolean
  /** True when this was the last worker on the server. */
  leave(): Promise<boolean>
  /** Gives the connection up, whatever came of leaving. */
  end(): void
}

/** A server that was killed may need a moment until its last process is gone. */
const ATTEMPTS = 5
const PAUSE_MS = 1_000

export async function takeShare(options: ShareOptions): Promise<Share> {
  const share = new HeldShare(options, await enter(options.access))
  share.watch()
  return share
}

class HeldShare implements Share {
  readonly #options: ShareOptions
  readonly #left = new AbortController()
  #presence: pg.Client
  #lost = false

  constructor(options: ShareOptions, presence: pg.Client) {
    this.#options = options
    this.#presence = presence
  }

  isLost(): boolean {
    return this.#lost
  }

  watch(): void {
    this.#presence.once('end', () => {
      if (this.#left.signal.aborted) return
      this.#lost = true
      this.#options.log('The embedded PostgreSQL went away by itself: it is started again.')
      this.#comeBack().catch((error: unknown) => this.#tellFailure(error))
    })
  }

  leave(): Promise<boolean> {
    this.#left.abort()
    return leave(this.#presence)
  }

  end(): void {
    this.#left.abort()
    this.#presence.end().catch(() => {})
  }

  async #comeBack(): Promise<void> {
    const { access, clock, log, restart } = this.#options
    for (let attempt = 1; ; attempt++) {
      // Before each attempt, so that a server that dies as soon as it is up is not started in a tight loop.
      await clock.sleep(PAUSE_MS, this.#left.signal)
      try {
        // Entered before anyone else may stop the server, or we would leave it running when we are told to stop now.
        await restart(this.#left.signal, async (found) => {
          // At another port only a new connection string finds it: lost all the same.
          this.#lost = found.port !== access.port
          this.#presence = await enter(found)
        })
        break
      } catch (error) {
        if (attempt === ATTEMPTS) throw error
      }
    }
    this.watch()
    if (!this.#lost) log('The embedded PostgreSQL is back.')
  }

  #tellFailure(error: unknown): void {
    if (this.#left.signal.aborted) return
    const reason = error instanceof Error ? error.message : String(error)
    this.#options.log(`The embedded PostgreSQL could not be started again: ${reason}`)
  }
}
