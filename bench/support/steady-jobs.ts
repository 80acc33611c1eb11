import { indexOfJobId, jobId } from '../../src/simulator/ids.ts'
import { DEFAULT_FIELDS, type Job } from '../../src/simulator/job.ts'
import type { JsonObject } from '../../src/simulator/json.ts'
import { createRandom, type Random, seedWords } from '../../src/simulator/random.ts'
import { countLeading, type GeneratedShelf, type Traits } from '../../src/simulator/shelf.ts'
import { DAY, formatInstant, HOUR, type Instant, MINUTE, SECOND } from '../../src/values/instant.ts'

/** A job's life: PENDING from its creation on, then RUNNING, then how it ends. */
export interface Life {
  readonly createdAt: Instant
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly end: 'COMPLETED' | 'FAILED'
}

export interface SteadyOptions {
  readonly seed: string
  readonly perDay: number
  readonly from: Instant
  readonly to: Instant
}

/** Jobs that arrive by chance, evenly spread (a Poisson process), in the order of their creation. */
export function drawLives({ seed, perDay, from, to }: SteadyOptions): Life[] {
  const random = createRandom(`${seed} lives`)
  const lives: Life[] = []
  let createdAt = from
  for (;;) {
    createdAt += 1 + Math.floor(random.exponential(DAY / perDay))
    if (createdAt >= to) return lives
    const duration = Math.ceil(drawDuration(random))
    const wait = Math.min((0.2 + 4.8 * random.next()) * SECOND, duration / 2)
    const startsAt = createdAt + Math.ceil(wait)
    const end = random.chance(0.02) ? 'FAILED' : 'COMPLETED'
    lives.push({ createdAt, startsAt, endsAt: createdAt + duration + 1, end })
  }
}

/** Half are done within 30 s, 1 % take up to an hour, 0.1 % up to three days, all others up to five minutes. */
function drawDuration(random: Random): Instant {
  const share = random.next()
  const between = (least: Instant, most: Instant) => least + random.next() * (most - least)
  if (share < 0.5) return between(SECOND, 30 * SECOND)
  if (share < 0.51) return between(5 * MINUTE, HOUR)
  if (share < 0.511) return between(HOUR, 3 * DAY)
  return between(30 * SECOND, 5 * MINUTE)
}

export function statusAt({ startsAt, endsAt, end }: Life, now: Instant): string {
  if (now >= endsAt) return end
  return now >= startsAt ? 'RUNNING' : 'PENDING'
}

/** How many jobs were created or changed after `after` and not after `until`. */
export function countTouched(lives: readonly Life[], after: Instant, until: Instant): number {
  const isWithin = (at: Instant) => at > after && at <= until
  return lives.filter(
    ({ createdAt, startsAt, endsAt }) => isWithin(createdAt) || isWithin(startsAt) || isWithin(endsAt),
  ).length
}

/** Serves lives as the simulated API's jobs. */
export class SteadyJobs implements GeneratedShelf {
  readonly length: number
  readonly #lives: readonly Life[]
  readonly #words: ReturnType<typeof seedWords>

  constructor(lives: readonly Life[], seed: string) {
    this.length = lives.length
    this.#lives = lives
    this.#words = seedWords(`${seed} ids`)
  }

  keyAt(position: number): number {
    return this.#life(position).createdAt
  }

  idAt(position: number): string {
    return jobId(this.#words, position)
  }

  isVisibleAt(position: number, now: Instant): boolean {
    return this.keyAt(position) <= now
  }

  traitsAt(position: number, now: Instant): Traits {
    const { status, project_id: projectId, configuration_id: configurationId } = this.payloadAt(position, now)
    return { status, projectId, configurationId }
  }

  payloadAt(position: number, now: Instant): JsonObject {
    const life = this.#life(position)
    const status = statusAt(life, now)
    const since = status === life.end ? life.endsAt : status === 'RUNNING' ? life.startsAt : life.createdAt
    return {
      id: this.idAt(position),
      ...DEFAULT_FIELDS,
      status,
      error_message: status === 'FAILED' ? 'Parsing timed out' : null,
      result: status === 'COMPLETED' ? { confidence: 0.9, reasoning: 'It is one.', type: 'invoice' } : null,
      created_at: formatInstant(life.createdAt),
      updated_at: formatInstant(since),
    }
  }

  textAt(position: number, now: Instant): string {
    return JSON.stringify(this.payloadAt(position, now))
  }

  find(id: string): number | undefined {
    const position = indexOfJobId(this.#words, id)
    return position !== undefined && position < this.length ? position : undefined
  }

  countVisible(now: Instant): number {
    return countLeading(this.length, (position) => this.keyAt(position) <= now)
  }

  takeOut(): Job {
    throw new Error('these jobs are not edited')
  }

  #life(position: number): Life {
    const life = this.#lives[position]
    if (!life) throw new RangeError(`no job at position ${position} of ${this.length}`)
    return life
  }
}
