import type { Fault, Intercept } from '../../src/simulator/faults.ts'
import type { Random } from '../../src/simulator/random.ts'
import type { Simulator } from '../../src/simulator/server.ts'
import { type Instant, MILLISECOND } from '../../src/values/instant.ts'
import { cutOff, headersOf } from '../support/in-flight.ts'
import type { SimulatedTime } from './time.ts'
import type { Actor, Turns } from './turns.ts'

export interface FetchOptions {
  readonly simulator: Simulator
  readonly turns: Turns
  readonly time: SimulatedTime
  readonly random: Random
  /** The longest that a request takes. */
  readonly latency: Instant
  readonly misbehave: Intercept | undefined
  readonly actor: Actor
  /** Told of each page that reached the process whole: how many items it had, and of which path. */
  readonly onPage: (items: number, path: string) => void
}

/** The `fetch` of a simulated process: real HTTP to the simulated API, one request at a time, in simulated time. */
export function createSimulatedFetch(options: FetchOptions): typeof fetch {
  const { turns, actor } = options
  return (input, init = {}) => {
    let hangs = false
    const { signal } = init
    const run = () =>
      request(options, String(input), init, () => {
        hangs = true
      })
    return turns.take({
      actor,
      label: `GET ${new URL(String(input)).search}`,
      run,
      signal,
      isHeldUp: async () => (hangs ? 'for ever' : false),
    })
  }
}

async function request(
  { simulator, time, random, latency, misbehave, onPage }: FetchOptions,
  url: string,
  init: RequestInit,
  onHang: () => void,
): Promise<Response> {
  const takes = random.int(MILLISECOND, Math.max(MILLISECOND, latency))
  time.advance(Math.floor(takes / 2))
  let fault: Fault | undefined
  simulator.settings.intercept = async (intercepted) => {
    fault = await misbehave?.(intercepted)
    if (fault?.kind === 'hang') onHang()
    return fault
  }
  const reply = await fetch(url, init)
  // What follows a cut does not come; the rest has arrived when the reply is handed on.
  const body = await reply.arrayBuffer().catch(() => null)
  time.advance(Math.ceil(takes / 2))
  if (body !== null && reply.status === 200 && fault?.kind !== 'garbage') {
    // A job that is asked for alone comes on no page.
    onPage(simulator.requests.entries.at(-1)?.items ?? 1, new URL(url).pathname)
  }
  return new Response(body ?? cutOff(), { status: reply.status, headers: headersOf(reply) })
}
