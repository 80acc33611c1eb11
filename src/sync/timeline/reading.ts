import { MOST_ITEMS } from '../../api/page-size.ts'
import { isExpiredToken } from '../../api/pages.ts'
import { ApiProtocolError } from '../../errors.ts'
import { countIn } from '../../store/listed-jobs.ts'
import { type Bounds, type Span, UNBEGUN } from '../../store/spans.ts'
import { type Instant, parseInstant } from '../../values/instant.ts'
import type { Committer, DecodedPage, PageCommits } from '../commit/committer.ts'
import { listPages } from '../listing.ts'
import { isPast, type RunContext } from '../run.ts'
import { Estimate } from './estimate.ts'
import { halved } from './halves.ts'
import type { WindowPlan } from './plan.ts'
import { freshAtOf, type Shown, type SpanProgress } from './progress.ts'

/** What the spans that are read side by side have in common. */
export interface Pass {
  readonly plan: WindowPlan<Span>
  readonly committer: Committer<SpanProgress>
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
  /** `one`: a failure is not retried. */
  readonly attempts?: 'one'
  /** Asks for so many items a page, and does not split: a listing that fails for large pages. */
  readonly pageItems?: number
  /** Stops after so many pages; after as many more as they are smaller than usual. */
  readonly mostPages?: number
}

/**
 * How the reading of a span ended. `split`: it is too large, and was given back to the plan. `crowded`: far more jobs are
 * stored in it than it showed.
 */
export type SpanEnd = 'complete' | 'split' | 'stopped' | 'expired' | 'crowded'

/**
 * Reads a span from where it stands, page by page, and commits each page with the span's progress. The next page is
 * asked for while one is being committed.
 *
 * @returns `stopped` at a page boundary because of the deadline: it goes on from its token; `expired` when its token had
 *   expired (A2), and `crowded`: it is to be begun again, in halves
 * @throws what the listing and the commit throw
 */
export async function readSpan(run: RunContext, span: Span, pass: Pass): Promise<SpanEnd> {
  return new SpanReading(run, span, pass).read()
}

class SpanReading {
  readonly #run: RunContext
  readonly #pass: Pass
  readonly #commits: PageCommits<SpanProgress>
  readonly #estimate: Estimate
  readonly #seen = new Map<string, string | null>()
  readonly #shown: Shown
  readonly #beganAt: Instant
  #span: Span
  #items: number
  #received = 0

  constructor(run: RunContext, span: Span, pass: Pass) {
    this.#run = run
    this.#span = span
    this.#pass = pass
    this.#commits = pass.committer.open()
    this.#beganAt = span.beganAt ?? run.lease.now()
    this.#items = span.received
    this.#estimate = new Estimate(span.received)
    this.#shown = { beganAt: this.#beganAt, seen: this.#seen, inserted: new Set() }
  }

