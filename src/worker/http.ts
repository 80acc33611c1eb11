import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CannotListenError, SettingsError } from '../errors.ts'

export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface HttpOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** What each path answers. */
  readonly routes: Readonly<Record<string, () => Promise<Reply>>>
}

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

const LONGEST_MS = 10_000
const MOST_HEADER_BYTES = 8_192
const MOST_CONNECTIONS = 64
/** A former worker that is about to end, or a network that is about to come: a supervisor is to try again. */
const MAY_PASS = ['EADDRINUSE', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']

/**
 * Answers GET on a few paths and nothing else. Whoever sends large or slow headers, or a body, is cut off.
 *
 * @throws SettingsError, or CannotListenError where that may pass, when it cannot listen there
 */
export async function startHttp({ host, port, routes }: HttpOptions): Promise<HttpServer> {
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: LONGEST_MS / 2,
      requestTimeout: LONGEST_MS,
      connectionsCheckingInterval: LONGEST_MS / 10,
      keepAliveTimeout: LONGEST_MS / 2,
    },
    (request, response) => void answer(routes, request, response),
  )
  server.maxConnections = MOST_CONNECTIONS
  server.setTimeout(LONGEST_MS)
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (cause) {
    const { message, code = '' }: NodeJS.ErrnoException =
      cause instanceof Error ? cause : new Error(String(cause))
    const said = `Cannot listen on HTTP_HOST=${host}, HTTP_PORT=${port} (${message}). `
    const cure = 'Choose another address or port, or HTTP_PORT=0 to serve nothing.'
    throw MAY_PASS.includes(code)
      ? new CannotListenError(`${said}Is another worker running? ${cure}`, { cause })
      : new SettingsError(`${said}${cure}`, { cause })
  }
  const { port: taken } = server.address() as AddressInfo
  return { port: taken, close: () => close(server) }
}

async function answer(
  routes: HttpOptions['routes'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A body is of no use here; the connection ends with the answer, and the rest of it with the connection.
  response.setHeader('connection', 'close')
  response.setHeader('cache-control', 'no-store')
  if (request.method !== 'GET') {
    response.setHeader('allow', 'GET')
    return send(response, plain(405, 'only GET is allowed'))
  }
  const path = (request.url ?? '').replace(/\?.*$/s, '')
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined)
    return send(response, plain(404, `not found; try ${Object.keys(routes).join(', ')}`))
  // The reason is for the log; who asks here may be anyone on the network.
  send(response, await route().catch(() => plain(500, 'internal error')))
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

function plain(status: number, text: string): Reply {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}

export function json(status: number, value: object): Reply {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
