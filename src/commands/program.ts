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
    .description('Keeps PostgreSQL tables in step with the jobs of a LlamaCloud project.')
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
    .description('run one cycle and exit; for cron and Kubernetes')
    .addOption(maxRuntime())
    .addOption(wait())
    .action(run(async (flags: LimitFlags) => (await import('./sync.ts')).runSync(context, limitsOf(flags))))
  program
    .command('run')
    .description('stay up and run a cycle at every tick of SYNC_SCHEDULE; serve health and metrics')
    .action(run(async () => (await import('./run.ts')).runService(context)))
  program
    .command('backfill')
    .description('read the jobs created between two times now, even if they were read before')
    .requiredOption('--from <time>', 'start, such as 2026-01-31 or 2026-01-31T12:00:00Z', moment)
    .option('--to <time>', 'end; default: now', moment)
    .addOption(maxRuntime())
    .addOption(wait())
    .action(
      run(async ({ from, to, ...flags }: { from: Instant; to?: Instant } & LimitFlags) =>
        (await import('./backfill.ts')).runBackfill(context, { from, to: to ?? null, ...limitsOf(flags) }),
      ),
    )
  program
    .command('migrate')
    .description('apply pending migrations')
    .action(run(async () => (await import('./migrate.ts')).runMigrate(context)))
}

function addComparing(program: Command, context: CommandContext, run: Run): void {
  const accept = run(async (options: AcceptOptions) =>
    (await import('./accept-deletions.ts')).runAcceptDeletions(context, options),
  )
  program
    .command('reconcile')
    .description('read the whole list again, repair what differs, find what was deleted upstream')
    .option(
      '--whole',
      'also read one listing without time filters: only that shows jobs without created_at',
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
    .description('mark the missing jobs of a source as deleted now')
    .argument('<source>', 'name of the source; `default` unless SYNC_SOURCE is set')
    .requiredOption(
      '--expect <number>',
      'how many are missing, as `status` counts them; if the number differs, nothing is changed',
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
      'show coverage, lag, history progress, open, missing and quarantined jobs, rejects and the last runs',
    )
    .option('--json', 'print JSON', false)
    .action(
      run(async (options: { json: boolean }) => (await import('./status.ts')).runStatus(context, options)),
    )
  program
    .command('verify')
    .description('compare the API with the tables, job by job and field by field; change nothing')
    .option('--json', 'print JSON', false)
    .option('--limit <number>', 'how many differences to show', wholeNumber(0, 1_000_000), 100)
    .action(
      run(async (options: { json: boolean; limit: number }) =>
        (await import('./verify.ts')).runVerify(context, options),
      ),
    )
}

function addReading(program: Command, context: CommandContext, run: Run): void {
  program
    .command('grant')
    .description('let a PostgreSQL role read the tables and views, and nothing else')
    .argument('<role>', 'an existing role')
    .action(run(async (role: string) => (await import('./grant.ts')).runGrant(context, role)))
  program
    .command('report')
    .description(
      'write an HTML page: volume, types, confidence, times, failures, rules, review queue, freshness',
    )
    .option('--out <file>', 'file to write', 'report.html')
    .option('--days <days>', 'number of days, up to the newest watermark', wholeNumber(1, 366), 30)
    .action(
      run(async (options: { out: string; days: number }) =>
        (await import('./report.ts')).runReport(context, options),
      ),
    )
}

function addMoving(program: Command, context: CommandContext, run: Run): void {
  program
    .command('export')
    .description('write all rows to a new file, to move them to another PostgreSQL of any major version')
    .argument('<file>', 'file to write')
    .action(run(async (file: string) => (await import('./export.ts')).runExport(context, file)))
  program
    .command('import')
    .description('fill an empty database from a file that `export` wrote')
    .argument('<file>', 'file to read')
    .action(run(async (file: string) => (await import('./export.ts')).runImport(context, file)))
}

function addDoctor(program: Command, context: CommandContext, run: Run): void {
  program
    .command('settings')
    .description('list every setting, its value and where it comes from; secrets are hidden')
    .option('--json', 'print JSON', false)
    .action(
      run(async (options: { json: boolean }) =>
        (await import('./settings.ts')).runSettings(context, options),
      ),
    )
  program
    .command('doctor')
    .description('check settings, database and API one by one, and say how to fix what is wrong')
    .option('--json', 'print JSON', false)
    .action(
      run(async (options: { json: boolean }) => (await import('./doctor.ts')).runDoctor(context, options)),
    )
}
