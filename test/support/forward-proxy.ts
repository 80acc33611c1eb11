import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

const TINYPROXY = '/usr/bin/tinyproxy'

export interface ForwardProxy {
  readonly port: number
  /** The hosts and ports that were asked for, in their order. */
  asked(): Promise<readonly string[]>
}

export interface ProxyOptions {
  /** `user:password`; anybody may use it when left out. */
  readonly login?: string
  /** Lets nobody through. */
  readonly closed?: boolean
  /** With this status, where the proxy is the small one. */
  readonly refusal?: string
}

export type StartProxy = (options?: ProxyOptions) => Promise<ForwardProxy>

/** Knows CONNECT and nothing else, and runs wherever the tests do. */
export const startSmallProxy: StartProxy = async ({
  login,
  closed = false,
  refusal = '403 Forbidden',
} = {}) => {
  const asked: string[] = []
  const server = http.createServer((_request, reply) => reply.writeHead(405).end())
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', ({ url = '', headers }, socket) => {
    socket.on('error', () => {})
    asked.push(url)
    const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`
    if (headers['proxy-authorization'] !== wanted) return void socket.end('HTTP/1.1 407 Login\r\n\r\n')
    if (closed) return void socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`)
    const [host = '', port] = url.split(':')
    const onward = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
  })
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { port: (server.address() as AddressInfo).port, asked: async () => asked }
}

const startTinyproxy: StartProxy = async ({ login, closed = false } = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'llamacloud-sync-tinyproxy-'))
  const [config, log, filter] = ['conf', 'log', 'filter'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  const port = await freePort()
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    `LogFile "${log}"`,
    'LogLevel Connect',
    ...(login === undefined ? [] : [`BasicAuth ${login.replace(':', ' ')}`]),
    ...(closed ? [`Filter "${filter}"`, 'FilterDefaultDeny Yes'] : []),
    '',
  ]
  await writeFile(config, lines.join('\n'))
  await writeFile(filter, '^nobody$\n')
  await writeFile(log, '')
  const child = spawn(TINYPROXY, ['-d', '-c', config], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    await rm(directory, { recursive: true, force: true })
  })
  const text = () => readFile(log, 'utf8')
  await expect.poll(() => answers(port)).toBe(true)
  return {
    port,
    asked: async () => [...(await text()).matchAll(/CONNECT ([^ ]+) HTTP/g)].map(([, asked = '']) => asked),
  }
}

function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1')
  const answered = Promise.withResolvers<boolean>()
  socket.on('connect', () => answered.resolve(true)).on('error', () => answered.resolve(false))
  return answered.promise.finally(() => socket.destroy())
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Every forward proxy to be had on this machine. */
export const proxies: readonly (readonly [name: string, start: StartProxy])[] = [
  ['a small CONNECT proxy', startSmallProxy],
  ...(existsSync(TINYPROXY) ? [['tinyproxy', startTinyproxy] as const] : []),
]
