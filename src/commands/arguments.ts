/** How the values of the command line are read: what is none throws InvalidArgumentError. */
import { InvalidArgumentError, Option } from 'commander'
import { readDuration, readInstant, wholeBetween } from '../config/values.ts'
import type { Instant } from '../values/instant.ts'

export function maxRuntime(): Option {
  return new Option(
    '--max-runtime <duration>',
    'stop at a page boundary after this; the next run goes on',
  ).argParser(duration)
}

export function duration(text: string): number {
  const ms = readDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('It is not a duration such as 30s, 10m or 1h30m.')
  return ms
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  const read = wholeBetween(least, most)
  return (text) => {
    const value = read(text)
    if (value === undefined) {
      throw new InvalidArgumentError(`It is not a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

export function moment(text: string): Instant {
  const instant = readInstant(text)
  if (instant === undefined) throw new InvalidArgumentError('It is not a date or a date-time.')
  return instant
}
