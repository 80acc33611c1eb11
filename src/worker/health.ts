import type { SourceState } from '../store/source-state.ts'

/** The loop looks around every few seconds; silent for this long, milliseconds, it hangs. */
const LONGEST_SILENCE_MS = 60_000

export interface Liveness {
  readonly alive: boolean
  /** Seconds since the loop last turned. */
  readonly silence: number
}

/** Whether the loop still turns. Both times are of one monotonic clock, in milliseconds. */
export function liveness(now: number, lastBeat: number): Liveness {
  const silenceMs = Math.max(0, now - lastBeat)
  return { alive: silenceMs <= LONGEST_SILENCE_MS, silence: Math.round(silenceMs / 1_000) }
}

export interface Readiness {
  readonly ready: boolean
  /** Why not, a sentence each. */
  readonly reasons: readonly string[]
}

export interface ReadinessFacts {
  readonly names: readonly string[]
  readonly prepared: boolean
  /** Undefined: the database does not answer. */
  readonly states: readonly SourceState[] | undefined
  /** How old a success may be, seconds. */
  readonly oldest: number
}

/** Ready: the database answers, is migrated, and every source that the API lets be read has a success that is younger than three ticks. */
export function readiness({ names, prepared, states, oldest }: ReadinessFacts): Readiness {
  if (!prepared)
    return { ready: false, reasons: ['the database is not connected or not migrated: see the log'] }
  if (states === undefined) return { ready: false, reasons: ['the database does not answer'] }
  const reasons = names.flatMap((name) => {
    const state = states.find((each) => each.name === name)
    if (state?.denied) return []
    const age = state?.successAge ?? null
    if (age === null) return [`source ${name}: no cycle has succeeded yet`]
    if (age <= oldest) return []
    return [`source ${name}: the last success was ${Math.round(age)} s ago, more than three ticks`]
  })
  return { ready: reasons.length === 0, reasons }
}
