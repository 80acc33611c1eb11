import { createServer } from 'node:net'
import { EmbeddedPostgresError } from '../../errors.ts'
import { HOST } from './access.ts'

/** Below the range from which systems hand out ports to outgoing connections, so that it stays free between runs. */
const FIRST = 15_432
const COUNT = 200

/** Whether a server may listen on the port of this machine's loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** The wished port if it is free, else the first of ours that is. */
export async function freePort(wished?: number): Promise<number> {
  if (wished !== undefined && (await isFree(wished))) return wished
  for (let port = FIRST; port < FIRST + COUNT; port++) if (await isFree(port)) return port
  throw new EmbeddedPostgresError(`No port from ${FIRST} to ${FIRST + COUNT - 1} is free on ${HOST}.`)
}
