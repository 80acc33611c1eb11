import type { Bounds } from '../../src/store/spans.ts'
import { backfillOnce, reconcileOnce, syncOnce } from '../../src/sync/cycle.ts'
import type { How } from './checks.ts'
import type { Scenario } from './draw.ts'
import type { Ended } from './outcome.ts'
import type { Process } from './process.ts'

/** What a backfill reads again. */
export function backfilled({ start, options }: Scenario): Bounds {
  return { lower: Math.floor((options.startAt + start) / 2), upper: start }
}

/** Lets a process begin its work; the promise tells how that ended, and never rejects. */
export async function startWork(
  { source, signal }: Pick<Process, 'source' | 'signal'>,
  { kind, maxRuntimeMs, whole = false }: How,
  scenario: Scenario,
): Promise<Ended> {
  const limits = { signal, maxRuntimeMs }
  try {
    if (kind === 'sync') return { result: await syncOnce(source, limits) }
    if (kind === 'reconcile') return { result: await reconcileOnce(source, limits, { whole }) }
    return { result: await backfillOnce(source, backfilled(scenario), limits) }
  } catch (error) {
    return { error }
  }
}
