import { createRedactor } from '../redact.ts'
import { createSources } from '../sources.ts'
import { migrate } from '../store/migrate.ts'
import type { Progress } from '../sync/run.ts'
import type { RunLimits, RunResult, Source } from '../sync/source.ts'
import { onePass } from '../worker/one-pass.ts'
import { exitCodeOf, summarize } from '../worker/summary.ts'
import { type CommandContext, type ExitCode, sayDatabase, withDatabase, withSettings } from './context.ts'
import { createLines, createProgressDisplay } from './progress.ts'

export interface TimeLimit {
  /** Milliseconds; null for no limit. */
  readonly maxRuntimeMs: number | null
}

/** Runs one piece of the worker's work on every source of the settings, in a migrated database. */
export function runPass(
  { signal }: CommandContext,
  { maxRuntimeMs }: TimeLimit,
  name: string,
  work: (source: Source, limits: RunLimits) => Promise<RunResult>,
): Promise<ExitCode> {
  return withSettings({ apiKey: true }, (session) => {
    sayDatabase(session)
    return withDatabase(session, async (database) => {
      const { settings, log, clock } = session
      await migrate(database.pool)
      const several = settings.sources.length > 1
      const display = several
        ? createLines(log, clock)
        : createProgressDisplay(log, clock, process.stderr.isTTY === true)
      const onProgress = (progress: Progress, source: string) =>
        several ? display.show(progress, source) : display.show(progress)
      const parts = { database, log, clock, fetch, random: Math.random, onProgress }
      const options = { signal, maxRuntimeMs, clock, random: Math.random, work }
      const ends = await onePass(createSources(settings, parts), options).finally(display.stop)
      if (database.psql) log.info(`look around while a worker runs: ${database.psql}`)
      const redact = createRedactor(settings.secrets)
      return exitCodeOf(ends.map((end) => summarize(end, { name, log, redact, signal })))
    })
  })
}
