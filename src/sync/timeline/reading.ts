import type { PoolClient } from 'pg'
import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError } from '../../errors.ts'
import { growCoverage } from '../../store/coverage.ts'
import { adopt, countIn, storedIn } from '../../store/listed-jobs.ts'
import { suspectMissing } from '../../store/rechecks.ts'
import { makeDue, putSpans, type Span, UNBEGUN } from '../../store/spans.ts'
import { HOUR, type Instant, parseInstant } from '../../values/instant.ts'
import type { Committer, JudgedPage, PageCommits } from '../commit/committer.ts'
import type { Written } from '../job-list.ts'
import { listPages } from '../listing.ts'
import { apiTimeAt, isPast, ownTime, type RunContext } from '../run.ts'
import { Evidence } from './evidence.ts'
import type { WindowPlan } from './plan.ts'
import { afterReading, cutByAge } from './schedule.ts'

/** What the spans that are read side by side have in common. */
export interface Pass {
  readonly plan: WindowPlan<Span>
  readonly committer: Committer<SpanProgress>
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
  /** `one`: a failure is not retried. */
  readonly attempts?: 'one'
  /** Stops after so many items. */
  readonly mostItems?: number
}

/** What the pages of a reading have shown so far. */
interface Shown {
  readonly beganAt: Instant
  /** Ids of the jobs with their created_at. */
  readonly seen: ReadonlyMap<string, Instant | undefined>
  /** Those of them that were not stored before. */
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

/** How the reading of a span ended. `split`: it is too large, and was given back to the plan. */
export type SpanEnd = 'complete' | 'split' | 'stopped' | 'expired'

/**
 * Reads a span from where it stands, page by page, and commits each page with the span's progress. The next page is
 * asked for while one is being committed.
 *
 * @returns `stopped` at a page boundary because of the deadline: it goes on from its token; `expired` when its token had
 *   expired (A2): it is to be begun again
 * @throws what the listing and the commit throw
 */
export async function readSpan(run: RunContext, span: Span, pass: Pass): Promise<SpanEnd> {
  return new SpanReading(run, span, pass).read()
}

class SpanReading {
  readonly #run: RunContext
  readonly #pass: Pass
  readonly #commits: PageCommits<SpanProgress>
  readonly #evidence = new Evidence()
  readonly #seen = new Map<string, Instant | undefined>()
  readonly #shown: Shown
  readonly #beganAt: Instant
  #span: Span
  #items: number

  constructor(run: RunContext, span: Span, pass: Pass) {
    this.#run = run
    this.#span = span
    this.#pass = pass
    this.#commits = pass.committer.open()
    this.#beganAt = span.beganAt ?? run.lease.now()
    this.#items = span.received
    this.#shown = { beganAt: this.#beganAt, seen: this.#seen, inserted: new Set() }
  }

