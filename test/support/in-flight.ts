import type { Clock } from '../../src/clock.ts'
import type { RequestLog } from '../../src/simulator/request-log.ts'
import type { Activity } from './virtual-clock.ts'

/** The requests of all workers that are not answered yet, and what they wait for. */
export class InFlight {
  readonly #log: () => RequestLog
  readonly #queries: string[] = []
  /** Replies that wait for simulated time. */
  #asleep = 0

  constructor(log: () => RequestLog) {
    this.#log = log
  }

  /** For the simulator: its latency passes by the simulated time. */
  clock(clock: Clock): Clock {
    return {
      ...clock,
      sleep: async (ms, signal) => {
        this.#asleep += 1
        await clock.sleep(ms, signal).finally(() => {
          this.#asleep -= 1
        })
      },
    }
  }

  activity(): Activity {
    if (this.#queries.length === 0) return 'none'
    const hung = this.#queries.filter((query) => this.#hangs(query)).length
    if (this.#queries.length > hung + this.#asleep) return 'busy'
    return this.#asleep > 0 ? 'none' : 'stuck'
  }

  /** In flight until the whole body has come. */
  readonly fetch: typeof fetch = async (input, init) => {
    const query = new URL(String(input)).searchParams.toString()
    this.#queries.push(query)
    try {
      const reply = await fetch(input, init)
      const body = await reply.arrayBuffer().catch(() => null)
      return new Response(body ?? cutOff(), { status: reply.status, headers: headersOf(reply) })
    } finally {
      this.#queries.splice(this.#queries.indexOf(query), 1)
    }
  }

  #hangs(query: string): boolean {
    const entry = this.#log().entries.findLast((each) => each.query.toString() === query)
    return entry?.fault === 'hang' && entry.status === undefined
  }
}

export function headersOf({ headers }: Response): Headers {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'connection', 'keep-alive']) kept.delete(name)
  return kept
}

/** The rest of a reply that was cut. */
export function cutOff(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => controller.error(new TypeError('terminated')),
  })
}
