import { Command, Option } from 'commander'
import type { Instant } from '../values/instant.ts'
import { duration, maxRuntime, moment, wholeNumber } from './arguments.ts'
import type { CommandContext, ExitCode } from './context.ts'

/**
 * The command line. Each command's module is loaded only when it is run, so that a `sync` in a cron container starts
 * without what it does not need.
 *
 * @param finish is told the exit code of the command that ran
 */
export function createProgram(context: CommandContext, finish: (code: ExitCode) => void): Command {
  const program = new Command('llamacloud-sync')
    .description("Keeps PostgreSQL tables equal to a LlamaCloud project's classify jobs.")
    .addHelpText('after', '\nSettings are environment variables: see .env.example or the README.')
    .showHelpAfterError()
    .exitOverride()
  const run =
    <Options>(start: (options: Options) => Promise<ExitCode>) =>
    async (options: Options) =>
      finish(await start(options))
  addWork(program, context, run)
  addLooking(program, context, run)
  addReading(program, context, run)
  addMoving(program, context, run)
  addDoctor(program, context, run)
  addTrying(program, context, run)
  return program
}

type Run = <Options>(start: (options: Options) => Promise<ExitCode>) => (options: Options) => Promise<void>

function addWork(program: Command, context: CommandContext, run: Run): void {
  program
    .command('sync')
    .description('one cycle, then exit: for cron and Kubernetes')
    .addOption(maxRuntime())
    .action(
      run(async ({ maxRuntime }: { maxRuntime?: number }) =>
        (await import('./sync.ts')).runSync(context, { maxRuntimeMs: maxRuntime ?? null }),
      ),
    )
  program
    .command('run')
    .description('stay up: a cycle at every tick of SYNC_SCHEDULE, health and metrics over HTTP')
    .action(run(async () => (await import('./run.ts')).runService(context)))
  program
    .command('backfill')
    .description('read the jobs of a span of created_at again')
    .requiredOption('--from <time>', 'its start, such as 2026-01-31 or 2026-01-31T12:00:00Z', moment)
    .option('--to <time>', 'its end; now if left out', moment)
    .addOption(maxRuntime())
    .action(
      run(async ({ from, to, maxRuntime }: { from: Instant; to?: Instant; maxRuntime?: number }) =>
        (await import('./backfill.ts')).runBackfill(context, {
          from,
          to: to ?? null,
          maxRuntimeMs: maxRuntime ?? null,
        }),
      ),
    )
  program
    .command('reconcile')
    .description('compare the whole list with the tables, repair what differs, find what was deleted')
    .action(run(async () => (await import('./reconcile.ts')).runReconcile(context)))
  program
    .command('migrate')
    .description('apply the migrations that the database lacks')
    .action(run(async () => (await import('./migrate.ts')).runMigrate(context)))
}

function addLooking(program: Command, context: CommandContext, run: Run): void {
  program
    .command('status')
    .description('coverage, lag, progress of the history, open jobs, rejects, last runs')
    .option('--json', 'as JSON', false)
    .action(
      run(async (options: { json: boolean }) => (await import('./status.ts')).runStatus(context, options)),
    )
  program
    .command('verify')
    .description('compare the API and the tables, job by job and field by field; writes nothing')
    .option('--json', 'as JSON', false)
    .option('--limit <number>', 'how many differences are shown', wholeNumber(0, 1_000_000), 100)
    .action(
      run(async (options: { json: boolean; limit: number }) =>
        (await import('./verify.ts')).runVerify(context, options),
      ),
    )
}

function addReading(program: Command, context: CommandContext, run: Run): void {
  program
    .command('grant')
    .description('let a role of PostgreSQL read the tables and views, and nothing else')
    .argument('<role>', 'an existing role')
    .action(run(async (role: string) => (await import('./grant.ts')).runGrant(context, role)))
  program
    .command('report')
    .description(
      'write an HTML page: volume, types, confidence, times, failures, rules, review queue, freshness',
    )
    .option('--out <file>', 'where to', 'report.html')
    .option('--days <days>', 'how many, up to the newest watermark', wholeNumber(1, 366), 30)
    .action(
      run(async (options: { out: string; days: number }) =>
        (await import('./report.ts')).runReport(context, options),
      ),
    )
}

function addMoving(program: Command, context: CommandContext, run: Run): void {
  program
    .command('export')
    .description('write all rows to a new file, to move to another PostgreSQL or another major version of it')
    .argument('<file>', 'where to')
    .action(run(async (file: string) => (await import('./export.ts')).runExport(context, file)))
  program
    .command('import')
    .description('fill an empty database with what export wrote')
    .argument('<file>', 'what export wrote')
    .action(run(async (file: string) => (await import('./export.ts')).runImport(context, file)))
}

function addDoctor(program: Command, context: CommandContext, run: Run): void {
  program
    .command('doctor')
    .description('check settings, database and API one by one, and say how to mend what is wrong')
    .option('--json', 'as JSON', false)
    .action(
      run(async (options: { json: boolean }) => (await import('./doctor.ts')).runDoctor(context, options)),
    )
}

function addTrying(program: Command, context: CommandContext, run: Run): void {
  program
    .command('demo')
    .description('embedded PostgreSQL and the simulated API: syncs, shows what is stored and how to query it')
    .option('--keep', 'leave PostgreSQL running until Ctrl-C, to look around with psql', false)
    .action(run(async (options: { keep: boolean }) => (await import('./demo.ts')).runDemo(context, options)))
  program
    .command('simulate')
    .description('serve the simulated API')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 8080)
    .option('--jobs <number>', 'how many jobs there are in all', wholeNumber(0, 100_000_000), 10_000)
    .option(
      '--days <days>',
      'how far they lie back, and how long they go on to arrive',
      wholeNumber(1, 3_650),
      30,
    )
    .option('--seed <seed>', 'another seed makes another world', '1')
    .addOption(
      new Option('--order <order>', 'order of the items')
        .choices(['ascending', 'descending', 'shuffled'])
        .default('descending'),
    )
    .option('--latency <duration>', 'how long each answer takes', duration, 0)
    .option('--rate-limit <number>', 'requests a second before it answers 429', wholeNumber(1, 100_000))
    .action(run(async (options: SimulateFlags) => startSimulate(context, options)))
}

interface SimulateFlags {
  readonly host: string
  readonly port: number
  readonly jobs: number
  readonly days: number
  readonly seed: string
  readonly order: 'ascending' | 'descending' | 'shuffled'
  readonly latency: number
  readonly rateLimit?: number
}

async function startSimulate(context: CommandContext, flags: SimulateFlags): Promise<ExitCode> {
  const { latency: latencyMs, rateLimit = null, ...options } = flags
  return (await import('./simulate.ts')).runSimulate(context, { ...options, latencyMs, rateLimit })
}
