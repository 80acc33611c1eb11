import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { playSeeds } from './play.ts'
import type { Verdict } from './seed.ts'
import { withServer } from './server.ts'

const USAGE = `npm run simulation -- [--seeds A..B] [--minutes N] [--processes N] [--keep-going] [--history]
Plays the seeds A to B, at most N minutes; exits with 1 when a promise was broken.`

interface Wanted {
  readonly from: number
  readonly to: number
  readonly minutes: number
  readonly processes: number
  readonly keepGoing: boolean
  readonly history: boolean
}

/** @throws Error when an argument makes no sense */
function readArguments(args: string[]): Wanted {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '1..300' },
      minutes: { type: 'string', default: 'Infinity' },
      processes: { type: 'string', default: String(availableParallelism() + 1) },
      'keep-going': { type: 'boolean', default: false },
      history: { type: 'boolean', default: false },
    },
  })
  const [from = Number.NaN, to = from] = values.seeds.split('..').map(Number)
  const [minutes, processes] = [Number(values.minutes), Number(values.processes)]
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && minutes > 0 && processes >= 1)) {
    throw new Error(USAGE)
  }
  return { from, to, minutes, processes, keepGoing: values['keep-going'], history: values.history }
}

function describe({ seed, broken, history }: Verdict): string {
  const repeat = `npm run simulation -- --seeds ${seed}..${seed} --history`
  const ends = broken.length > 0 ? `FAILED\n  ${broken.join('\n  ')}\n  repeat it with: ${repeat}` : 'passed'
  return `${history.join('\n')}\nseed ${seed} ${ends}\n`
}

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2))
  const began = performance.now()
  let [played, cycles] = [0, 0]
  const failed: number[] = []
  await withServer((serverUrl) =>
    playSeeds({
      ...wanted,
      serverUrl,
      until: began + wanted.minutes * 60_000,
      stopAtFailure: !wanted.keepGoing,
      onVerdict: (verdict) => {
        played += 1
        cycles += verdict.cycles
        if (verdict.broken.length > 0) failed.push(verdict.seed)
        if (played % 500 === 0) process.stderr.write(`${played} seeds played, ${failed.length} failures\n`)
        if (verdict.broken.length > 0 || wanted.history) process.stdout.write(`${describe(verdict)}\n`)
        else if (played % 1_000 === 0) process.stdout.write(`${played} seeds played\n`)
      },
    }),
  )
  const seconds = (performance.now() - began) / 1_000
  const pace = `${cycles} cycles in ${seconds.toFixed(0)} s, ${(played / seconds).toFixed(1)} seeds a second`
  const names = failed.length > 0 ? ` (${failed.slice(0, 20).join(', ')})` : ''
  process.stdout.write(
    `${played} seeds of ${wanted.from}..${wanted.to}, ${failed.length} failures${names}; ${pace}\n`,
  )
  return failed.length > 0 ? 1 : 0
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  return 2
})
