import type { PoolClient } from 'pg'
import { growCoverage, loadTimeline, saveHead, takeCoverageBack } from '../../store/coverage.ts'
import { storedIn } from '../../store/listed-jobs.ts'
import { suspectMissing } from '../../store/rechecks.ts'
import { cutSpans, newestSpans, putSpans, type Span, unreadSpan } from '../../store/spans.ts'
import { type Instant, MINUTE, parseInstant, SECOND } from '../../values/instant.ts'
import type { JudgedPage } from '../commit/committer.ts'
import { Committer } from '../commit/committer.ts'
import type { ListedJob } from '../job-list.ts'
import { listPages } from '../listing.ts'
import { apiTimeAt, commitRun, ownTime, presentOf, type RunContext } from '../run.ts'
import { afterReading, isSettled } from './schedule.ts'

/** A head with more pages than this is left to spans, which are read side by side and go on after a stop. */
const MOST_PAGES = 20
/** Of a page: so much of it may be jobs that are not due, but cost nothing more. */
const FREE_SHARE = 0.6
/** Most spans that one reading of the head looks back upon. */
const MOST_SPANS = 200
/** The newest job is taken for so much older than the present at most, which may be wrong. */
const SLACK = 10 * SECOND

/**
 * Reads the open span, which holds the present, together with the young spans before it that are due again. It then ends
 * where its newest job was created: whatever the clocks say, a later job is created later.
 */
export async function readHead(run: RunContext): Promise<void> {
  const { head } = await loadTimeline(run.pool, run.lease.source)
  const from = head?.from ?? firstHead(run)
  const spans = head === null ? [] : await youngSpans(run, from)
  const reading = new HeadReading(run, from, spans)
  if (!(await reading.read())) {
    await leaveToSpans(run, reading.present)
    return
  }
  if (await takeBackIfWrong(run, head === null)) await readHead(run)
}

/**
 * Leaves what the head holds so far to the spans, and reads what has come since: it is too much for one listing, or holds
 * an instant that cannot be read (A19). Returns false where there is nothing to leave.
 */
export async function leaveToSpans(run: RunContext, present: Instant): Promise<boolean> {
  const { source } = run.lease
  const { head } = await loadTimeline(run.pool, source)
  const from = head?.from ?? firstHead(run)
  // Where another clock bears it out (A17): above it the head goes on reading, whatever the API's Date says.
  const borneOut = Math.max(ownTime(run.clock), run.lease.now())
  const to = borneOut > from ? Math.min(present, borneOut) : present
  if (to <= from) return false
  await commitRun(run, async (client) => {
    await run.lease.lockProgress(client)
    const now = run.lease.now()
    await putSpans(client, source, [unreadSpan({ lower: from, upper: to }, now)])
    await saveHead(client, source, { from: to, until: to, readAt: head?.readAt ?? now })
    return { result: undefined }
  })
  await new HeadReading(run, to, []).read()
  return true
}

/** Nothing is known of the API's clock yet: the earlier of two that may be wrong. */
function firstHead({ clock, lease, options }: RunContext): Instant {
  return Math.min(ownTime(clock), lease.now()) - options.overlap - MINUTE
}

/** The API's present where its clock may be wrong (A17): it is not later than what most clocks say, and not than its own. */
function latestPresent(run: RunContext): Instant {
  const clocks = [presentOf(run), ownTime(run.clock), run.lease.now()]
  const [, median = 0] = clocks.toSorted((left, right) => left - right)
  return Math.max(presentOf(run), median)
}

/**
 * The open span, or the watermark, lies in the future: a clock proved wrong, or a job's created_at is absurd. Both are taken
 * back to what was truly read (I3). Returns whether the open span was.
 */
async function takeBackIfWrong(run: RunContext, isFirst: boolean): Promise<boolean> {
  const { source } = run.lease
  const { head, coverage } = await loadTimeline(run.pool, source)
  // Of the first head nothing was read before: it is set right by the API's own clock.
  const present = isFirst ? presentOf(run) : latestPresent(run)
  const [isAhead, isOverstated] = [head?.from, coverage?.watermark].map(
    (edge) => edge !== undefined && edge > present + MINUTE,
  )
  if (head === null || !(isAhead || isOverstated)) return false
  const from = isAhead ? present - run.options.overlap : head.from
  run.log.warn(
    { from: head.from, to: from },
    'A clock was wrong: the watermark is taken back to what was read.',
  )
  await commitRun(run, async (client) => {
    await run.lease.lockProgress(client)
    if (isAhead) await cutSpans(client, source, from)
    await saveHead(client, source, { ...head, from, until: from })
    await takeCoverageBack(client, source, from)
    return { result: undefined }
  })
  return isAhead === true
}

