import type { Clock } from '../clock.ts'
import { type Instant, MILLISECOND, SECOND } from '../values/instant.ts'

/** The API's own time, told by the Date headers of its replies (A14); our wall clock is never asked. */
export interface UpstreamClock {
  /** Takes the Date of a reply whose headers arrived at `receivedAt` (milliseconds of `clock.monotonic()`). */
  observe(date: Instant, receivedAt: number): void
  /** Never ahead of the API's clock, behind it by a second and a reply's travel; undefined before the first reply. */
  now(): Instant | undefined
}

/**
 * Between replies the time runs on with the monotonic clock. A Date is cut to whole seconds, so each says "at least
 * this late", and the latest such claim is kept: following every Date would make the time jitter backwards. One that is
 * a whole second or more behind is another matter and is followed: the API's clock was set back, or was wrong before
 * (A17).
 */
export function createUpstreamClock(clock: Pick<Clock, 'monotonic'>): UpstreamClock {
  /** The API's time less our monotonic time, in microseconds. */
  let offset: number | undefined
  return {
    observe: (date, receivedAt) => {
      const observed = date - receivedAt * MILLISECOND
      if (offset === undefined || observed > offset || observed <= offset - SECOND) offset = observed
    },
    now: () => (offset === undefined ? undefined : Math.floor(offset + clock.monotonic() * MILLISECOND)),
  }
}
