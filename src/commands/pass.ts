import { SettingsError } from '../errors.ts'
import { createRedactor } from '../redact.ts'
import { type CountedSource, createSources } from '../sources.ts'
import { settleIdle } from '../store/observations.ts'
import { transaction } from '../store/pool.ts'
import type { Progress } from '../sync/run.ts'
import { lookUpNames } from '../worker/look-up.ts'
import { isRefusedWhole, onePass, type PassOptions } from '../worker/one-pass.ts'
import { exitCodeOf, summarize } from '../worker/summary.ts'
import { type CommandContext, type ExitCode, sayDatabase, withDatabase, withSettings } from './context.ts'
import { createPreparation } from './preparation.ts'
import { createLines, createProgressDisplay } from './progress.ts'

/** How long to go on, and how long to wait for other workers: milliseconds, null for no limit and for no waiting. */
export type TimeLimits = Pick<PassOptions, 'maxRuntimeMs' | 'waitMs'>

export interface Pass extends Pick<PassOptions, 'work'>, TimeLimits {
  /** For people, such as `sync`. */
  readonly name: string
  /** Whether it does not matter which worker does it, and when: `sync`. */
  readonly byAnyone: boolean
  /** The name of the one source; every source of the settings when left out. */
  readonly source?: string
}

/** Runs one piece of the worker's work on sources of the settings, in a migrated database. */
export function runPass({ signal }: CommandContext, pass: Pass): Promise<ExitCode> {
  const { name, byAnyone, work, maxRuntimeMs, waitMs } = pass
  return withSettings({ apiKey: true }, (session) => {
    sayDatabase(session)
    return withDatabase(session, async (database) => {
      const { settings, log, clock } = session
      await createPreparation(session, signal)(database.pool)
      const several = settings.sources.length > 1
      const display = several
        ? createLines(log, clock)
        : createProgressDisplay(log, clock, process.stderr.isTTY === true)
      const onProgress = (progress: Progress, source: string) =>
        several ? display.show(progress, source) : display.show(progress)
      const parts = { database, log, clock, fetch, random: Math.random, onProgress }
      const sources = chosen(createSources(settings, parts), pass.source)
      const limits = { signal, maxRuntimeMs, waitMs, inTurns: byAnyone }
      const ends = await onePass(sources, { ...limits, clock, random: Math.random, work }).finally(
        display.stop,
      )
      // The first source to end must not hide from readers what the last one brought. The next pass makes up for a failure.
      if (sources.length > 1)
        await transaction(database.pool, (client) => settleIdle(client, 0)).catch(() => {})
      if (byAnyone) await lookUpNames(sources, { clock, signal })
      if (database.psql) log.info(`to query the database while a worker runs: ${database.psql}`)
      const redact = createRedactor(settings.secrets)
      const codes = ends.map((end) => summarize(end, { name, byAnyone, log, redact, signal }))
      return exitCodeOf(isRefusedWhole(ends) ? [...codes, 1] : codes)
    })
  })
}

function chosen(sources: readonly CountedSource[], name: string | undefined): readonly CountedSource[] {
  const found = sources.filter((source) => name === undefined || source.name === name)
  if (found.length > 0) return found
  const names = sources.map((source) => source.name).join(', ')
  throw new SettingsError(`There is no source "${name}" in the settings. Configured sources: ${names}.`)
}
