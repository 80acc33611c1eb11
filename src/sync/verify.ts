import { loadTimeline, type Timeline } from '../store/coverage.ts'
import { idsOutside, type Owner, storedIn } from '../store/listed-jobs.ts'
import { loadProjects, NO_PROJECT } from '../store/projects.ts'
import { awaiting } from '../store/rechecks.ts'
import { loadSourceRow } from '../store/source-row.ts'
import { type Bounds, firstSpan, quarantinedSpans, spansBelow } from '../store/spans.ts'
import { type Instant, MICROSECOND, MINUTE, parseInstant } from '../values/instant.ts'
import type { Comparison, FieldDifference } from './job-list.ts'
import { askAside, listAside } from './listing-aside.ts'
import { ownTime, presentOf } from './run.ts'
import type { Source } from './source.ts'
import { around } from './timeline/head-reading.ts'

/** A difference between the API and the tables that a worker would not repair by itself in its next cycle. */
export interface Difference {
  readonly id: string
  /** `missing`: in the API only. `surplus`: in the tables only. `deleted`: marked so, but the API shows it. */
  readonly kind: 'missing' | 'surplus' | 'deleted' | 'fields'
  readonly fields: readonly FieldDifference[]
}

export interface Verification {
  /** Items that the API listed. */
  readonly received: number
  /** Jobs that the tables hold as existing, in the spans that were compared. */
  readonly stored: number
  readonly differences: number
  /** Not differences: jobs that are new, open, or in a part of the history that is not read yet. */
  readonly inFlight: number
}

/** How many spans are looked up at once. */
const LOOK_UP = 500

/**
 * Compares the API with the tables, job by job and field by field, both ways, and writes nothing: the same reading as a
 * worker's, span by span, so that memory holds the ids of one span. What differs is asked for again by id, so that what
 * changes meanwhile is not taken for a difference.
 */
export async function verify(
  source: Source,
  signal: AbortSignal,
  report: (difference: Difference) => void,
): Promise<Verification> {
  source.renewKey()
  const { pool, name, scope } = source
  const timeline = await loadTimeline(pool, name)
  source.jobs.pageSize.begin(timeline.pageSize)
  const projects = [...(await loadProjects(pool, name)).keys()].filter((project) => project !== NO_PROJECT)
  const names = [name, ...((await loadSourceRow(pool, name))?.formerNames ?? [])]
  const owner = { names, projects, configurationId: scope.configurationId }
  const verifying = new Verifying({ source, signal, report, timeline, owner })
  await verifying.compareAll()
  return verifying.result
}

interface Parts {
  readonly source: Source
  readonly signal: AbortSignal
  readonly report: (difference: Difference) => void
  readonly timeline: Timeline
  readonly owner: Owner
}

class Verifying {
  readonly #parts: Parts
  /** Stored jobs of the span compared last: those on its lower end are of the next one as well. */
  #before: ReadonlySet<string> = new Set()
  readonly result = { received: 0, stored: 0, differences: 0, inFlight: 0 }

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async compareAll(): Promise<void> {
    const { source, timeline, owner } = this.#parts
    const from = timeline.head?.from ?? source.options.startAt
    const quarantined = await quarantinedSpans(source.pool, source.name, LOOK_UP)
    const holes = quarantined.filter(({ lower }) => lower >= from)
    for (const { lower, upper = null } of around(from, holes)) await this.#compare({ lower, upper })
    let above = from
    for await (const span of this.#spans(from)) {
      // Neighbours share an end: what lies on it was compared with the one above.
      await this.#compare(span.upper === above ? { lower: span.lower, upper: above - MICROSECOND } : span)
      above = span.lower
    }
    const begin = (await firstSpan(source.pool, source.name))?.lower ?? from
    const outside = await idsOutside(source.pool, source.jobs.table, owner, begin)
    this.result.stored += outside.length
    await this.#judgeAbsent(outside)
  }

  /** The timeline, newest first, with what somebody removed of it. What is in quarantine cannot be listed. */
  async *#spans(below: Instant): AsyncGenerator<Bounds, void, void> {
    const { source } = this.#parts
    for (let edge = below; ; ) {
      const spans = await spansBelow(source.pool, source.name, edge, LOOK_UP)
      if (spans.length === 0) return
      for (const { lower, upper, reason } of spans) {
        if (upper < edge) yield { lower: upper, upper: edge }
        if (reason === null) yield { lower, upper }
        edge = lower
      }
    }
  }

  /** One span, both ways. */
  async #compare({ lower, upper }: { lower: Instant; upper: Instant | null }): Promise<void> {
    const { source, owner, signal } = this.#parts
    const { pool, name, jobs } = source
    const before = ownTime(source.clock)
    const listed = new Set<string>()
    for await (const page of listAside(source, upper === null ? { lower } : { lower, upper }, signal)) {
      this.result.received += page.received
      for (const { id } of page.jobs) listed.add(id)
      const differing = await jobs.compare(pool, name, page.jobs)
      if (differing.length > 0) await this.#compareAgain(differing.map(({ id }) => id))
    }
    const stored = await storedIn(pool, jobs.table, owner, { lower, upper, storedBefore: before + MINUTE })
    const fresh = stored.filter((id) => !this.#before.has(id))
    this.#before = new Set(stored)
    this.result.stored += fresh.length
    await this.#judgeAbsent(fresh.filter((id) => !listed.has(id)))
  }

  /** Jobs as they are now against rows as they are now. What has gone meanwhile was no difference. */
  async #compareAgain(ids: readonly string[]): Promise<void> {
    const { source, signal } = this.#parts
    const { pool, name, jobs } = source
    for await (const shown of askAside(source, ids, signal)) {
      const createdAt = new Map(shown.map((job) => [job.id, job.createdAt]))
      for (const comparison of await jobs.compare(pool, name, shown)) {
        const { id, missing, deleted, fields } = comparison
        if (this.#isInFlight(comparison, createdAt.get(id) ?? null)) this.result.inFlight += 1
        else if (missing) this.#note({ id, kind: 'missing', fields: [] })
        else this.#note({ id, kind: deleted ? 'deleted' : 'fields', fields })
      }
    }
  }

  /**
   * Whether a worker will see to it by itself: a job of the recheck list that has changed, one newer than what is settled, or
   * one of the history that is not read yet.
   */
  #isInFlight({ open, behind, missing }: Comparison, createdAt: string | null): boolean {
    const { source, timeline } = this.#parts
    if (open && behind) return true
    const created = parseInstant(createdAt)
    if (!missing || created === undefined) return false
    const present = presentOf(source) + MINUTE
    const { coveredFrom, watermark } = timeline.coverage ?? { coveredFrom: present, watermark: present }
    return created < coveredFrom || (created > watermark - source.options.overlap && created <= present)
  }

  /** Stored jobs that the API does not show, asked by id. Those that the worker is about to ask for are in flight. */
  async #judgeAbsent(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const { source, signal } = this.#parts
    const shown = new Set<string>()
    for await (const jobs of askAside(source, ids, signal)) for (const { id } of jobs) shown.add(id)
    const absent = ids.filter((id) => !shown.has(id))
    const awaited = await awaiting(source.pool, source.name, absent)
    for (const id of absent) {
      if (awaited.has(id)) this.result.inFlight += 1
      else this.#note({ id, kind: 'surplus', fields: [] })
    }
  }

  #note(difference: Difference): void {
    this.result.differences += 1
    this.#parts.report(difference)
  }
}
