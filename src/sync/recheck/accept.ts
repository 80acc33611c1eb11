import { SettingsError } from '../../errors.ts'
import { loadTimeline } from '../../store/coverage.ts'
import { countHeld, heldRechecks } from '../../store/misses.ts'
import type { RunLimits, RunResult, Source } from '../source.ts'
import { underLease } from '../under-lease.ts'
import { noteProjects } from '../upkeep.ts'
import { markInChunks } from './gone.ts'

/**
 * Marks all missing jobs as gone now: somebody knows that they were deleted.
 *
 * @throws SettingsError, before anything is changed, when they are not as many as expected
 */
export function acceptDeletions(source: Source, expected: number, limits: RunLimits): Promise<RunResult> {
  return underLease(source, 'accept-deletions', limits, async (run) => {
    const held = await countHeld(run.pool, source.name)
    if (held !== expected) throw new SettingsError(notAsExpected(source.name, held, expected))
    await markInChunks(run, (client, limit) => heldRechecks(client, source.name, limit))
    await noteProjects(run, await loadTimeline(run.pool, source.name))
    return true
  })
}

function notAsExpected(source: string, held: number, expected: number): string {
  const found = `Missing jobs of the source "${source}": ${held}, not ${expected}. Nothing was changed.`
  if (held === 0) return `${found} No job waits to be marked as deleted; see \`llamacloud-sync status\`.`
  return `${found} If all ${held} were deleted on purpose, run \`llamacloud-sync accept-deletions ${source} --expect ${held}\`.`
}
