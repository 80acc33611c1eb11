import type { PoolClient } from 'pg'
import { growCoverage } from '../../store/coverage.ts'
import { adopt, storedIn } from '../../store/listed-jobs.ts'
import { makeDue, putSpans } from '../../store/put-spans.ts'
import { suspectMissing } from '../../store/rechecks.ts'
import type { Span } from '../../store/spans.ts'
import { formatInstant, HOUR, type Instant } from '../../values/instant.ts'
import type { SaveProgress } from '../commit/committer.ts'
import { apiTimeAt, ownTime, type RunContext } from '../run.ts'
import { afterReading, cutByAge } from './schedule.ts'

/** What the pages of a reading have shown so far. */
export interface Shown {
  readonly beganAt: Instant
  /** Ids of the jobs with their created_at, as canonical text. */
  readonly seen: ReadonlyMap<string, string | null>
  /** Those of them that were not stored before, where the span had been read. */
  readonly inserted: Set<string>
}

/** How far a page brought the reading of a span. */
export interface SpanProgress {
  readonly span: Span
  readonly shown: Shown
  /** When the page was observed, as canonical text. */
  readonly observedAt: string
  readonly isComplete: boolean
}

/**
 * When the upper end of a span was the present, by the database's clock. The API's clock or the worker's may be wrong (A14,
 * A17): the younger age of the two is taken, which costs a reading more.
 */
export function freshAtOf(run: RunContext, span: Span, beganAt: Instant): Instant {
  if (span.readAt !== null) return span.freshAt
  const sinceBegan = run.lease.now() - beganAt
  const present = Math.min(apiTimeAt(run, run.clock.monotonic()), ownTime(run.clock)) - sinceBegan
  return beganAt - Math.max(0, present - span.upper)
}

/** Saves the progress of the pages of a commit: at a span's end also what it did not show, and last the coverage. */
export function saveProgress(run: RunContext): SaveProgress<SpanProgress> {
  return async (client, listings, written) => {
    const latest = listings.flatMap((pages) => pages.slice(-1))
    await run.lease.lockProgress(client)
    for (const { shown } of latest.filter(({ span }) => span.readAt !== null))
      for (const id of written.insertedIds) if (shown.seen.has(id)) shown.inserted.add(id)
    await putSpans(
      client,
      run.lease.source,
      latest.flatMap((progress) => spansAfter(run, progress)),
    )
    const complete = latest.filter(({ isComplete }) => isComplete)
    for (const progress of complete) await noteMissing(run, client, progress)
    if (complete.length > 0) await growCoverage(client, run.lease.source)
  }
}

function spansAfter(run: RunContext, { span, shown, isComplete }: SpanProgress): Span[] {
  if (!isComplete) return [span]
  const { seen, inserted, beganAt: at } = shown
  const late = inserted.size
  const after = (part: Span, items: number) =>
    afterReading(part, { at, items, late, random: run.random() }, run.options)
  // A listing that was begun in an earlier run: its first pages are not known here.
  if (span.readAt !== null || seen.size !== span.items) return [after(span, span.items ?? 0)]
  return cutByAge(span, at, run.options.overlap).map((part) => {
    const [lower, upper] = [formatInstant(part.lower), formatInstant(part.upper)]
    const isWithin = (created: string | null) => created !== null && created >= lower && created <= upper
    return after(part, [...seen.values()].filter(isWithin).length)
  })
}

/**
 * Puts on the recheck list what is stored as living in the span and did not come. Where most of it is missing, the spans
 * beside it are looked at as well: what the upstream cleans up is adjacent (A15).
 */
async function noteMissing(
  run: RunContext,
  client: PoolClient,
  { span, shown, observedAt }: SpanProgress,
): Promise<void> {
  const { source } = run.lease
  const { lower, upper } = span
  if (run.owner().names.length > 1)
    await adopt(client, run.jobs.table, run.owner(), { lower, upper, at: observedAt })
  const { stored, missing } = await suspectUnseen(run, client, span, shown)
  // A listing that was begun in an earlier run does not know its first pages here.
  const isWhole = shown.seen.size >= (span.items ?? 0)
  const now = run.lease.now()
  if (isWhole && missing > stored / 2 && missing >= FEW)
    await makeDue(client, source, { now, within: { lower, upper }, notReadSince: now - HOUR })
}

/** Fewer missing jobs say nothing of their neighbours. */
const FEW = 10

/** Puts on the recheck list what was stored before as living in a piece and did not come. */
export async function suspectUnseen(
  run: RunContext,
  client: PoolClient,
  { lower, upper }: { readonly lower: Instant; readonly upper?: Instant },
  { seen, beganAt }: Pick<Shown, 'beganAt'> & { readonly seen: ReadonlyMap<string, unknown> },
): Promise<{ readonly stored: number; readonly missing: number }> {
  const { lease, jobs, owner } = run
  const piece = { lower, upper: upper ?? null, storedBefore: beganAt + lease.ahead }
  const stored = await storedIn(client, jobs.table, owner(), piece)
  const missing = stored.filter((id) => !seen.has(id))
  await suspectMissing(client, lease.source, missing, lease.now())
  return { stored: stored.length, missing: missing.length }
}
