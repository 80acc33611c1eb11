/**
 * `npm run -s build && node bench/own-script.ts`: what a kill -9 in the middle of the first load costs, a script of forty lines
 * (bench/support/own-script.mjs) and this program. Each is killed after half of the requests, and run again to its end.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { generate } from '../src/simulator/generate.ts'
import { DEFAULT_API_KEY, startSimulator } from '../src/simulator/server.ts'
import { World } from '../src/simulator/world.ts'
import { DAY, formatInstant, MILLISECOND } from '../src/values/instant.ts'
import { numberFrom, withBenchDatabase } from './support/database.ts'

const JOBS = 15_000
const DAYS = 60 * DAY
const PAGE = 100

const now = () => Date.now() * MILLISECOND
const world = new World({ now })
const from = now() - DAYS
generate(world, { seed: 'own script', jobs: JOBS, from, to: now() - DAY, arrival: 'bursty' })
const api = await startSimulator({ world, order: 'descending' })

await withBenchDatabase(async ({ url, pool }) => {
  const env = {
    PATH: process.env.PATH,
    LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
    LLAMA_CLOUD_BASE_URL: api.url,
    DATABASE_URL: url,
    SYNC_START_AT: formatInstant(from),
    SYNC_RATE_LIMIT: '1000/s',
    SYNC_LEASE: '5s',
  }
  const begin = (args: readonly string[]) =>
    spawn(process.execPath, args, { env, cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] })
  const lostBy = async (args: readonly string[], table: string) => {
    const killed = begin(args)
    const asked = api.requests.total
    api.settings.intercept = () => {
      if (api.requests.total - asked >= JOBS / PAGE / 2) killed.kill('SIGKILL')
      return undefined
    }
    await once(killed, 'exit')
    api.settings.intercept = undefined
    const [code] = await once(begin(args), 'exit')
    if (code !== 0) throw new Error(`the second run ended with ${code}`)
    return JOBS - (await numberFrom(pool, `select count(*) from ${table}`))
  }
  const script = new URL('support/own-script.mjs', import.meta.url).pathname
  const main = new URL('../dist/main.js', import.meta.url).pathname
  const lost = {
    script: await lostBy([script], 'own_jobs'),
    'llamacloud-sync': await lostBy([main, 'sync', '--wait', '1m'], 'llamacloud.classify_jobs'),
  }
  for (const [name, jobs] of Object.entries(lost))
    process.stdout.write(`${name}: ${jobs} of ${JOBS} jobs missing after a kill -9 and a second run\n`)
})
await api.close()
