/** Reads values of the command line; an invalid one throws InvalidArgumentError. */
import { InvalidArgumentError, Option } from 'commander'
import { type Reader, readDuration, readInstant, wholeBetween } from '../config/values.ts'

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

function argument<T>(read: Reader<T>, expected: string): (text: string) => T {
  return (text) => {
    const value = read(text)
    if (value === undefined) throw new InvalidArgumentError(`Expected ${expected}.`)
    return value
  }
}

export const duration = argument(readDuration, 'a duration such as 30s, 10m or 1h30m')

export const moment = argument(readInstant, 'a date or a date-time, such as 2026-01-31T12:00:00Z')

export function wholeNumber(least: number, most: number): (text: string) => number {
  return argument(wholeBetween(least, most), `a whole number from ${least} to ${most}`)
}
