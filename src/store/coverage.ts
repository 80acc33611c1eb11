import type { Pool, PoolClient } from 'pg'
import type { Instant } from '../values/instant.ts'
import { and, drizzle, eq, sql } from './drizzle.cjs'
import { inTransaction } from './pool.ts'
import { sources, windows } from './schema.ts'

/** The span of created_at for which everything that the API showed is committed, both ends inclusive (I2). */
export interface Coverage {
  readonly coveredFrom: Instant
  readonly watermark: Instant
}

/** A span of created_at to be read, both ends inclusive like the API's filters. */
export interface Span {
  readonly lower: Instant
  readonly upper: Instant
}

/** Windows of kind `coverage` grow the coverage once drained; those of kind `backfill` only bring rows. */
export type WindowKind = 'coverage' | 'backfill'

/** A span that is read, and how far its listing got. */
export interface Window extends Span {
  readonly kind: WindowKind
  /** The API's clock at the first page: the window shows nothing that was created later. Null before that page. */
  readonly reach: Instant | null
  /** Token of the next page; null before the first page and once drained. */
  readonly pageToken: string | null
  readonly pages: number
  readonly drained: boolean
}

export async function loadCoverage(pool: Pool | PoolClient, source: string): Promise<Coverage | null> {
  const [row] = await inTransaction(pool, (client) =>
    drizzle(client)
      .select({ coveredFrom: sources.coveredFrom, watermark: sources.watermark })
      .from(sources)
      .where(eq(sources.name, source)),
  )
  if (!row || row.coveredFrom === null || row.watermark === null) return null
  return { coveredFrom: row.coveredFrom, watermark: row.watermark }
}

/** The windows of a kind that were begun and not finished, oldest span first. */
export async function loadWindows(
  pool: Pool | PoolClient,
  source: string,
  kind: WindowKind,
): Promise<Window[]> {
  const { lower, upper, reach, pageToken, pages, drained } = windows
  const rows = await inTransaction(pool, (client) =>
    drizzle(client)
      .select({ lower, upper, reach, pageToken, pages, drained })
      .from(windows)
      .where(and(eq(windows.source, source), eq(windows.kind, kind)))
      .orderBy(lower, upper),
  )
  return rows.map((row) => ({ ...row, kind }))
}

/** Each window may occur once (else SQLSTATE 21000). */
export async function saveWindows(
  client: PoolClient,
  source: string,
  saved: readonly Window[],
): Promise<void> {
  if (saved.length === 0) return
  await drizzle(client)
    .insert(windows)
    .values(saved.map((window) => ({ source, ...window })))
    .onConflictDoUpdate({
      target: [windows.source, windows.kind, windows.lower, windows.upper],
      set: {
        reach: sql`excluded.reach`,
        pageToken: sql`excluded.page_token`,
        pages: sql`excluded.pages`,
        drained: sql`excluded.drained`,
      },
    })
}

export async function removeWindow(
  client: PoolClient,
  source: string,
  { kind, lower, upper }: Window,
): Promise<void> {
  const same = [eq(windows.kind, kind), eq(windows.lower, lower), eq(windows.upper, upper)]
  await drizzle(client)
    .delete(windows)
    .where(and(eq(windows.source, source), ...same))
}

export async function saveCoverage(client: PoolClient, source: string, coverage: Coverage): Promise<void> {
  await drizzle(client).update(sources).set(coverage).where(eq(sources.name, source))
}
