import type { Clock } from '../clock.ts'
import { ApiUnavailableError } from '../errors.ts'
import type { CountedSource } from '../sources.ts'

/** Names are worth no more than so much of a pass. */
const PATIENCE_MS = 30_000

/** Renews the names that are due, once the sources have done their work. Never rejects. */
export async function lookUpNames(
  sources: readonly CountedSource[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const enough = new AbortController()
  const ended = AbortSignal.any([signal, enough.signal])
  const patience = clock.sleep(PATIENCE_MS, ended).then(
    () => enough.abort(new ApiUnavailableError(`The names did not come within ${PATIENCE_MS / 1_000} s.`)),
    () => {}, // it was in time
  )
  await Promise.all(sources.map((source) => source.lookUp?.(ended)))
  enough.abort()
  await patience
}
