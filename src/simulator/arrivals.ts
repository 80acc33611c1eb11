import { DAY, HOUR, type Instant, MILLISECOND } from '../values/instant.ts'
import type { Random } from './random.ts'

export type Arrival = 'even' | 'bursty'

export interface Arrivals {
  readonly count: number
  /** Inclusive. */
  readonly from: Instant
  /** Exclusive. */
  readonly to: Instant
  readonly arrival: Arrival
  readonly random: Random
}

/**
 * The `created_at` of generated jobs, strictly ascending. 'even' spreads them over the span; 'bursty' follows working
 * hours and weekends, has bursts and quiet months, and batches that arrive within milliseconds. Throws RangeError when
 * the span has fewer microseconds than jobs.
 */
export function arrivals({ count, from, to, arrival, random }: Arrivals): Float64Array {
  if (to - from < count) throw new RangeError(`${count} jobs need a span of at least ${count} microseconds`)
  const evenly: Quantile = (share) => from + share * (to - from)
  const quantile = arrival === 'even' ? evenly : unevenly(from, to, random)
  const times = new Float64Array(count)
  let previous = from - 1
  for (let index = 0; index < count; index++) {
    const drawn = quantile((index + random.next()) / count)
    const isOfBatch = arrival === 'bursty' && index > 0 && random.chance(0.4)
    const wanted = isOfBatch ? Math.min(drawn, previous + random.exponential(20 * MILLISECOND)) : drawn
    // The later ones need room too: a microsecond each.
    const latest = to - (count - index)
    previous = Math.min(Math.max(Math.floor(wanted), previous + 1), latest)
    times[index] = previous
  }
  return times
}

type Quantile = (share: number) => Instant

/** Weighs stretches of the span, at most an hour each, and inverts the running sum of the weights. */
function unevenly(from: Instant, to: Instant, random: Random): Quantile {
  const width = Math.min(HOUR, (to - from) / 200)
  const stretches = Math.ceil((to - from) / width)
  const weigh = weights(random)
  const sums = new Float64Array(stretches + 1)
  for (let index = 0; index < stretches; index++) {
    sums[index + 1] = (sums[index] ?? 0) + weigh(from + index * width)
  }
  const total = sums[stretches] ?? 0
  let stretch = 0
  return (share) => {
    const target = share * total
    // Shares come in ascending order, so one pass over the stretches serves all of them.
    while (stretch < stretches - 1 && (sums[stretch + 1] ?? 0) < target) stretch++
    const before = sums[stretch] ?? 0
    const inside = (target - before) / ((sums[stretch + 1] ?? 0) - before)
    return from + Math.min(stretch + inside, stretches) * width
  }
}

function weights(random: Random): (at: Instant) => number {
  const months = new Map<number, number>()
  return (at) => {
    const days = Math.floor(at / DAY)
    const month = Math.floor(days / 30)
    const monthly = months.get(month) ?? (random.chance(0.15) ? 0.05 : 0.5 + random.next())
    months.set(month, monthly)
    const hour = (at / HOUR) % 24
    const hourly = hour >= 8 && hour < 18 ? 1 : hour >= 6 && hour < 22 ? 0.3 : 0.04
    const isWeekend = ((days + 4) % 7) % 6 === 0 // 1970-01-01 was a Thursday
    const burst = random.chance(0.01) ? 10 + random.exponential(20) : 1
    return monthly * hourly * burst * (isWeekend ? 0.15 : 1) * (0.5 + random.next())
  }
}
