import type { Pool } from 'pg'
import { migrate } from '../store/migrate.ts'
import { setReviewBelow } from '../store/review-below.ts'
import type { Session } from './context.ts'

/**
 * Makes a database ready for the worker: applies the migrations that it lacks, and returns their names; writes the settings
 * that readers' views go by. Those only once for each database: of two workers at work with different ones the one that began
 * last wins, and they do not overwrite each other at every tick.
 */
export function createPreparation({ settings, clock, log }: Session, signal: AbortSignal) {
  const { reviewBelow } = settings.sync
  let written: Pool | undefined
  return async (pool: Pool): Promise<string[]> => {
    const applied = await migrate(pool, { clock, signal, onWait: (message) => log.warn(message) })
    if (reviewBelow === undefined || pool === written) return applied
    const before = await setReviewBelow(pool, reviewBelow)
    written = pool
    if (before !== undefined) {
      log.warn(
        `The review threshold of this database was ${before} and is now ${reviewBelow} (SYNC_REVIEW_BELOW). Statistics are read ` +
          'from the jobs until their days are summed up again. Give all workers of a database the same value.',
      )
    }
    return applied
  }
}