  async read(): Promise<SpanEnd> {
    try {
      const end = await this.#readPages()
      await this.#commits.flush()
      // Only now: what the plan hands out next must not be committed before this span's end is.
      if (end === 'complete') this.#pass.plan.drained(this.#span, this.#items)
      if (end === 'split') this.#pass.plan.giveBack(this.#span, this.#evidence)
      return end
    } catch (error) {
      if (isExpiredToken(error, this.#span.pageToken !== null)) return 'expired'
      throw error
    } finally {
      await this.#commits.settle()
    }
  }

  async #readPages(): Promise<SpanEnd> {
    const { lower, upper, pageToken } = this.#span
    const { attempts, deadline, mostItems = Number.POSITIVE_INFINITY } = this.#pass
    const query = { lower, upper, ...(attempts && { attempts }) }
    for await (const page of listPages(this.#run, query, pageToken)) {
      const end = await this.#add(page)
      if (end !== undefined) return end
      if (isPast(deadline, this.#run) || this.#items >= mostItems) return 'stopped'
    }
    throw new Error('a listing ended without a last page')
  }

  async #add(page: JudgedPage): Promise<SpanEnd | undefined> {
    const { plan } = this.#pass
    const jobs = page.jobs.map(({ job }) => job)
    this.#evidence.add(jobs, page.nextPageToken !== null)
    this.#items += page.received
    for (const { id, createdAt } of jobs)
      this.#seen.set(id, createdAt === null ? undefined : parseInstant(createdAt))
    const isLast = page.nextPageToken === null
    this.#span = {
      ...this.#span,
      beganAt: this.#beganAt,
      pageToken: page.nextPageToken,
      pages: this.#span.pages + 1,
      received: this.#items,
    }
    if (isLast) return this.#complete(page)
    await this.#assertNoCircle()
    if (this.#span.items === null && plan.shouldSplit(this.#span, this.#evidence)) return this.#split(page)
    await this.#commits.add(page, this.#progress(page, this.#span, false))
    return undefined
  }

  #progress({ observation }: JudgedPage, span: Span, isComplete: boolean): SpanProgress {
    return { span, shown: this.#shown, observedAt: observation.at, isComplete }
  }

  async #complete(page: JudgedPage): Promise<SpanEnd> {
    const span = {
      ...this.#span,
      freshAt: freshAtOf(this.#run, this.#span, this.#beganAt),
      items: this.#items,
    }
    await this.#commits.add(page, this.#progress(page, span, true))
    return 'complete'
  }

  /** The rows of the page are kept; the span is as if it had not been begun. */
  async #split(page: JudgedPage): Promise<SpanEnd> {
    const span = { ...this.#span, ...UNBEGUN }
    await this.#commits.add(page, this.#progress(page, span, false))
    return 'split'
  }

  /**
   * Tokens that go round in a circle bring the same jobs again and again (A4). One longer than a run is noticed by the
   * count of items, which outlives it: they are held against the jobs that are stored there by now.
   */
  async #assertNoCircle(): Promise<void> {
    const { pool, jobs, owner } = this.#run
    const { pages, received, lower, upper } = this.#span
    if (pages < PAGES_BEFORE_COUNTING || pages % PAGES_BEFORE_COUNTING !== 0) return
    const stored = await countIn(pool, jobs.table, owner(), { lower, upper, limit: received })
    // The first pages count for nothing, so that a few items more than once are no circle.
    const brought = received * (1 - PAGES_BEFORE_COUNTING / pages)
    if (pages === PAGES_BEFORE_COUNTING || brought < 2 * stored) return
    throw new ApiProtocolError(
      `The listing of one span does not end: ${pages} pages brought ${stored} different jobs. Report it to LlamaCloud.`,
    )
  }
}

/** How many pages a reading has before they are counted against its jobs, and each time after. */
const PAGES_BEFORE_COUNTING = 200

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
export function saveProgress(run: RunContext) {
  return async (
    client: PoolClient,
    listings: readonly (readonly SpanProgress[])[],
    written: Written,
  ): Promise<void> => {
    const latest = listings.flatMap((pages) => pages.slice(-1))
    await run.lease.lockProgress(client)
    for (const { shown } of latest)
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
  const late = span.readAt === null ? 0 : inserted.size
  const after = (part: Span, items: number) =>
    afterReading(part, { at, items, late, random: run.random() }, run.options)
  // A listing that was begun in an earlier run: its first pages are not known here.
  if (span.readAt !== null || seen.size !== span.items) return [after(span, span.items ?? 0)]
  return cutByAge(span, at, run.options.overlap).map((part) => {
    const isWithin = (created: Instant | undefined) =>
      created !== undefined && created >= part.lower && created <= part.upper
    return after(part, [...seen.values()].filter(isWithin).length)
  })
}

/**
 * Puts on the recheck list what is stored as living in the span and did not come. Where most of it is missing, the spans
 * beside it are looked at as well: what the upstream cleans up lies side by side (A15).
 */
async function noteMissing(
  run: RunContext,
  client: PoolClient,
  { span, shown, observedAt }: SpanProgress,
): Promise<void> {
  const { source } = run.lease
  const { lower, upper } = span
  const stored = await storedIn(client, run.jobs.table, run.owner(), {
    lower,
    upper,
    storedBefore: shown.beganAt,
  })
  if (run.owner().names.length > 1)
    await adopt(client, run.jobs.table, run.owner(), { lower, upper, at: observedAt })
  const missing = stored.filter((id) => !shown.seen.has(id))
  const now = run.lease.now()
  await suspectMissing(client, source, missing, now)
  // A listing that was begun in an earlier run does not know its first pages here.
  const isWhole = shown.seen.size >= (span.items ?? 0)
  if (isWhole && missing.length > stored.length / 2 && missing.length >= FEW)
    await makeDue(client, source, { now, within: { lower, upper }, notReadSince: now - HOUR })
}

/** Fewer missing jobs say nothing of their neighbours. */
const FEW = 10