/** The young spans that touch the open one, newest first: those that are due, and those that fit into its page. */
async function youngSpans({ pool, lease, options }: RunContext, from: Instant): Promise<Span[]> {
  const now = lease.now()
  const found: Span[] = []
  let [edge, items] = [from, 0]
  for (const span of await newestSpans(pool, lease.source, MOST_SPANS)) {
    const { lower, upper, freshAt, dueAt, readAt, reason } = span
    // Settled ones wait for their neighbours, to be read as one.
    if (
      upper !== edge ||
      readAt === null ||
      reason !== null ||
      isSettled({ freshAt }, readAt, options.overlap)
    )
      break
    items += span.items ?? Number.POSITIVE_INFINITY
    const isFree = items <= options.pageSize * FREE_SHARE
    const isDue = dueAt !== null && dueAt <= now && items <= options.pageSize * MOST_PAGES
    if (!isFree && !isDue) break
    found.push(span)
    edge = lower
  }
  return found
}

class HeadReading {
  readonly #run: RunContext
  readonly #from: Instant
  readonly #spans: readonly Span[]
  readonly #startedAt: number
  readonly #beganAt: Instant
  readonly #jobs = new Map<string, ListedJob>()
  readonly #inserted = new Set<string>()

  constructor(run: RunContext, from: Instant, spans: readonly Span[]) {
    this.#run = run
    this.#from = from
    this.#spans = spans
    this.#startedAt = run.clock.monotonic()
    this.#beganAt = run.lease.now()
  }

  /** The API's time when the reading began. */
  get present(): Instant {
    return apiTimeAt(this.#run, this.#startedAt)
  }

  get #lower(): Instant {
    return this.#spans.at(-1)?.lower ?? this.#from
  }

  /** @returns false when there is too much of it: what came is stored, and the head is as it was */
  async read(): Promise<boolean> {
    const committer = new Committer<boolean>(this.#run, {
      save: async (client, [pages = []], { insertedIds }) => {
        for (const id of insertedIds) this.#inserted.add(id)
        if (pages.includes(true)) await this.#save(client)
      },
    })
    const commits = committer.open()
    try {
      let pages = 0
      for await (const page of listPages(this.#run, { lower: this.#lower })) {
        pages += 1
        this.#note(page)
        await commits.add(page, page.nextPageToken === null)
        const isTooMuch = pages >= MOST_PAGES && this.present > this.#from + MINUTE
        if (page.nextPageToken !== null && isTooMuch) return false
      }
      await commits.flush()
      return true
    } finally {
      await commits.settle()
    }
  }

  #note({ jobs }: JudgedPage): void {
    for (const { job } of jobs) this.#jobs.set(job.id, job)
  }

  async #save(client: PoolClient): Promise<void> {
    const { lease, jobs, owner } = this.#run
    const { source } = lease
    await lease.lockProgress(client)
    const upper = this.#newest()
    await putSpans(client, source, this.#spansUpTo(upper))
    const stored = await storedIn(client, jobs.table, owner(), {
      lower: this.#lower,
      upper: null,
      storedBefore: this.#beganAt,
    })
    const missing = stored.filter((id) => !this.#jobs.has(id))
    await suspectMissing(client, source, missing, lease.now())
    await saveHead(client, source, {
      from: upper,
      until: Math.max(upper, this.#until()),
      readAt: this.#beganAt,
    })
    await growCoverage(client, source)
  }

  /** The created_at of the newest job that is not dated in the future; at least where the head began. */
  #newest(): Instant {
    const present = presentOf(this.#run)
    const created = [...this.#jobs.values()].flatMap(({ createdAt }) => createdAt ?? [])
    const instants = created.flatMap((text) => parseInstant(text) ?? [])
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
    const young = this.#spans.map((span) => this.#after(span))
    if (upper === this.#from) return joined(young, this.#run)
    const age = Math.min(SLACK, Math.max(0, this.present - upper))
    const left = unreadSpan({ lower: this.#from, upper }, this.#beganAt - age)
    return joined([this.#after(left), ...young], this.#run)
  }

  #after(span: Span): Span {
    const { random, options } = this.#run
    const within = [...this.#jobs.values()].filter(({ createdAt }) => isWithin(createdAt, span))
    const late = span.readAt === null ? 0 : within.filter(({ id }) => this.#inserted.has(id)).length
    return afterReading(span, { at: this.#beganAt, items: within.length, late, random: random() }, options)
  }
}

function isWithin(createdAt: string | null, { lower, upper }: Span): boolean {
  const at = createdAt === null ? undefined : parseInstant(createdAt)
  return at !== undefined && at >= lower && at <= upper
}

/** Joins neighbours that are settled: they are read again at the same time. Newest first, as given. */
function joined(spans: readonly Span[], { options, lease }: RunContext): Span[] {
  const now = lease.now()
  const result: Span[] = []
  for (const span of spans) {
    const last = result.at(-1)
    const isSame = last?.dueAt === span.dueAt && isSettled(last, now, options.overlap)
    if (last && isSame && isSettled(span, now, options.overlap)) {
      result[result.length - 1] = {
        ...last,
        lower: span.lower,
        items: (last.items ?? 0) + (span.items ?? 0),
      }
    } else result.push(span)
  }
  return result
}
