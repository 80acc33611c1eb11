import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../clock.ts'
import { type Instant, MILLISECOND } from '../values/instant.ts'
import { type Answer, answer, changePage, htmlAnswer, rateLimited, refusal } from './answer.ts'
import type { Intercept } from './faults.ts'
import type { Order, Paging } from './page.ts'
import { Bucket, type RateLimit } from './rate-limit.ts'
import { type LoggedRequest, RequestLog } from './request-log.ts'
import type { World } from './world.ts'

/** What may be changed while the simulator runs; it holds from the next request on. */
export interface Settings {
  apiKey: string
  order: Order
  paging: Paging
  /** How long each answer takes, in milliseconds. */
  latencyMs: number
  rateLimit: RateLimit | undefined
  intercept: Intercept | undefined
}

export const DEFAULT_API_KEY = 'llx-simulated'

const DEFAULTS: Settings = {
  apiKey: DEFAULT_API_KEY,
  order: 'ascending',
  paging: 'keyset',
  latencyMs: 0,
  rateLimit: undefined,
  intercept: undefined,
}

export interface SimulatorOptions extends Partial<Settings> {
  /** Its time is that of the replies. */
  readonly world: World
  /** Those of other lists. */
  readonly others?: readonly World[]
  /** For waiting and for the rate limit; the upstream's time is the world's. The system's by default. */
  readonly clock?: Clock
  /** 127.0.0.1 by default. */
  readonly host?: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Of page tokens and shuffling. */
  readonly seed?: string
}

export interface Simulator {
  /** The base URL, without a slash at the end. */
  readonly url: string
  readonly world: World
  readonly requests: RequestLog
  readonly settings: Settings
  /** Closes all connections, also of requests that hang. */
  close(): Promise<void>
}

/** Serves a world as the API would. Rejects when the port cannot be taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const {
    world,
    others = [],
    clock = systemClock,
    host = '127.0.0.1',
    port = 0,
    seed = 'simulator',
    ...given
  } = options
  const settings = { ...DEFAULTS, ...given }
  const requests = new RequestLog()
  const closing = new AbortController()
  const context = {
    world,
    worlds: [world, ...others],
    clock,
    settings,
    requests,
    seed,
    bucket: new Bucket(),
    closing: closing.signal,
  }
  let count = 0
  const server = createServer((request, response) => {
    count++
    void serve(context, request, response, count)
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { url: urlOf(server), world, requests, settings, close: () => closeServer(server, closing) }
}

interface Context extends Pick<Simulator, 'world' | 'settings' | 'requests'> {
  readonly worlds: readonly World[]
  readonly clock: Clock
  readonly seed: string
  readonly bucket: Bucket
  readonly closing: AbortSignal
}

async function serve(context: Context, request: IncomingMessage, response: ServerResponse, count: number) {
  const url = URL.parse(`http://simulator${request.url}`) ?? new URL('http://simulator/')
  const entry = context.requests.begin(url)
  try {
    const result = await respond(context, request, { url, query: url.searchParams, count }, entry)
    if (result === 'hang') return
    if (result === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    context.requests.end(entry, result.status, result.items)
    send(response, result, context.world)
  } catch (error) {
    if (context.closing.aborted) return
    // An intercept that throws is a fault of the test: it must not look like an API that hangs.
    context.requests.end(entry, 500, undefined)
    send(response, refusal(500, `The simulator failed: ${error}`), context.world)
  }
}

type Result = Answer | 'hang' | 'reset'

async function respond(
  { world, worlds, clock, settings, seed, bucket, closing }: Context,
  request: IncomingMessage,
  intercepted: Parameters<Intercept>[0],
  entry: LoggedRequest,
): Promise<Result> {
  const fault = await settings.intercept?.(intercepted)
  if (fault) entry.fault = fault.kind
  const waitMs = settings.latencyMs + (fault?.kind === 'delay' ? fault.ms : 0)
  if (waitMs > 0) await clock.sleep(waitMs, closing)
  if (fault?.kind === 'hang' || fault?.kind === 'reset') return fault.kind
  if (fault?.kind === 'garbage') return htmlAnswer()
  if (fault?.kind === 'status') return { body: '', ...fault }
  const excess = settings.rateLimit && bucket.take(settings.rateLimit, clock.monotonic())
  if (excess) return rateLimited(excess.waitSeconds)
  const asOf = world.now() - (fault?.kind === 'past' ? fault.by : 0)
  const proper = answer(worlds, request, intercepted.url, { ...settings, seed }, asOf)
  if (fault?.kind === 'date')
    return { ...proper, headers: { ...proper.headers, date: httpDate(world.now() + fault.ahead) } }
  if (fault?.kind === 'page') return changePage(proper, fault.change)
  return fault?.kind === 'cut' ? { ...proper, cut: true } : proper
}

function send(response: ServerResponse, { status, body, headers, cut = false }: Answer, world: World): void {
  const bytes = Buffer.from(body)
  response.sendDate = false
  response.writeHead(status, {
    date: httpDate(world.now()),
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  })
  if (!cut) response.end(bytes)
  else response.write(bytes.subarray(0, bytes.length >>> 1), () => response.destroy())
}

function httpDate(at: Instant): string {
  return new Date(at / MILLISECOND).toUTCString()
}

function urlOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the simulator has no TCP address')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

async function closeServer(server: Server, closing: AbortController): Promise<void> {
  if (!server.listening) return
  closing.abort()
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