  async read(): Promise<SpanEnd> {
    try {
      const end = await this.#readPages()
      await this.#commits.flush()
      // Only now: what the plan hands out next must not be committed before this span's end is.
      if (end === 'complete') this.#pass.plan.drained(this.#span, this.#items)
      if (end === 'split') this.#pass.plan.giveBack(this.#span, this.#estimate)
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
    const { attempts, pageItems, deadline, mostPages = Number.POSITIVE_INFINITY } = this.#pass
    const query = { lower, upper, attempts, pageItems }
    for await (const page of listPages(this.#run, query, pageToken)) {
      const end = await this.#add(page)
      if (end !== undefined) return end
      if (isPast(deadline, this.#run) || this.#fullPages >= mostPages) return 'stopped'
    }
    throw new Error('a listing ended without a last page')
  }

  get #fullPages(): number {
    return (this.#span.pages * this.#run.jobs.pageSize.most) / MOST_ITEMS
  }

  async #add(page: DecodedPage): Promise<SpanEnd | undefined> {
    const { plan, pageItems } = this.#pass
    const jobs = page.jobs.map(({ job }) => job)
    // Where a filter is ignored (A22), what lies elsewhere says nothing of how dense the span is.
    const inside = jobs.filter(({ createdAt }) => !isOutside(createdAt, this.#span))
    this.#estimate.add(inside, page.nextPageToken !== null)
    this.#items += page.received - (jobs.length - inside.length)
    this.#received += jobs.length
    for (const { id, createdAt } of jobs) this.#seen.set(id, createdAt)
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
    const maySplit = this.#span.items === null && pageItems === undefined
    if (maySplit && plan.shouldSplit(this.#span, this.#estimate)) return this.#split(page)
    await this.#commits.add(page, this.#progress(page, this.#span, false))
    return undefined
  }

  #progress({ observation }: DecodedPage, span: Span, isComplete: boolean): SpanProgress {
    return { span, shown: this.#shown, observedAt: observation.at, isComplete }
  }

  async #complete(page: DecodedPage): Promise<SpanEnd> {
    if (await this.#isCrowded()) {
      await this.#commits.add(page, this.#progress(page, { ...this.#span, ...UNBEGUN }, false))
      return 'crowded'
    }
    const span = {
      ...this.#span,
      freshAt: freshAtOf(this.#run, this.#span, this.#beganAt),
      items: this.#items,
    }
    await this.#commits.add(page, this.#progress(page, span, true))
    return 'complete'
  }

  /**
   * The ids of all jobs that are stored in a span are looked up when it ends, in one commit (I11, I14). Retention may have
   * emptied one that holds years: an upgrade from before the timeline leaves such.
   */
  async #isCrowded(): Promise<boolean> {
    const { pool, jobs, owner } = this.#run
    const limit = this.#seen.size + MOST_UNSEEN + 1
    const stored = await countIn(pool, jobs.table, owner(), { ...this.#span, limit })
    return stored === limit && halved(this.#span).length > 0
  }

  /** The rows of the page are kept; the span is as if it had not been begun. */
  async #split(page: DecodedPage): Promise<SpanEnd> {
    const span = { ...this.#span, ...UNBEGUN }
    await this.#commits.add(page, this.#progress(page, span, false))
    return 'split'
  }

  /**
   * Tokens that go round in a circle bring the same jobs again and again (A4). One longer than a run is noticed by the
   * count of items, which outlives it: they are held against the jobs that are stored there by now.
   */
  async #assertNoCircle(): Promise<void> {
    const { pool, jobs, owner, options } = this.#run
    const { pages, received, lower, upper } = this.#span
    if (received === 0 && pages >= MOST_EMPTY_PAGES) throw endless(`its first ${pages} pages are empty`)
    if (this.#received > 2 * this.#seen.size + PATIENCE * options.pageSize) throw circle(pages)
    if (pages <= PAGES_BEFORE_COUNTING || pages % PAGES_BEFORE_COUNTING !== 0) return
    const stored = await countIn(pool, jobs.table, owner(), { lower, upper, limit: received })
    // The first pages count for nothing, so that a few items more than once are no circle.
    if (received * (1 - PAGES_BEFORE_COUNTING / pages) >= 2 * stored) throw circle(pages)
  }
}

function isOutside(createdAt: string | null, { lower, upper }: Bounds): boolean {
  const at = parseInstant(createdAt)
  return at !== undefined && (at < lower || at > upper)
}

/** So many jobs that are stored in a span, and that its listing does not show, are dealt with at once. */
const MOST_UNSEEN = 10_000
/** So many pages of a span may be empty before the first item (A3). */
const MOST_EMPTY_PAGES = 50
/** So many pages may bring jobs again (A5) before it is a circle. */
const PATIENCE = 10
/** How many pages a reading has before they are counted against its jobs, and each time after. */
const PAGES_BEFORE_COUNTING = 200

function circle(pages: number): ApiProtocolError {
  return endless(`its ${pages} pages bring the same jobs again`)
}

function endless(how: string): ApiProtocolError {
  return new ApiProtocolError(`The listing of one span does not end: ${how}. Report it to LlamaCloud.`)
}
