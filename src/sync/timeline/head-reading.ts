import type { PoolClient } from 'pg'
import { growCoverage, saveHead } from '../../store/coverage.ts'
import { loadOutlook, type Outlook } from '../../store/outlook.ts'
import { cutSpans, putSpans } from '../../store/put-spans.ts'
import { type Bounds, type Span, unreadSpan } from '../../store/spans.ts'
import { type Instant, MINUTE, parseInstant, SECOND } from '../../values/instant.ts'
import { Committer } from '../commit/committer.ts'
import type { ListedJob } from '../job-list.ts'
import { listPages } from '../listing.ts'
import { apiTimeAt, latestPresent, ownTime, presentOf, type RunContext } from '../run.ts'
import { suspectUnseen } from './progress.ts'
import { afterReading, isPastOverlap } from './schedule.ts'

/** A head with more pages than this is left to spans, which are read side by side and go on after a stop. */
export const MOST_PAGES = 20
/** The newest job is taken for so much older than the present at most, which may be wrong. */
const SLACK = 10 * SECOND

/** A piece of the head; without an upper end it reaches into the future. */
interface Piece {
  readonly lower: Instant
  readonly upper?: Instant
}

/** All from an instant on, but for what is set aside there: that cannot be listed. */
export function around(from: Instant, holes: readonly Bounds[]): Piece[] {
  const ascending = holes.toSorted((left, right) => left.lower - right.lower)
  const begins = [from, ...ascending.map(({ upper }) => upper)]
  const pieces = begins.map((lower, index) => {
    const upper = ascending[index]?.lower
    return upper === undefined ? { lower } : { lower, upper }
  })
  return pieces.filter(({ lower, upper = Number.MAX_SAFE_INTEGER }) => lower < upper)
}

export interface HeadSpans {
  /** Spans that lie ahead: what is set aside there, and what is so no more. */
  readonly ahead: readonly Span[]
  /** The young spans before the head that are read with it, newest first. */
  readonly young: readonly Span[]
}

/** One reading of the open span. */
export class HeadReading {
  readonly #run: RunContext
  readonly #from: Instant
  readonly #spans: HeadSpans
  readonly #holes: readonly Span[]
  readonly #pieces: readonly Piece[]
  readonly #startedAt: number
  readonly #beganAt: Instant
  readonly #seen = new Map<string, ListedJob>()
  readonly #inserted = new Set<string>()
  #outlook: Outlook | null = null

  constructor(run: RunContext, from: Instant, spans: HeadSpans) {
    this.#run = run
    this.#from = from
    this.#spans = spans
    this.#holes = spans.ahead.filter(({ reason }) => reason !== null)
    this.#pieces = around(spans.young.at(-1)?.lower ?? from, this.#holes)
    this.#startedAt = run.clock.monotonic()
    this.#beganAt = run.lease.now()
  }

  /** The API's time when the reading began. */
  get present(): Instant {
    return apiTimeAt(this.#run, this.#startedAt)
  }

  /** @returns what there is to do after it; null when there is too much of it: what came is stored, and the head is as it was */
  async read(mostPages = MOST_PAGES): Promise<Outlook | null> {
    const committer = new Committer<boolean>(this.#run, async (client, [pages = []], { insertedIds }) => {
      for (const id of insertedIds) this.#inserted.add(id)
      if (pages.includes(true)) await this.#save(client)
    })
    const commits = committer.open()
    const last = this.#pieces.at(-1)
    try {
      let pages = 0
      for (const piece of this.#pieces) {
        for await (const page of listPages(this.#run, piece)) {
          pages += 1
          for (const { job } of page.jobs) this.#seen.set(job.id, job)
          await commits.add(page, page.nextPageToken === null && piece === last)
          const isTooMuch = pages >= mostPages && this.present > this.#from + MINUTE
          if (page.nextPageToken !== null && isTooMuch) return null
        }
      }
      await commits.flush()
      return this.#outlook
    } finally {
      await commits.settle()
    }
  }

  async #save(client: PoolClient): Promise<void> {
    const { source } = this.#run.lease
    const upper = this.#newest()
    const until = Math.max(upper, this.#until())
    // First of all, since it locks the progress.
    await saveHead(client, source, { from: upper, until, readAt: this.#beganAt })
    if (this.#spans.ahead.length > 0) await cutSpans(client, source, this.#from)
    await putSpans(client, source, this.#spansUpTo(upper))
    // What is set aside stays so, wherever the head ends now.
    await putSpans(client, source, this.#holes)
    const shown = { seen: this.#seen, beganAt: this.#beganAt }
    for (const piece of this.#pieces) await suspectUnseen(this.#run, client, piece, shown)
    await growCoverage(client, source)
    this.#outlook = await loadOutlook(client, source, this.#run.jobs.sums)
  }

  /** The created_at of the newest job that is not dated in the future; at least where the head began. */
  #newest(): Instant {
    const instants = [...this.#seen.values()].flatMap(({ createdAt }) => parseInstant(createdAt) ?? [])
    const known = instants.filter((at) => at <= presentOf(this.#run))
    // A page of jobs is not dated in the future: the Date of the replies is behind (A17).
    const isBehind = instants.length - known.length > this.#run.options.pageSize
    const present = isBehind ? latestPresent(this.#run) : presentOf(this.#run)
    return instants.filter((at) => at <= present).reduce((newest, at) => Math.max(newest, at), this.#from)
  }

  /** The API's present when the reading began, where another clock bears it out. */
  #until(): Instant {
    const { clock, lease } = this.#run
    const passed = lease.now() - this.#beganAt
    const others = Math.max(ownTime(clock), lease.now()) - passed
    return this.present > others + MINUTE ? others : this.present
  }

  /** The young spans as they are after this reading, those that are settled now as one, and what the head leaves behind. */
  #spansUpTo(upper: Instant): Span[] {
    const young = this.#spans.young.map((span) => this.#after(span))
    if (upper === this.#from) return joined(young, this.#run)
    const age = Math.min(SLACK, Math.max(0, this.present - upper))
    const left = unreadSpan({ lower: this.#from, upper }, this.#beganAt - age)
    return joined([this.#after(left), ...young], this.#run)
  }

  #after(span: Span): Span {
    const { random, options } = this.#run
    const within = [...this.#seen.values()].filter(({ createdAt }) => isWithin(createdAt, span))
    const late = span.readAt === null ? 0 : within.filter(({ id }) => this.#inserted.has(id)).length
    return afterReading(span, { at: this.#beganAt, items: within.length, late, random: random() }, options)
  }
}

function isWithin(createdAt: string | null, { lower, upper }: Span): boolean {
  const at = parseInstant(createdAt)
  return at !== undefined && at >= lower && at <= upper
}

/** Joins neighbours that are settled: they are read again at the same time. Newest first, as given. */
function joined(spans: readonly Span[], { options, lease }: RunContext): Span[] {
  const now = lease.now()
  const result: Span[] = []
  for (const span of spans) {
    const last = result.at(-1)
    const isSame = last?.dueAt === span.dueAt && isPastOverlap(last, now, options.overlap)
    if (last && isSame && isPastOverlap(span, now, options.overlap)) {
      result[result.length - 1] = {
        ...last,
        lower: span.lower,
        items: (last.items ?? 0) + (span.items ?? 0),
      }
    } else result.push(span)
  }
  return result
}
