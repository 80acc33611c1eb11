import { backfillOnce, reconcileOnce, syncOnce } from '../../src/sync/cycle.ts'
import type { How } from './checks.ts'
import type { Scenario } from './draw.ts'
import type { Ended } from './outcome.ts'
import type { Process } from './process.ts'

/** Lets a process begin its work; the promise tells how that ended, and never rejects. */
export async function startWork(
  { source, signal }: Process,
  { kind, maxRuntimeMs, whole = false }: How,
  { start, options }: Scenario,
): Promise<Ended> {
  const limits = { signal, maxRuntimeMs }
  const span = { lower: Math.floor((options.startAt + start) / 2), upper: start }
  try {
    if (kind === 'sync') return { result: await syncOnce(source, limits) }
    if (kind === 'reconcile') return { result: await reconcileOnce(source, limits, { whole }) }
    return { result: await backfillOnce(source, span, limits) }
  } catch (error) {
    return { error }
  }
}
