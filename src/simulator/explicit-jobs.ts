import type { Instant } from '../values/instant.ts'
import { isVisible, type Job, render } from './job.ts'
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { comparePlaces, countLeading, type Shelf, type Traits } from './shelf.ts'

/** Jobs kept one by one, which can be put, replaced and edited at any time. */
export class ExplicitJobs implements Shelf {
  readonly #byId = new Map<string, Job>()
  #ordered: Job[] = []
  /** Sorting waits for the next read, so that putting many jobs in any order stays cheap. */
  #isOrdered = true
  readonly #defaults: JsonObject

  /** @param defaults what a job has where its own fields say nothing */
  constructor(defaults: JsonObject) {
    this.#defaults = defaults
  }

  put(job: Job): void {
    const replaced = this.find(job.id)
    this.#byId.set(job.id, job)
    if (replaced !== undefined && this.keyAt(replaced) === sortKey(job)) {
      this.#ordered[replaced] = job
      return
    }
    if (replaced !== undefined) this.#ordered.splice(replaced, 1)
    const last = this.#ordered.at(-1)
    this.#ordered.push(job)
    if (last && compareJobs(last, job) > 0) this.#isOrdered = false
  }

  job(id: string): Job | undefined {
    return this.#byId.get(id)
  }

  get length(): number {
    return this.#ordered.length
  }

  keyAt(position: number): number {
    return sortKey(this.#at(position))
  }

  idAt(position: number): string {
    return this.#at(position).id
  }

  isVisibleAt(position: number, now: Instant): boolean {
    return isVisible(this.#at(position), now)
  }

  traitsAt(position: number, now: Instant): Traits {
    const job = this.#at(position)
    const payload = render(job, now, this.#defaults)
    const fields = isJsonObject(payload) ? payload : {}
    return {
      status: fields.status,
      projectId: job.projectId ?? fields.project_id,
      configurationId: fields.configuration_id,
    }
  }

  payloadAt(position: number, now: Instant): JsonValue {
    return render(this.#at(position), now, this.#defaults)
  }

  textAt(position: number, now: Instant): string {
    return JSON.stringify(this.payloadAt(position, now))
  }

  find(id: string): number | undefined {
    const job = this.#byId.get(id)
    if (!job) return undefined
    return countLeading(this.length, (position) => compareJobs(this.#at(position), job) < 0)
  }

  countVisible(now: Instant): number {
    return this.#ordered.reduce((count, job) => (isVisible(job, now) ? count + 1 : count), 0)
  }

  #at(position: number): Job {
    if (!this.#isOrdered) {
      this.#ordered.sort(compareJobs)
      this.#isOrdered = true
    }
    const job = this.#ordered[position]
    if (!job) throw new RangeError(`no job at position ${position} of ${this.#ordered.length}`)
    return job
  }
}

function sortKey(job: Job): number {
  return job.createdAt ?? Number.POSITIVE_INFINITY
}

function compareJobs(a: Job, b: Job): number {
  return comparePlaces({ key: sortKey(a), id: a.id }, { key: sortKey(b), id: b.id })
}
