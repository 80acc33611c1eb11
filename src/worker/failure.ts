import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'

/** Logs what made the work fail, by what the operator does next, and returns the exit code that says so. */
export function reportFailure(
  error: unknown,
  log: Logger,
  redact: (text: string) => string,
  facts: object = {},
): 1 | 2 {
  if (error instanceof AppError) {
    log.error(facts, redact(error.message))
    log.debug({ error }, 'the error in full')
    return error.exitCode
  }
  log.error({ ...facts, error }, 'This is a bug in llamacloud-sync. Please report it with these lines.')
  return 1
}
