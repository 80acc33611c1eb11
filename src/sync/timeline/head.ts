import type { Pool, PoolClient } from 'pg'
import { ApiProtocolError } from '../../errors.ts'
import { type Head, loadTimeline, saveHead, type Timeline, takeCoverageBack } from '../../store/coverage.ts'
import type { Outlook } from '../../store/outlook.ts'
import { inTransaction } from '../../store/pool.ts'
import { cutSpans, putSpans } from '../../store/put-spans.ts'
import { newestSpans, type Span, unreadSpan } from '../../store/spans.ts'
import { type Instant, MINUTE } from '../../values/instant.ts'
import { mayBeOfOne } from '../isolation.ts'
import { answersOthers } from '../recheck/known-jobs.ts'
import { commitProgress, latestPresent, ownTime, presentOf, type RunContext } from '../run.ts'
import { HeadReading, MOST_PAGES } from './head-reading.ts'
import { assertReadable, uncoverPresent } from './hidden-present.ts'
import { isPastOverlap } from './schedule.ts'

/** Of a page: so much of it may be jobs that are not due, but cost nothing more. */
const FREE_SHARE = 0.6
/** Most spans that one reading of the head looks back upon. */
export const MOST_SPANS = 200

/** What is known before the head is read. */
export interface HeadSight {
  readonly head: Head | null
  /** Spans before and ahead of it, newest first. */
  readonly newest: readonly Span[]
}

export function lookAtHead(connection: Pool | PoolClient, source: string): Promise<HeadSight> {
  return inTransaction(connection, async (client) => ({
    head: (await loadTimeline(client, source)).head,
    newest: await newestSpans(client, source, MOST_SPANS),
  }))
}

/**
 * Reads the open span, which holds the present, together with the young spans before it that are due again. It then ends
 * where its newest job was created: whatever the clocks say, a later job is created later. An instant that cannot be read
 * must not hide the present: what lies before it is left to the spans, and what lies ahead is read around (A19).
 *
 * @returns what there is to do after it; null where that is not known
 */
export async function readHead(run: RunContext, { head, newest }: HeadSight): Promise<Outlook | null> {
  const again = async () => readHead(run, await lookAtHead(run.pool, run.lease.source))
  if (await uncoverPresent(run, newest)) return again()
  const from = head?.from ?? firstHead(run)
  const reading = readingOf(run, from, newest)
  try {
    const outlook = await reading.read()
    if (outlook && !(await takeBackIfWrong(run, outlook, head === null))) return outlook
    if (outlook) return again()
  } catch (error) {
    // A listing that does not end is no matter of one instant.
    if (error instanceof ApiProtocolError || !mayBeOfOne(error) || !(await answersOthers(run, 'span')))
      throw error
    const present = borneOut(run, from, presentOf(run))
    // The first head is saved before anything is set aside: another run would begin it elsewhere, and leave a gap (I2).
    const at = head === null ? await leaveToSpans(run, from, present) : from
    await assertReadable(run, present, error)
    return readFrom(run, await leaveToSpans(run, at, present))
  }
  // It is too much for one listing.
  return readFrom(run, await leaveToSpans(run, from, borneOut(run, from, reading.present)))
}

/** Where another clock bears the present out (A17): above it the head goes on reading, whatever the API's Date says. */
function borneOut(run: RunContext, from: Instant, present: Instant): Instant {
  const other = Math.max(ownTime(run.clock), run.lease.now())
  return Math.max(from, other > from ? Math.min(present, other) : present)
}

/** Leaves what the head holds so far to the spans; returns where it begins now. */
async function leaveToSpans(run: RunContext, from: Instant, to: Instant): Promise<Instant> {
  const { source } = run.lease
  if (to <= from) return from
  await commitProgress(run, async (client) => {
    const now = run.lease.now()
    const { head } = await loadTimeline(client, source)
    await putSpans(client, source, [unreadSpan({ lower: from, upper: to }, now)])
    await saveHead(client, source, { from: to, until: to, readAt: head?.readAt ?? now })
  })
  return to
}

/** Nothing is known of the API's clock yet: the earlier of two that may be wrong. */
function firstHead({ clock, lease, options }: RunContext): Instant {
  return Math.min(ownTime(clock), lease.now()) - options.overlap - MINUTE
}

/**
 * The open span, or the watermark, lies in the future: a clock proved wrong, or a job's created_at is absurd. Both are taken
 * back to what was truly read (I3). Returns whether the open span was.
 */
async function takeBackIfWrong(
  run: RunContext,
  { head, coverage }: Timeline,
  isFirst: boolean,
): Promise<boolean> {
  const { source } = run.lease
  // Of the first head nothing was read before: it is set right by the API's own clock.
  const present = isFirst ? presentOf(run) : latestPresent(run)
  const [isAhead, isOverstated] = [head?.from, coverage?.watermark].map(
    (edge) => edge !== undefined && edge > present + MINUTE,
  )
  if (head === null || !(isAhead || isOverstated)) return false
  const from = isAhead ? present - run.options.overlap : head.from
  run.log.warn(
    { from: head.from, to: from },
    'A clock was wrong: moving the watermark back to what was read.',
  )
  await commitProgress(run, async (client) => {
    if (isAhead) await cutSpans(client, source, from)
    await saveHead(client, source, { ...head, from, until: from })
    await takeCoverageBack(client, source, from)
  })
  return isAhead === true
}

/** To its end, however long it is. */
async function readFrom(run: RunContext, from: Instant): Promise<Outlook | null> {
  const newest = await newestSpans(run.pool, run.lease.source, MOST_SPANS)
  return readingOf(run, from, newest).read(Number.POSITIVE_INFINITY)
}

function readingOf(run: RunContext, from: Instant, newest: readonly Span[]): HeadReading {
  const ahead = newest.filter(({ lower }) => lower >= from)
  return new HeadReading(run, from, { ahead, young: youngSpans(run, from, newest) })
}

/** The young spans that touch the open one, newest first: those that are due, and those that fit into its page. */
function youngSpans({ lease, options }: RunContext, from: Instant, newest: readonly Span[]): Span[] {
  const now = lease.now()
  const found: Span[] = []
  let [edge, items] = [from, 0]
  for (const span of newest.filter(({ upper }) => upper <= from)) {
    const { lower, upper, freshAt, dueAt, readAt, reason } = span
    // Settled ones wait for their neighbours, to be read as one.
    const isYoung = readAt !== null && !isPastOverlap({ freshAt }, readAt, options.overlap)
    if (upper !== edge || reason !== null || !isYoung) break
    items += span.items ?? Number.POSITIVE_INFINITY
    const isFree = items <= options.pageSize * FREE_SHARE
    const isDue = dueAt !== null && dueAt <= now && items <= options.pageSize * MOST_PAGES
    if (!isFree && !isDue) break
    found.push(span)
    edge = lower
  }
  return found
}
