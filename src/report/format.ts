/** How figures are written for people. Nothing (null) is a dash. */

export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** A share from 0 to 1. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

export function confidence(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}

/** Seconds in the unit that suits them. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds < 120) return `${trim(seconds)} s`
  if (seconds < 7_200) return `${trim(seconds / 60)} min`
  if (seconds < 172_800) return `${trim(seconds / 3_600)} h`
  return `${trim(seconds / 86_400)} days`
}

const HISTOGRAM_END = 65_536

/** A percentile of durations. Of those beyond the histogram only so much is known. */
export function percentile(seconds: number | null): string {
  return seconds === HISTOGRAM_END ? `≥ ${duration(seconds)}` : duration(seconds)
}

function trim(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-02-18` as `18 Feb 2026`. */
export function date(day: string): string {
  const [year = '', month, number] = day.split('-')
  return `${Number(number)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`
}
