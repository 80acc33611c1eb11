import type { Instant } from '../values/instant.ts'
import { ExplicitJobs } from './explicit-jobs.ts'
import type { Job } from './job.ts'
import type { JsonObject, JsonValue } from './json.ts'
import { type Walk, walk } from './listing.ts'
import { classify } from './lists/classify.ts'
import type { Lookups } from './lookups.ts'
import type { Found, GeneratedShelf, Shelf } from './shelf.ts'
import type { SimulatedList } from './simulated-list.ts'

export const DEFAULT_ORGANIZATION = '22222222-2222-4222-8222-222222222222'

export interface WorldOptions {
  /** The upstream's time, in microseconds. It must not go backwards. */
  readonly now: () => Instant
  /** The one organisation to which all projects belong; a UUID. */
  readonly organizationId?: string
  /** The list whose jobs these are; that of classify jobs by default. */
  readonly simulates?: SimulatedList
}

/** What a rule of hiding is told of a job. */
export interface Sight {
  readonly id: string
  /** Infinity where it has none. */
  readonly createdAt: number
  projectId(): JsonValue | undefined
}

/** Whether the API shows neither in lists nor by id what exists: a shard that is away, another project's (A15, A18, A20). */
export type Hides = (job: Sight, now: Instant) => boolean

export type ListOptions = Omit<Walk, 'shelves'>

/**
 * The jobs of the simulated upstream. Every job is a timeline; what is visible, and how it looks, follows from the
 * clock, so that time passes without anything having to run. `all()` is the truth that tables are compared with.
 */
export class World {
  readonly now: () => Instant
  readonly organizationId: string
  readonly simulates: SimulatedList
  /** Names of projects and configurations, for whoever asks for them. */
  readonly lookups: Lookups = { projects: [], configurations: [] }
  readonly #explicit: ExplicitJobs
  readonly #generated: GeneratedShelf[] = []
  readonly #hiding = new Set<Hides>()

  constructor({ now, organizationId = DEFAULT_ORGANIZATION, simulates = classify }: WorldOptions) {
    this.now = now
    this.organizationId = organizationId
    this.simulates = simulates
    this.#explicit = new ExplicitJobs(simulates.defaults)
  }

  /** The number of jobs visible now. */
  get size(): number {
    const now = this.now()
    if (this.#hiding.size > 0) return [...this.list({ filters: {}, direction: 'ascending', now })].length
    return this.#shelves().reduce((count, shelf) => count + shelf.countVisible(now), 0)
  }

  /** Adds a job, or replaces the one with its id, as if it had always been so. */
  put(...jobs: readonly Job[]): void {
    for (const job of jobs) {
      this.#takeOut(job.id)
      this.#explicit.put(job)
    }
  }

  /** Adds a shelf of generated jobs; see `generate`. */
  addShelf(shelf: GeneratedShelf): void {
    if (shelf.length > 0 && this.#locate(shelf.idAt(0))) {
      throw new Error('this world already holds jobs of this seed: generate them with another one')
    }
    this.#generated.push(shelf)
  }

  /**
   * Changes fields of a job from now on; undefined takes a field away. `updated_at` becomes now unless it is among the
   * changes. Throws when there is no such job, or when its id or created_at, by which it is filed, would change.
   */
  patch(id: string, changes: JsonObject): void {
    if ('id' in changes || 'created_at' in changes) {
      throw new TypeError('id and created_at cannot be patched: put another job')
    }
    this.#edit(id, (job) => {
      const step = { at: this.now(), changes }
      return { ...job, steps: [...(job.steps ?? []), step].sort((a, b) => a.at - b.at) }
    })
  }

  /** Deletes a job from now on (A8). Throws when there is no such job. */
  remove(id: string): void {
    this.#edit(id, (job) => ({ ...job, deletedAt: this.now() }))
  }

  /** Takes a deletion back. Throws when there is no such job. */
  restore(id: string): void {
    this.#edit(id, ({ deletedAt, ...job }) =>
      deletedAt !== undefined && deletedAt > this.now() ? { ...job, deletedAt } : job,
    )
  }

  /** Hides jobs for as long as the rule says so. */
  hide(rule: Hides): void {
    this.#hiding.add(rule)
  }

  /** The job as the API shows it now; undefined while it is not visible. Do not change it. */
  get(id: string): JsonValue | undefined {
    const found = this.#locate(id)
    const now = this.now()
    return found?.shelf.isVisibleAt(found.position, now) && !this.#isHidden(found, now)
      ? found.shelf.payloadAt(found.position, now)
      : undefined
  }

  /** All jobs as the API shows them now, oldest first, those without created_at last. Do not change them. */
  *all(): Generator<JsonValue> {
    const now = this.now()
    for (const { shelf, position } of this.list({ filters: {}, direction: 'ascending', now })) {
      yield shelf.payloadAt(position, now)
    }
  }

  /** The visible jobs that pass the filters, in order, as of `now`. Read it before the world is changed again. */
  *list(options: ListOptions): Generator<Found> {
    const { organizationId } = options.filters
    const isOurs = organizationId === undefined || organizationId === this.organizationId
    for (const found of walk({ ...options, shelves: isOurs ? this.#shelves() : [] })) {
      if (!this.#isHidden(found, options.now)) yield found
    }
  }

  #isHidden({ shelf, position }: Found, now: Instant): boolean {
    if (this.#hiding.size === 0) return false
    const job: Sight = {
      id: shelf.idAt(position),
      createdAt: shelf.keyAt(position),
      projectId: () => shelf.traitsAt(position, now).projectId,
    }
    for (const hides of this.#hiding) if (hides(job, now)) return true
    return false
  }

  #shelves(): Shelf[] {
    return [this.#explicit, ...this.#generated]
  }

  #locate(id: string): Found | undefined {
    for (const shelf of this.#shelves()) {
      const position = shelf.find(id)
      if (position !== undefined) return { shelf, position }
    }
    return undefined
  }

  #edit(id: string, change: (job: Job) => Job): void {
    const job = this.#takeOut(id) ?? this.#explicit.job(id)
    if (!job) throw new Error(`there is no job ${id}`)
    this.#explicit.put(change(job))
  }

  #takeOut(id: string): Job | undefined {
    for (const shelf of this.#generated) {
      const position = shelf.find(id)
      if (position !== undefined) return shelf.takeOut(position)
    }
    return undefined
  }
}
