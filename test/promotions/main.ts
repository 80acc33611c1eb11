import { parseArgs } from 'node:util'
import { playPromotion } from './play.ts'
import { Servers } from './servers.ts'

const USAGE = `npm run promotions -- [--seeds A..B]
Interrupts a worker with a failover to a standby that lacks the last commits, once a seed; exits with 1 when a run or verify finds it not repaired.`

/** @throws Error when an argument makes no sense */
function readArguments(args: string[]): { from: number; to: number } {
  const { values } = parseArgs({ args, options: { seeds: { type: 'string', default: '1..50' } } })
  const [from = Number.NaN, to = from] = values.seeds.split('..').map(Number)
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to))) throw new Error(USAGE)
  return { from, to }
}

async function main(): Promise<number> {
  const { from, to } = readArguments(process.argv.slice(2))
  const servers = await Servers.start()
  const failed: number[] = []
  try {
    for (let seed = from; seed <= to; seed++) {
      const { broken, history } = await playPromotion(servers, seed)
      if (broken.length > 0) failed.push(seed)
      process.stdout.write(`${[history, ...broken.map((text) => `  FAILED: ${text}`)].join('\n')}\n`)
    }
  } finally {
    await servers.stop()
  }
  const names = failed.length > 0 ? ` (${failed.join(', ')})` : ''
  process.stdout.write(`${to - from + 1} promotions, ${failed.length} failures${names}\n`)
  return failed.length > 0 ? 1 : 0
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  return 2
})
