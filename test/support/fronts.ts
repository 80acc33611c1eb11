import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import tls from 'node:tls'
import { onTestFinished } from 'vitest'

interface Certified {
  readonly key: string
  readonly cert: string
}

/** A server's port, until the test ends. */
async function listening(server: net.Server, at: string | number = 0): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  server.listen(typeof at === 'number' ? { port: at, host: '127.0.0.1' } : { path: at })
  await once(server, 'listening')
  return typeof at === 'number' ? (server.address() as AddressInfo).port : 0
}

/** Both ways until one side ends. What breaks off is the business of those who talk. */
function join(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy())
  other.on('error', () => one.destroy())
  one.pipe(other).pipe(one)
}

function connectTo(url: string): Socket {
  const { hostname, port } = new URL(url)
  return net.connect({ host: hostname, port: Number(port || 5432) })
}

/** PostgreSQL with TLS by this certificate, before a server that may have none. Returns its port. */
export function tlsFront(databaseUrl: string, { key, cert }: Certified): Promise<number> {
  const secureContext = tls.createSecureContext({ key, cert })
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('S')
      const secure = new tls.TLSSocket(socket, { isServer: true, secureContext })
      join(secure, connectTo(databaseUrl))
    })
  })
  return listening(server)
}

/** PostgreSQL without TLS, whatever the server behind it has. Returns its port. */
export function plainFront(databaseUrl: string): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (first) => {
      // The request for TLS is 8 bytes, and its answer one.
      if (first.length === 8) return void socket.end('N')
      const backend = connectTo(databaseUrl)
      backend.write(first)
      join(socket, backend)
    })
  })
  return listening(server)
}

/** Tells which side of its first connection hangs up first. */
export async function watchedFront(databaseUrl: string) {
  const first = Promise.withResolvers<'client' | 'server'>()
  const server = net.createServer((socket) => {
    const backend = connectTo(databaseUrl)
    socket.on('end', () => first.resolve('client'))
    backend.on('end', () => first.resolve('server'))
    join(socket, backend)
  })
  return { port: await listening(server), firstToEnd: first.promise }
}

/** The server of a database on a socket in this directory. */
export async function socketFront(databaseUrl: string, directory: string): Promise<void> {
  await listening(
    net.createServer((socket) => join(socket, connectTo(databaseUrl))),
    `${directory}/.s.PGSQL.5432`,
  )
}

/** Refuses every login in the words and with the SQLSTATE of a pooler. Returns its port. */
export function refusingPooler(sqlState: string, words: string): Promise<number> {
  const fields = ['SFATAL', 'VFATAL', `C${sqlState}`, `M${words}`].map((field) => `${field}\0`).join('')
  const body = Buffer.from(`${fields}\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(body.length + 4, 1)
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat([head, body])))
  })
  return listening(server)
}

/** The HTTP server behind this address, over TLS by this certificate. Returns its port. */
export function httpsFront(url: string, { key, cert }: Certified): Promise<number> {
  const forward: RequestListener = (request, reply) => {
    const { method, headers, url: path = '/' } = request
    const onward = http.request(new URL(path, url), { method: method ?? 'GET', headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(reply)
    })
    onward.on('error', () => reply.destroy())
    request.pipe(onward)
  }
  return listening(https.createServer({ key, cert }, forward))
}
