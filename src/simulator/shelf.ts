import type { Instant } from '../values/instant.ts'
import type { Job } from './job.ts'
import type { JsonValue } from './json.ts'

/**
 * Jobs in the order of (sort key, id), addressed by position. The sort key is `created_at`, or Infinity for a job
 * without one: those stand last in ascending order, as PostgreSQL puts nulls.
 */
export interface Shelf {
  readonly length: number
  keyAt(position: number): number
  idAt(position: number): string
  isVisibleAt(position: number, now: Instant): boolean
  /** What the list's filters compare, without rendering the whole job where that can be avoided. */
  traitsAt(position: number, now: Instant): Traits
  payloadAt(position: number, now: Instant): JsonValue
  /** `payloadAt` as JSON text. */
  textAt(position: number, now: Instant): string
  /** The position of a job by its id. */
  find(id: string): number | undefined
  /** How many are visible at `now`. */
  countVisible(now: Instant): number
}

export interface Traits {
  readonly status: JsonValue | undefined
  readonly projectId: JsonValue | undefined
  readonly configurationId: JsonValue | undefined
}

/** A shelf whose jobs are not kept one by one; to edit one, it is taken out and kept as a `Job` instead. */
export interface GeneratedShelf extends Shelf {
  takeOut(position: number): Job
}

/** One job on its shelf. */
export interface Found {
  readonly shelf: Shelf
  readonly position: number
}

/** A place in the order of jobs: that of a job, whether or not it still exists. */
export interface Place {
  readonly key: number
  readonly id: string
}

export function placeOf({ shelf, position }: Found): Place {
  return { key: shelf.keyAt(position), id: shelf.idAt(position) }
}

/** Negative when `a` comes before `b` in ascending order. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}

/** `comparePlaces` for a job; its id, which may have to be computed, is read only where the keys are equal. */
export function compareFound(found: Found, place: Place): number {
  const key = found.shelf.keyAt(found.position)
  return key === place.key ? comparePlaces(placeOf(found), place) : key - place.key
}

/** The number of leading positions for which `isBefore` holds; it must hold for a prefix only. Logarithmic. */
export function countLeading(length: number, isBefore: (position: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}
