import { Command } from 'commander'
import type { Instant } from '../values/instant.ts'
import type { AcceptOptions } from './accept-deletions.ts'
import { maxRuntime, moment, wait, wholeNumber } from './arguments.ts'
import type { CommandContext, ExitCode } from './context.ts'
import type { TimeLimits } from './pass.ts'
import { addTrying } from './program-trying.ts'

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
  addComparing(program, context, run)
  addLooking(program, context, run)
  addReading(program, context, run)
  addMoving(program, context, run)
  addDoctor(program, context, run)
  addTrying(program, context, run)
  return program
}

export type Run = <Options>(
  start: (options: Options) => Promise<ExitCode>,
) => (options: Options) => Promise<void>

interface LimitFlags {
  readonly maxRuntime?: number
  readonly wait?: number
}

function limitsOf({ maxRuntime, wait }: LimitFlags): TimeLimits {
  return { maxRuntimeMs: maxRuntime ?? null, waitMs: wait ?? null }
}

function addWork(program: Command, context: CommandContext, run: Run): void {
  program
    .command('sync')
    .description('one cycle, then exit: for cron and Kubernetes')
    .addOption(maxRuntime())
    .addOption(wait())
    .action(run(async (flags: LimitFlags) => (await import('./sync.ts')).runSync(context, limitsOf(flags))))
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
    .addOption(wait())
    .action(
      run(async ({ from, to, ...flags }: { from: Instant; to?: Instant } & LimitFlags) =>
        (await import('./backfill.ts')).runBackfill(context, { from, to: to ?? null, ...limitsOf(flags) }),
      ),
    )
  program
    .command('migrate')
    .description('apply the migrations that the database lacks')
    .action(run(async () => (await import('./migrate.ts')).runMigrate(context)))
}

function addComparing(program: Command, context: CommandContext, run: Run): void {
  const accept = run(async (options: AcceptOptions) =>
    (await import('./accept-deletions.ts')).runAcceptDeletions(context, options),
  )
  program
    .command('reconcile')
    .description('compare the whole list with the tables, repair what differs, find what was deleted')
    .option(
      '--whole',
      'also read one listing without time filters, which alone shows jobs without created_at',
      false,
    )
    .addOption(wait())
    .action(
      run(async ({ whole, wait }: { whole: boolean; wait?: number }) =>
        (await import('./reconcile.ts')).runReconcile(context, { whole, waitMs: wait ?? null }),
      ),
    )
  program
    .command('accept-deletions')
    .description('believe at once that the missing jobs of a source, as `status` counts them, were deleted')
    .argument('<source>', 'its name in the settings; `default` unless SYNC_SOURCE says otherwise')
    .requiredOption(
      '--expect <number>',
      'how many; with another number nothing is changed',
      wholeNumber(1, 1_000_000_000),
    )
    .addOption(wait())
    .action((source: string, { expect, wait }: { expect: number; wait?: number }) =>
      accept({ source, expected: expect, waitMs: wait ?? null }),
    )
}

function addLooking(program: Command, context: CommandContext, run: Run): void {
  program
    .command('status')
    .description(
      'coverage, lag, progress of the history, open jobs, what is missing or in quarantine, rejects, last runs',
    )
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
    .command('settings')
    .description('list every setting, its value and where that comes from; secrets are not shown')
    .option('--json', 'as JSON', false)
    .action(
      run(async (options: { json: boolean }) =>
        (await import('./settings.ts')).runSettings(context, options),
      ),
    )
  program
    .command('doctor')
    .description('check settings, database and API one by one, and say how to mend what is wrong')
    .option('--json', 'as JSON', false)
    .action(
      run(async (options: { json: boolean }) => (await import('./doctor.ts')).runDoctor(context, options)),
    )
}
