import type { Instant } from '../values/instant.ts'
import {
  compareFound,
  comparePlaces,
  countLeading,
  type Found,
  type Place,
  placeOf,
  type Shelf,
} from './shelf.ts'

/** The list's filters; all that are given must hold. */
export interface Filters {
  /** Both inclusive, in microseconds. Either excludes jobs without `created_at`. */
  readonly createdOnOrAfter?: number
  readonly createdOnOrBefore?: number
  readonly status?: string
  readonly configurationId?: string
  readonly projectId?: string
  readonly organizationId?: string
  readonly jobIds?: readonly string[]
}

export type Direction = 'ascending' | 'descending'

export interface Walk {
  readonly shelves: readonly Shelf[]
  readonly filters: Filters
  readonly direction: Direction
  /** Jobs up to and including this place, in the walk's direction, are left out. */
  readonly after?: Place
  readonly now: Instant
}

/**
 * The visible jobs that pass the filters, in order. The time filters and `after` are found by binary search; the other
 * filters are tried job by job.
 */
export function* walk(options: Walk): Generator<Found> {
  const { filters, now } = options
  const candidates = filters.jobIds ? named(options, filters.jobIds) : merged(options)
  for (const found of candidates) {
    if (found.shelf.isVisibleAt(found.position, now) && matches(found, filters, now)) yield found
  }
}

function matches({ shelf, position }: Found, filters: Filters, now: Instant): boolean {
  const { status, configurationId, projectId } = filters
  if (status === undefined && configurationId === undefined && projectId === undefined) return true
  const traits = shelf.traitsAt(position, now)
  if (status !== undefined && traits.status !== status) return false
  if (configurationId !== undefined && traits.configurationId !== configurationId) return false
  return projectId === undefined || traits.projectId === projectId
}

/** The positions that are still to be read of one shelf, next first. */
interface Remainder {
  readonly shelf: Shelf
  position: number
  count: number
}

/** Merges the shelves, each of which is in order. There are few, so the nearest is found by looking at all. */
function* merged(options: Walk): Generator<Found> {
  const step = options.direction === 'ascending' ? 1 : -1
  const remainders = options.shelves.map((shelf) => remainderOf(shelf, options))
  for (;;) {
    let nearest: Remainder | undefined
    for (const remainder of remainders) {
      if (remainder.count > 0 && (!nearest || compareNext(remainder, nearest) * step < 0)) nearest = remainder
    }
    if (!nearest) return
    yield { shelf: nearest.shelf, position: nearest.position }
    nearest.position += step
    nearest.count--
  }
}

function compareNext(a: Remainder, b: Remainder): number {
  const difference = a.shelf.keyAt(a.position) - b.shelf.keyAt(b.position)
  // NaN: both stand among the jobs without created_at, whose keys are infinite.
  return difference === 0 || Number.isNaN(difference) ? comparePlaces(placeOf(a), placeOf(b)) : difference
}

function remainderOf(shelf: Shelf, { filters, direction, after }: Walk): Remainder {
  const { lower, upper } = bounds(filters)
  let start = countLeading(shelf.length, (position) => shelf.keyAt(position) < lower)
  let end = countLeading(shelf.length, (position) => shelf.keyAt(position) <= upper)
  if (after && direction === 'ascending') {
    start = Math.max(
      start,
      countLeading(shelf.length, (position) => compareFound({ shelf, position }, after) <= 0),
    )
  } else if (after) {
    end = Math.min(
      end,
      countLeading(shelf.length, (position) => compareFound({ shelf, position }, after) < 0),
    )
  }
  return { shelf, position: direction === 'ascending' ? start : end - 1, count: end - start }
}

/** Jobs without `created_at` have the key Infinity: only a listing without any time filter reaches up to there. */
function bounds({ createdOnOrAfter, createdOnOrBefore }: Filters): { lower: number; upper: number } {
  const isFiltered = createdOnOrAfter !== undefined || createdOnOrBefore !== undefined
  return {
    lower: createdOnOrAfter ?? Number.NEGATIVE_INFINITY,
    upper: createdOnOrBefore ?? (isFiltered ? Number.MAX_VALUE : Number.POSITIVE_INFINITY),
  }
}

/** Jobs asked for by id: looked up one by one, so that the cost does not depend on the size of the world. */
function named({ shelves, filters, direction, after }: Walk, ids: readonly string[]): Found[] {
  const { lower, upper } = bounds(filters)
  const sign = direction === 'ascending' ? 1 : -1
  const found: (Found & { readonly place: Place })[] = []
  for (const id of new Set(ids)) {
    for (const shelf of shelves) {
      const position = shelf.find(id)
      if (position !== undefined) found.push({ shelf, position, place: placeOf({ shelf, position }) })
    }
  }
  return found
    .filter(({ place }) => place.key >= lower && place.key <= upper)
    .filter(({ place }) => !after || comparePlaces(place, after) * sign > 0)
    .sort((a, b) => comparePlaces(a.place, b.place) * sign)
}
