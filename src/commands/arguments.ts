/** Reads values of the command line; an invalid one throws InvalidArgumentError. */
import { InvalidArgumentError, Option } from 'commander'
import { readDuration, readInstant, wholeBetween } from '../config/values.ts'
import type { Instant } from '../values/instant.ts'

export function maxRuntime(): Option {
  return new Option(
    '--max-runtime <duration>',
    'stop at the next page boundary after this time; the next run continues there',
  ).argParser(duration)
}

export function wait(): Option {
  return new Option(
    '--wait <duration>',
    'how long to wait for sources that another worker holds; default: no waiting',
  ).argParser(duration)
}

export function duration(text: string): number {
  const ms = readDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Expected a duration such as 30s, 10m or 1h30m.')
  return ms
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  const read = wholeBetween(least, most)
  return (text) => {
    const value = read(text)
    if (value === undefined) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

export function moment(text: string): Instant {
  const instant = readInstant(text)
  if (instant === undefined)
    throw new InvalidArgumentError('Expected a date or a date-time, such as 2026-01-31T12:00:00Z.')
  return instant
}
