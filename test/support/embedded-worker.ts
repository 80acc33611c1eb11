/**
 * A worker of its own process on the embedded server: `node embedded-worker.ts DATA_DIR`. Prints the server's URL once it
 * is up, leaves when its input ends, and prints `left` then.
 */
import { once } from 'node:events'
import { systemClock } from '../../src/clock.ts'
import { startEmbedded } from '../../src/store/embedded/embedded.ts'

const server = await startEmbedded({ dataDir: process.argv[2] ?? '', clock: systemClock })
process.stdout.write(`${server.url}\n`)
process.stdin.resume()
await once(process.stdin, 'end')
await server.stop()
process.stdout.write('left\n')
