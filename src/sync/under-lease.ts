import type { PoolClient } from 'pg'
import { ApiRefusedError, ApiRequestError } from '../errors.ts'
import { followClockBack } from '../store/clock-back.ts'
import { loadTimeline } from '../store/coverage.ts'
import { type Denial, loadDenial } from '../store/denial.ts'
import { acquireLease, leaseHolder } from '../store/lease.ts'
import { NO_QUARANTINE } from '../store/quarantine.ts'
import {
  beginRun,
  type Finished,
  finishRun,
  NO_COUNTS,
  type Outcome,
  type RunEnd,
  type RunKind,
} from '../store/runs.ts'
import type { Instant } from '../values/instant.ts'
import { differences, identify } from './identity.ts'
import type { RunContext } from './run.ts'
import { type Begun, contextOf, type Taken } from './run-context.ts'
import type { RunLimits, RunResult, Source } from './source.ts'

/** The result of a run that never began. */
export const NOT_DONE: RunResult = {
  outcome: 'stopped',
  counts: NO_COUNTS,
  requests: 0,
  retries: 0,
  coverage: null,
  heldBy: null,
  denied: null,
  quarantined: NO_QUARANTINE,
}

/**
 * Takes the lease, notes the run, does the work, and notes how it ended. `work` resolves with false when it stopped
 * before its end because of the deadline. A run that fails is never noted as a success.
 */
export async function underLease(
  source: Source,
  kind: RunKind,
  limits: RunLimits,
  work: (run: RunContext) => Promise<boolean>,
): Promise<RunResult> {
  const { pool, name } = source
  const { signal } = limits
  source.renewKey()
  const used = usedFrom(source)
  const denial = source.isOneOfMany ? await loadDenial(pool, name) : undefined
  if (kind === 'sync' && denial?.stands) return { ...NOT_DONE, outcome: 'denied' }
  let taken = await takeLease(source, kind, signal)
  if (!taken) {
    try {
      await identify(source, signal)
    } catch (error) {
      if (signal.aborted) return NOT_DONE
      throw error
    }
    taken = await takeLease(source, kind, signal)
  }
  if (!taken) {
    const heldBy = await leaseHolder(pool, name).catch(() => null)
    return { ...NOT_DONE, outcome: 'busy', ...used(), heldBy }
  }
  try {
    const run = contextOf(source, limits, taken)
    const asked = { signal, explain: source.explain, denial }
    const end = await outcomeOf(run, asked, work, (end) => finish(run, end, used()))
    return { ...end, counts: run.tally.counts, ...used(), heldBy: null }
  } finally {
    await taken.lease.release().catch(() => {}) // it runs out by itself
  }
}

interface Asked extends Pick<Source, 'explain'>, Pick<RunLimits, 'signal'> {
  /** What the run before said; only where a denial is no failure. */
  readonly denial: Denial | undefined
}

/** Tells what was asked for since. */
function usedFrom({ usage }: Pick<Source, 'usage'>) {
  const before = usage()
  return () => {
    const { requests, retries } = usage()
    return { requests: requests - before.requests, retries: retries - before.retries }
  }
}

/** Begins a run under the lease; null where it cannot be had, or the source is not known with its scope: then none is noted. */
async function takeLease(source: Source, kind: RunKind, signal: AbortSignal): Promise<Taken | null> {
  const { pool, name, owner, leaseMs, leaseClock: clock } = source
  const onRetry = (error: unknown, delayMs: number) =>
    source.log.warn({ delayMs }, `commit failed, retrying: ${source.explain(error).message}`)
  let begun: Begun | undefined
  const begin = async (client: PoolClient, now: Instant) => {
    begun = await beginWithin(client, source, kind, now)
    return begun !== undefined
  }
  const lease = await acquireLease(pool, name, { owner, leaseMs, clock, signal, onRetry, begin })
  return lease && begun ? { ...begun, lease } : null
}

async function beginWithin(
  client: PoolClient,
  { name, scope, log }: Source,
  kind: RunKind,
  now: Instant,
): Promise<Begun | undefined> {
  const { id, stored, timeline, known, lastRunAt } = await beginRun(client, name, kind, now)
  if (differences(stored, scope).length > 0) return undefined
  const noted = [lastRunAt, timeline.head?.readAt ?? null]
  const isBack = await followClockBack(client, name, { now, noted })
  if (isBack) log.warn({}, 'The clock of the database has stepped back: what was due by it is due now.')
  return {
    id,
    names: [name, ...stored.formerNames],
    known,
    timeline: isBack ? await loadTimeline(client, name) : timeline,
  }
}

type End<O extends Outcome> = Pick<RunEnd<O>, 'outcome' | 'error'>
async function outcomeOf(
  run: RunContext,
  { signal, explain, denial }: Asked,
  work: (run: RunContext) => Promise<boolean>,
  note: <O extends Outcome>(end: End<O>) => Promise<Finished<O>>,
): Promise<Finished<'succeeded' | 'degraded' | 'stopped' | 'denied'> & Pick<RunResult, 'denied'>> {
  try {
    const isDone = await work(run)
    const noted = await note({ outcome: isDone ? 'succeeded' : 'stopped', error: null })
    return { ...noted, denied: null }
  } catch (error) {
    // A lost lease aborts the work with the reason; a commit refused by the fence throws it itself.
    if (run.lease.lost.aborted) throw run.lease.lost.reason
    if (signal.aborted) return { ...(await note({ outcome: 'stopped', error: null })), denied: null }
    run.jobs.forget()
    const failure = explain(error)
    if (denial && isDenial(error, run)) {
      const noted = await note({ outcome: 'denied', error: failure.message })
      return { ...noted, denied: denial.wasDenied ? null : failure.message }
    }
    await note({ outcome: 'failed', error: failure.message }).catch(() => {}) // the first failure is the one to tell
    throw failure
  }
}

function finish<O extends Outcome>(
  run: RunContext,
  end: End<O>,
  used: { readonly requests: number; readonly retries: number },
): Promise<Finished<O>> {
  const { id, lease, tally } = run
  return lease.commitLast((client) => {
    const facts = { ...end, ...used, acknowledged: tally.commits, finishedAt: lease.now() }
    return finishRun(client, id, lease.source, facts)
  })
}

/**
 * Whether the API does not let a list be read at all, by what it answered to the first request: the key may lack the right
 * (403), the region the list (404), the organization the product (400). Others may be read all the same (I12).
 */
function isDenial(error: unknown, { tally }: Pick<RunContext, 'tally'>): error is Error {
  if (tally.counts.pages > 0) return false
  if (error instanceof ApiRefusedError) return error.status === 403
  if (!(error instanceof ApiRequestError)) return false
  return error.status === 404 || (error.status === 400 && /organi[sz]ation/i.test(error.detail))
}
