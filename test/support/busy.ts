/**
 * `npm run test:busy`: `npm test` while all processors are taken, by a loop for each of them and four more. It passes, only
 * later: no test waits for a time in which a machine has to be done.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

const loops = Array.from(
  { length: availableParallelism() + 4 },
  () => new Worker('for (;;) {}', { eval: true }),
)
const tests = spawn('npm', ['test', '--', ...process.argv.slice(2)], { stdio: 'inherit' })
const [code] = await once(tests, 'exit')
await Promise.all(loops.map((loop) => loop.terminate()))
process.exitCode = code ?? 1
