import { acceptDeletions } from '../sync/recheck/accept.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { runPass, type TimeLimits } from './pass.ts'

export interface AcceptOptions extends Pick<TimeLimits, 'waitMs'> {
  readonly source: string
  /** How many jobs should be missing: if the number differs, nothing is changed. */
  readonly expected: number
}

/** Marks the missing jobs of a source as deleted now. */
export function runAcceptDeletions(
  context: CommandContext,
  { source, expected, waitMs }: AcceptOptions,
): Promise<ExitCode> {
  return runPass(context, {
    name: 'accept-deletions',
    source,
    byAnyone: false,
    maxRuntimeMs: null,
    waitMs,
    work: (accepting, limits) => acceptDeletions(accepting, expected, limits),
  })
}
