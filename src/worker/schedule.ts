import { Cron } from 'croner'
import type { Clock } from '../clock.ts'
import { SettingsError } from '../errors.ts'

/** The moments of a cron expression in UTC, in milliseconds since 1970. */
export interface Schedule {
  /** The first one after a moment. */
  next(after: number): number
  /** The `count`th one before a moment. */
  previous(before: number, count: number): number
}

/** @throws SettingsError when it is not a cron expression, or one that never fires */
export function readSchedule(expression: string): Schedule {
  let cron: Cron
  try {
    cron = new Cron(expression, { utcOffset: 0, paused: true })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SettingsError(
      `SYNC_SCHEDULE: "${expression}" is not a cron expression (${reason}); an example is SYNC_SCHEDULE=*/5 * * * *`,
      { cause },
    )
  }
  const next = (after: number) => cron.nextRun(new Date(after))?.getTime()
  if (next(Date.now()) === undefined) {
    throw new SettingsError(
      `SYNC_SCHEDULE: "${expression}" never fires; for example SYNC_SCHEDULE=*/5 * * * *`,
    )
  }
  return {
    next: (after) => next(after) ?? Number.POSITIVE_INFINITY,
    previous: (before, count) => cron.previousRuns(count, new Date(before)).at(-1)?.getTime() ?? 0,
  }
}

/** A timer holds no more than 24 days, and the wall clock may be set meanwhile (A14): looked at this often. */
const LOOK_EVERY_MS = 5_000

/**
 * Yields at once, and from then on at each moment of the schedule, until the signal aborts. However many moments pass
 * while a tick is being worked on, or the machine sleeps, they are one tick.
 *
 * @param beat called whenever the loop turns
 */
export async function* ticks(
  schedule: Schedule,
  { clock, signal, beat }: { readonly clock: Clock; readonly signal: AbortSignal; readonly beat: () => void },
): AsyncGenerator<number, void, void> {
  for (let due = clock.now(); !signal.aborted; due = schedule.next(clock.now())) {
    for (let wait = due - clock.now(); wait > 0; wait = due - clock.now()) {
      try {
        await clock.sleep(Math.min(wait, LOOK_EVERY_MS), signal)
      } catch (error) {
        if (signal.aborted) return
        throw error
      }
      beat()
      // Earlier than before when the clock was set back.
      due = Math.min(due, schedule.next(clock.now() - 1))
    }
    beat()
    yield due
  }
}
