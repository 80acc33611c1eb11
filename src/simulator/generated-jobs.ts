import { formatInstant, type Instant } from '../values/instant.ts'
import type { SharedConfiguration } from './configurations.ts'
import { drawFate, type FateOptions, statusAfter } from './fate.ts'
import type { GenerateOptions } from './generate.ts'
import { indexOfJobId, jobId } from './ids.ts'
import type { Job, Status } from './job.ts'
import type { JsonObject } from './json.ts'
import { deriveSeed, randomFrom, type SeedWords, seedWords } from './random.ts'
import { countLeading, type GeneratedShelf, type Traits } from './shelf.ts'
import { type Life, pickSkewed, type SimulatedList, shownStatus } from './simulated-list.ts'

export interface GeneratedJobsOptions extends Pick<GenerateOptions, 'seed' | 'parsed' | 'classified'> {
  readonly list: SimulatedList
  /** Strictly ascending; 8 bytes a job, and all that is kept of it. */
  readonly createdAt: Float64Array
  /** At least one; the first are used the most. */
  readonly configurations: readonly SharedConfiguration[]
  readonly projectId: string
  /** At least one. */
  readonly userIds: readonly string[]
  readonly fate: FateOptions
}

/** Among so many of the latest jobs one is chosen, looking back no further than this. */
const AMONG = 8
const FARTHEST = 500

/** Jobs of which only `created_at` is kept. All else is drawn again, from the seed and the index, whenever it is read. */
export class GeneratedJobs implements GeneratedShelf {
  readonly length: number
  readonly #options: GeneratedJobsOptions
  readonly #idSeed: SeedWords
  readonly #jobSeed: SeedWords
  readonly #takenOut = new Set<number>()

  constructor(options: GeneratedJobsOptions) {
    this.length = options.createdAt.length
    this.#options = options
    this.#idSeed = seedWords(`${options.seed} ids`)
    this.#jobSeed = seedWords(`${options.seed} jobs`)
  }

  keyAt(position: number): number {
    const key = this.#options.createdAt[position]
    if (key === undefined) throw new RangeError(`no job at position ${position} of ${this.length}`)
    return key
  }

  idAt(position: number): string {
    return jobId(this.#idSeed, position, this.#options.list.idPrefix)
  }

  isVisibleAt(position: number, now: Instant): boolean {
    return !this.#takenOut.has(position) && this.#visibleFrom(position) <= now
  }

  traitsAt(position: number, now: Instant): Traits {
    const { fate, configuration } = this.#draw(position)
    const { status } = statusAfter(fate, now - this.keyAt(position))
    const { list, projectId } = this.#options
    return { status: shownStatus(list, status), projectId, configurationId: configuration.id }
  }

  payloadAt(position: number, now: Instant): JsonObject {
    const drawn = this.#draw(position)
    const fields = this.#fields(position, drawn, now)
    if (!this.#options.list.showsConfiguration) return fields
    return { configuration: drawn.configuration.document, ...fields }
  }

  textAt(position: number, now: Instant): string {
    const drawn = this.#draw(position)
    const fields = JSON.stringify(this.#fields(position, drawn, now))
    if (!this.#options.list.showsConfiguration) return fields
    return `{"configuration":${drawn.configuration.text},${fields.slice(1)}`
  }

  find(id: string): number | undefined {
    const position = indexOfJobId(this.#idSeed, id, this.#options.list.idPrefix)
    return position === undefined || position >= this.length || this.#takenOut.has(position)
      ? undefined
      : position
  }

  countVisible(now: Instant): number {
    const created = countLeading(this.length, (position) => this.keyAt(position) <= now)
    let hidden = 0
    if (this.#options.fate.lateShare === 0) {
      for (const position of this.#takenOut) if (position < created) hidden++
    } else {
      for (let position = 0; position < created; position++) if (!this.isVisibleAt(position, now)) hidden++
    }
    return created - hidden
  }

  takeOut(position: number): Job {
    const createdAt = this.keyAt(position)
    const job: Job = {
      id: this.idAt(position),
      createdAt,
      visibleAt: this.#visibleFrom(position),
      projectId: this.#options.projectId,
      payload: (now) => this.payloadAt(position, now),
    }
    this.#takenOut.add(position)
    return job
  }

  /** A job that had ended so by then, one of the latest: `share`, 0 to 1, says which. */
  endedBefore(at: Instant, end: Status, share: number): JsonObject | undefined {
    const created = countLeading(this.length, (position) => this.keyAt(position) <= at)
    const found: number[] = []
    for (let back = 1; back <= Math.min(created, FARTHEST) && found.length < AMONG; back++) {
      const { fate } = this.#draw(created - back)
      if (fate.end === end && this.keyAt(created - back) + fate.endsAfter <= at) found.push(created - back)
    }
    const chosen = found[Math.floor(share * found.length)]
    return chosen === undefined ? undefined : this.payloadAt(chosen, at)
  }

  #visibleFrom(position: number): Instant {
    const isNeverLate = this.#options.fate.lateShare === 0
    return this.keyAt(position) + (isNeverLate ? 0 : this.#draw(position).fate.visibleAfter)
  }

  #draw(position: number): Drawn {
    const random = randomFrom(deriveSeed(this.#jobSeed, position))
    const configuration = pickSkewed(random, this.#options.configurations)
    return { random, configuration, fate: drawFate(random, this.#options.fate) }
  }

  /** All but the configuration. `drawn.random` is used up. */
  #fields(position: number, { random, configuration, fate }: Drawn, now: Instant): JsonObject {
    const createdAt = this.keyAt(position)
    const { status, since } = statusAfter(fate, now - createdAt)
    const { list, projectId, userIds, parsed, classified } = this.#options
    // A document that could not be parsed fails here as well.
    const parsedAs = fate.end === 'FAILED' ? 'FAILED' : 'COMPLETED'
    return {
      id: this.idAt(position),
      ...list.draw({
        random,
        configuration,
        fate,
        status,
        shown: shownStatus(list, status),
        projectId,
        userIds,
        parsed: (share) => parsed?.endedBefore(createdAt, parsedAs, share),
        classified: (share) => classified?.endedBefore(createdAt, 'COMPLETED', share),
      }),
      created_at: formatInstant(createdAt),
      updated_at: formatInstant(createdAt + since),
    }
  }
}

type Drawn = Pick<Life, 'random' | 'configuration' | 'fate'>
