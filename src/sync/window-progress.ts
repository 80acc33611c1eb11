import type { PoolClient } from 'pg'
import {
  type Coverage,
  loadCoverage,
  loadWindows,
  removeWindow,
  saveCoverage,
  saveWindow,
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
  for (const pages of windows) {
    const latest = pages.at(-1)
    if (latest) await saveWindowProgress(client, lease.source, latest)
  }
}

async function saveWindowProgress(
  client: PoolClient,
  source: string,
  { kind, window }: WindowProgress,
): Promise<void> {
  if (kind === 'abandoned') return removeWindow(client, source, window)
  if (kind === 'read-on' || window.kind !== 'coverage') return saveWindow(client, source, window)
  await growCoverage(client, source, window)
}

async function growCoverage(client: PoolClient, source: string, drained: Window): Promise<void> {
  const { lower, upper } = spanOf(drained)
  const before: Coverage = (await loadCoverage(client, source)) ?? { coveredFrom: lower, watermark: upper }
  const others = await loadWindows(client, source, 'coverage')
  const same = (other: Window) => other.lower === drained.lower && other.upper === drained.upper
  const { coverage, absorbed } = absorb(before, [...others.filter((each) => !same(each)), drained])
  for (const window of absorbed) await removeWindow(client, source, window)
  if (!absorbed.includes(drained)) await saveWindow(client, source, drained)
  await saveCoverage(client, source, coverage)
}
