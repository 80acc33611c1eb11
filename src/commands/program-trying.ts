import { type Command, Option } from 'commander'
import { duration, wholeNumber } from './arguments.ts'
import type { CommandContext, ExitCode } from './context.ts'
import type { Run } from './program.ts'
import type { SimulateOptions } from './simulate.ts'

/** Commands to try the program out without an account. */
export function addTrying(program: Command, context: CommandContext, run: Run): void {
  program
    .command('demo')
    .description('show the program at work on an embedded PostgreSQL and a simulated API; needs no account')
    .option('--keep', 'leave PostgreSQL running until Ctrl-C, so that you can look around with psql', false)
    .action(run(async (options: { keep: boolean }) => (await import('./demo.ts')).runDemo(context, options)))
  program
    .command('simulate')
    .description('serve the simulated API')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 8080)
    .option('--jobs <number>', 'how many jobs each list has in all', wholeNumber(0, 100_000_000), 10_000)
    .option(
      '--days <days>',
      'how far back the jobs go, and for how many more days new ones arrive',
      wholeNumber(1, 3_650),
      30,
    )
    .option('--seed <seed>', 'seed of the generated jobs', '1')
    .addOption(
      new Option('--order <order>', 'order of the items in a listing')
        .choices(['ascending', 'descending', 'shuffled'])
        .default('descending'),
    )
    .option('--latency <duration>', 'how long each reply takes', duration, 0)
    .option(
      '--rate-limit <number>',
      'requests per second above which it replies 429',
      wholeNumber(1, 100_000),
    )
    .action(run(async (options: SimulateFlags) => startSimulate(context, options)))
}

interface SimulateFlags extends Omit<SimulateOptions, 'latencyMs' | 'rateLimit'> {
  readonly latency: number
  readonly rateLimit?: number
}

async function startSimulate(context: CommandContext, flags: SimulateFlags): Promise<ExitCode> {
  const { latency: latencyMs, rateLimit = null, ...options } = flags
  return (await import('./simulate.ts')).runSimulate(context, { ...options, latencyMs, rateLimit })
}
