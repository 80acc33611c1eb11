/**
 * A worker of its own process on the embedded server: `node embedded-worker.ts DATA_DIR`. Prints the server's URL once it
 * is up, or why there is none; leaves when its input ends, and prints `left` then.
 */
import { once } from 'node:events'
import { systemClock } from '../../src/clock.ts'
import { startEmbedded } from '../../src/embedded-postgres/embedded.ts'

const dataDir = process.argv[2] ?? ''
const server = await startEmbedded({ dataDir, clock: systemClock }).catch((error: Error) => {
  process.stdout.write(`${error.name}: ${error.message.replaceAll('\n', ' ')}\n`)
  process.exit(1)
})
process.stdout.write(`${server.url}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
await server.stop()
process.stdout.write('left\n')
