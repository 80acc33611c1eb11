import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { CannotListenError } from '../../../src/errors.ts'
import { type HttpServer, json, startHttp } from '../../../src/worker/http.ts'

async function start(): Promise<HttpServer> {
  const server = await startHttp({
    host: '127.0.0.1',
    port: 0,
    routes: {
      '/fine': async () => json(200, { fine: true }),
      '/broken': async () => {
        throw new Error('the password is hunter22')
      },
    },
  })
  onTestFinished(() => server.close())
  return server
}

/** Sends raw text and gives all that comes back until the connection ends. */
async function raw({ port }: HttpServer, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let received = ''
  socket.on('data', (part) => {
    received += part
  })
  socket.on('error', () => {}) // cut off while we were still sending
  socket.write(text)
  await once(socket, 'close')
  return received
}

test('answers GET on its paths, with or without a query, and closes the connection', async () => {
  const server = await start()
  for (const path of ['/fine', '/fine?x=1']) {
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('connection')).toBe('close')
    expect(await reply.json()).toEqual({ fine: true })
  }
})

test('anything else is refused: other methods, other paths, bodies, names of objects', async () => {
  const server = await start()
  const url = `http://127.0.0.1:${server.port}`
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    const reply = await fetch(`${url}/fine`, { method })
    expect([method, reply.status, reply.headers.get('allow')]).toEqual([method, 405, 'GET'])
  }
  for (const path of ['/', '/fine/', '/../fine/x', '/constructor', '/__proto__']) {
    expect((await fetch(`${url}${path}`)).status).toBe(404)
  }
})

test('I10: a failure says nothing of its reason to whoever asks', async () => {
  const server = await start()
  const reply = await fetch(`http://127.0.0.1:${server.port}/broken`)
  expect(reply.status).toBe(500)
  expect(await reply.text()).not.toContain('hunter22')
})

test('I11: large headers and a body that never comes do not hold it up', async () => {
  const server = await start()
  const large = `GET /fine HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`
  expect(await raw(server, large)).toMatch(/^HTTP\/1.1 431 /)
  const promised = 'GET /fine HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n'
  expect(await raw(server, promised)).toMatch(/^HTTP\/1.1 200 /)
})

test('I11: headers that never end are cut off', async () => {
  const server = await start()
  expect(await raw(server, 'GET /fine HTTP/1.1\r\nhost: x\r\nx-slow: ')).toMatch(/^(HTTP\/1.1 408 .*)?/s)
})

test('a port that is taken, or an address that is not there, may pass: exit code 1, so that a supervisor tries again', async () => {
  const { port } = await start()
  const second = startHttp({ host: '127.0.0.1', port, routes: {} })
  await expect(second).rejects.toThrow(CannotListenError)
  await expect(second).rejects.toMatchObject({ exitCode: 1 })
  await expect(second).rejects.toThrow(/HTTP_PORT=\d+ .*EADDRINUSE.*another worker.*HTTP_PORT=0/)
  await expect(startHttp({ host: '203.0.113.7', port: 0, routes: {} })).rejects.toMatchObject({ exitCode: 1 })
})

test('listens on this machine only, unless told', async () => {
  const { port } = await start()
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of outside) {
    await expect(fetch(`http://${address}:${port}/fine`)).rejects.toThrow()
  }
})
