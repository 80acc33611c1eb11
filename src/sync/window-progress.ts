import type { PoolClient } from 'pg'
import {
  type Coverage,
  loadCoverage,
  loadWindows,
  removeWindow,
  saveCoverage,
  saveWindows,
  type Window,
} from '../store/coverage.ts'
import type { Lease } from '../store/lease.ts'
import { absorb, spanOf } from './windows.ts'

/** What a page means for its window. `abandoned`: it will be read again as several windows. */
export type WindowProgress =
  | { readonly kind: 'read-on'; readonly window: Window }
  | { readonly kind: 'drained'; readonly window: Window }
  | { readonly kind: 'abandoned'; readonly window: Window }

/**
 * Writes how far the windows got, each by its latest page, and what that means for the coverage. Waits for the commits of
 * neighbouring windows.
 */
export async function saveProgress(
  client: PoolClient,
  lease: Lease,
  windows: readonly (readonly WindowProgress[])[],
): Promise<void> {
  await lease.lockProgress(client)
  const { source } = lease
  const latest = windows.flatMap((pages) => pages.slice(-1))
  const growing = latest.filter(growsCoverage)
  const abandoned = latest.filter(({ kind }) => kind === 'abandoned')
  const kept = latest.filter((each) => !growing.includes(each) && !abandoned.includes(each))
  for (const { window } of abandoned) await removeWindow(client, source, window)
  await saveWindows(
    client,
    source,
    kept.map(({ window }) => window),
  )
  for (const { window } of growing) await growCoverage(client, source, window)
}

function growsCoverage({ kind, window }: WindowProgress): boolean {
  return kind === 'drained' && window.kind === 'coverage'
}

async function growCoverage(client: PoolClient, source: string, drained: Window): Promise<void> {
  const { lower, upper } = spanOf(drained)
  const before: Coverage = (await loadCoverage(client, source)) ?? { coveredFrom: lower, watermark: upper }
  const others = await loadWindows(client, source, 'coverage')
  const same = (other: Window) => other.lower === drained.lower && other.upper === drained.upper
  const { coverage, absorbed } = absorb(before, [...others.filter((each) => !same(each)), drained])
  for (const window of absorbed) await removeWindow(client, source, window)
  if (!absorbed.includes(drained)) await saveWindows(client, source, [drained])
  await saveCoverage(client, source, coverage)
}
