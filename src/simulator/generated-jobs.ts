import { formatInstant, type Instant } from '../values/instant.ts'
import type { SharedConfiguration } from './configurations.ts'
import type { DocumentType } from './corpus.ts'
import { drawFate, type Fate, type FateOptions, statusAfter } from './fate.ts'
import { indexOfJobId, jobId, uuid } from './ids.ts'
import type { Job } from './job.ts'
import type { JsonObject } from './json.ts'
import { errorMessage, reasoningFor, reasoningWithout } from './prose.ts'
import { deriveSeed, type Random, randomFrom, type SeedWords, seedWords } from './random.ts'
import { countLeading, type GeneratedShelf, type Traits } from './shelf.ts'

export interface GeneratedJobsOptions {
  readonly seed: number | string
  /** Strictly ascending; 8 bytes a job, and all that is kept of it. */
  readonly createdAt: Float64Array
  /** At least one; the first are used the most. */
  readonly configurations: readonly SharedConfiguration[]
  readonly projectId: string
  /** At least one. */
  readonly userIds: readonly string[]
  readonly fate: FateOptions
}

/** Jobs of which only `created_at` is kept. All else is drawn anew, from the seed and the index, whenever it is read. */
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
    return jobId(this.#idSeed, position)
  }

  isVisibleAt(position: number, now: Instant): boolean {
    return !this.#takenOut.has(position) && this.#visibleFrom(position) <= now
  }

  traitsAt(position: number, now: Instant): Traits {
    const { fate, configuration } = this.#draw(position)
    const { status } = statusAfter(fate, now - this.keyAt(position))
    return { status, projectId: this.#options.projectId, configurationId: configuration.id }
  }

  payloadAt(position: number, now: Instant): JsonObject {
    const drawn = this.#draw(position)
    return { configuration: drawn.configuration.document, ...this.#fields(position, drawn, now) }
  }

  textAt(position: number, now: Instant): string {
    const drawn = this.#draw(position)
    const fields = JSON.stringify(this.#fields(position, drawn, now))
    return `{"configuration":${drawn.configuration.text},${fields.slice(1)}`
  }

  find(id: string): number | undefined {
    const position = indexOfJobId(this.#idSeed, id)
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

  #visibleFrom(position: number): Instant {
    const isNeverLate = this.#options.fate.lateShare === 0
    return this.keyAt(position) + (isNeverLate ? 0 : this.#draw(position).fate.visibleAfter)
  }

  #draw(position: number): Drawn {
    const random = randomFrom(deriveSeed(this.#jobSeed, position))
    const configuration = pickSkewed(random, this.#options.configurations)
    return { random, configuration, fate: drawFate(random, this.#options.fate) }
  }

  /** All but the configuration. `drawn.random` is used up: the draws below must not depend on `now`. */
  #fields(position: number, { random, configuration, fate }: Drawn, now: Instant): JsonObject {
    const createdAt = this.keyAt(position)
    const { status, since } = statusAfter(fate, now - createdAt)
    const input = drawInput(random)
    const userId = random.pick(this.#options.userIds)
    const transactionId = random.chance(0.1) ? `txn-${uuid(random)}` : null
    return {
      id: this.idAt(position),
      ...input,
      project_id: this.#options.projectId,
      user_id: userId,
      status,
      configuration_id: configuration.id,
      transaction_id: transactionId,
      error_message: status === 'FAILED' ? errorMessage(random) : null,
      result: status === 'COMPLETED' ? drawResult(random, configuration.types, fate) : null,
      created_at: formatInstant(createdAt),
      updated_at: formatInstant(createdAt + since),
    }
  }
}

interface Drawn {
  readonly random: Random
  readonly configuration: SharedConfiguration
  readonly fate: Fate
}

function drawInput(random: Random): JsonObject {
  const kind = random.next()
  const id = uuid(random)
  if (kind < 0.6) return { document_input_type: 'file_id', file_input: `dfl-${id}`, parse_job_id: null }
  if (kind < 0.85) {
    return { document_input_type: 'parse_job_id', file_input: `pjb-${id}`, parse_job_id: `pjb-${id}` }
  }
  const url = `https://files.example.com/inbox/${id}.pdf`
  return { document_input_type: 'url', file_input: url, parse_job_id: null }
}

function drawResult(random: Random, types: readonly DocumentType[], { isMatched }: Fate): JsonObject {
  if (!isMatched) {
    const confidence = round(0.05 + 0.5 * random.next())
    return { confidence, reasoning: reasoningWithout(random, types), type: null }
  }
  const matched = pickSkewed(random, types)
  const other = random.pick(types.filter((type) => type !== matched))
  const confidence = round(1 - Math.min(0.6, random.exponential(0.06)))
  return { confidence, reasoning: reasoningFor(random, matched, other), type: matched.type }
}

/** Picks the first values far more often than the last: the logarithm of the rank is even. */
function pickSkewed<T>(random: Random, values: readonly T[]): T {
  const rank = Math.floor((values.length + 1) ** random.next())
  return values[Math.min(rank, values.length) - 1] ?? random.pick(values)
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000
}
