import { isExpiredToken, type ListedPage, readPages } from '../api/pages.ts'
import type { Page } from '../api/request.ts'
import { ApiUnavailableError } from '../errors.ts'
import { type Coverage, loadCoverage } from '../store/coverage.ts'
import { storedIds } from '../store/listed-jobs.ts'
import { openAmong } from '../store/open-jobs.ts'
import { idBatches } from './ask-by-id.ts'
import { IdLedger } from './id-ledger.ts'
import { isInFlight, type Promised } from './in-flight.ts'
import type { FieldDifference, JobList, ListedJob, ListQuery } from './job-list.ts'
import { ahead } from './listing.ts'
import { presentOf } from './run.ts'
import type { Source } from './source.ts'

/** A difference between the API and the tables that a worker would not mend by itself in its next cycle. */
export interface Difference {
  readonly id: string
  /** `missing`: in the API only. `surplus`: in the tables only. `deleted`: marked so, but the API shows it. */
  readonly kind: 'missing' | 'surplus' | 'deleted' | 'fields'
  readonly fields: readonly FieldDifference[]
}

export interface Verification {
  /** Items that the API listed. */
  readonly received: number
  /** Jobs that the tables hold as existing. */
  readonly stored: number
  readonly differences: number
  /** Not differences: jobs that are new, open, or in a part of the history that is not read yet. */
  readonly inFlight: number
}

/**
 * Compares the API with the tables, job by job and field by field, both ways, and writes nothing. What differs is asked
 * for again by id, so that what changes meanwhile is not taken for a difference. Memory does not grow with the jobs.
 */
export async function verify(
  source: Source,
  signal: AbortSignal,
  report: (difference: Difference) => void,
): Promise<Verification> {
  source.renewKey()
  const verifying = new Verifying(source, signal, report, await loadCoverage(source.pool, source.name))
  await verifying.compareListed()
  await verifying.findSurplus()
  return verifying.result
}

const STORED_CHUNK = 10_000

class Verifying {
  readonly #source: Source
  readonly #signal: AbortSignal
  readonly #report: (difference: Difference) => void
  readonly #coverage: Coverage | null
  readonly #ledger = new IdLedger()
  #received = 0
  #stored = 0
  #differences = 0
  #inFlight = 0

  constructor(
    source: Source,
    signal: AbortSignal,
    report: (difference: Difference) => void,
    coverage: Coverage | null,
  ) {
    this.#source = source
    this.#signal = signal
    this.#report = report
    this.#coverage = coverage
  }

  get result(): Verification {
    return {
      received: this.#received,
      stored: this.#stored,
      differences: this.#differences,
      inFlight: this.#inFlight,
    }
  }

  /** Walks the API's whole list and compares a page at a time. */
  async compareListed(): Promise<void> {
    const { pool, name, jobs } = this.#source
    for await (const page of this.#list({})) {
      this.#received += page.received
      for (const job of page.jobs) this.#ledger.add(job.id)
      const differing = await jobs.compare(pool, name, page.jobs)
      if (differing.length > 0) await this.#compareAgain(differing.map(({ id }) => id))
    }
  }

  /** Finds what is stored but not listed: only the ids of buckets that do not balance are asked for. */
  async findSurplus(): Promise<void> {
    for await (const ids of this.#storedIds()) {
      this.#stored += ids.length
      for (const id of ids) this.#ledger.subtract(id)
    }
    for await (const ids of this.#storedIds()) {
      const suspects = ids.filter((id) => this.#ledger.isSuspect(id))
      if (suspects.length > 0) await this.#judgeAbsent(suspects)
    }
  }

  async *#storedIds(): AsyncGenerator<string[], void, void> {
    const { pool, name, jobs } = this.#source
    for (let after = ''; ; ) {
      const ids = await storedIds(pool, jobs.table, name, { after, limit: STORED_CHUNK })
      const last = ids.at(-1)
      if (last === undefined) return
      yield ids
      after = last
    }
  }

  /** Jobs as they are now against rows as they are now. What has gone meanwhile was no difference. */
  async #compareAgain(ids: readonly string[]): Promise<void> {
    const { pool, name, jobs } = this.#source
    const shown = await this.#ask(ids)
    for (const comparison of await jobs.compare(pool, name, [...shown.values()])) {
      const { id, missing, deleted, fields } = comparison
      const createdAt = shown.get(id)?.createdAt ?? null
      if (isInFlight(comparison, createdAt, this.#promised())) this.#inFlight += 1
      else if (missing) this.#note({ id, kind: 'missing', fields: [] })
      else this.#note({ id, kind: deleted ? 'deleted' : 'fields', fields })
    }
  }

  /** Stored jobs that the API does not show, asked by id. Those that the worker is about to ask for are in flight. */
  async #judgeAbsent(ids: readonly string[]): Promise<void> {
    const shown = await this.#ask(ids)
    const absent = ids.filter((id) => !shown.has(id))
    const open = await openAmong(this.#source.pool, this.#source.name, absent)
    for (const id of absent) {
      if (open.has(id)) this.#inFlight += 1
      else this.#note({ id, kind: 'surplus', fields: [] })
    }
  }

  async #ask(ids: readonly string[]): Promise<Map<string, ListedJob>> {
    const shown = new Map<string, ListedJob>()
    for (const batch of idBatches(ids)) {
      for await (const page of this.#list({ ids: batch })) {
        for (const job of page.jobs) shown.set(job.id, job)
      }
    }
    return shown
  }

  async *#list(query: ListQuery): AsyncGenerator<JobsPage, void, void> {
    const { jobs } = this.#source
    let hadToken = false
    try {
      const pages = readPages(async (token): Promise<JobsPage> => {
        hadToken = token !== null
        const page = await jobs.readPage(
          token === null ? query : { ...query, pageToken: token },
          this.#signal,
        )
        const { items, nextPageToken } = page
        return { jobs: distinctJobs(jobs, page), received: items.length, nextPageToken }
      })
      yield* ahead(pages)
    } catch (error) {
      if (!isExpiredToken(error, hadToken)) throw error
      throw new ApiUnavailableError(
        'A page token of the API expired before the comparison was done: run it again.',
      )
    }
  }

  #promised(): Promised {
    const { options } = this.#source
    const present = presentOf(this.#source)
    // Nothing is promised before the first cycle.
    if (this.#coverage === null) return { from: present, to: present, present }
    return { from: this.#coverage.coveredFrom, to: this.#coverage.watermark - options.overlap, present }
  }

  #note(difference: Difference): void {
    this.#differences += 1
    this.#report(difference)
  }
}

interface JobsPage extends ListedPage {
  /** Each id once. */
  readonly jobs: readonly ListedJob[]
}

function distinctJobs(jobList: JobList, { items }: Page): ListedJob[] {
  const jobs = new Map<string, ListedJob>()
  for (const item of items) {
    const judgement = jobList.judge(item)
    if ('job' in judgement) jobs.set(judgement.job.id, judgement.job)
  }
  return [...jobs.values()]
}
