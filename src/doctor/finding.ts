/** The result of one check. */
export interface Finding {
  readonly check: string
  /** Set for checks of one source. */
  readonly source?: string
  /** `skipped`: a check that it depends on failed. */
  readonly status: 'ok' | 'failed' | 'skipped'
  /** What was found, without secrets. */
  readonly found: string
  /** What to do; only of failed ones. */
  readonly cure?: string
}

export function ok(check: string, found: string): Finding {
  return { check, status: 'ok', found }
}

export function failed(check: string, found: string, cure: string): Finding {
  return { check, status: 'failed', found, cure }
}

export function skipped(checks: readonly string[], found: string): Finding[] {
  return checks.map((check) => ({ check, status: 'skipped', found }))
}

/** The last sentence of our messages is the cure; of a message of one sentence, what follows the last colon. */
export function causeAndCure(message: string): [string, string] {
  const at = message.lastIndexOf('. ')
  if (at >= 0) return [message.slice(0, at + 1), message.slice(at + 2)]
  const colon = message.lastIndexOf(': ')
  if (colon < 0) return [message, message]
  const cure = message.slice(colon + 2)
  return [message.slice(0, colon), cure.charAt(0).toUpperCase() + cure.slice(1)]
}
