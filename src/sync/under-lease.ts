import { loadCoverage } from '../store/coverage.ts'
import { acquireLease } from '../store/lease.ts'
import { beginRun, finishRun, type Outcome, type RunKind } from '../store/runs.ts'
import { loadProjects } from '../store/projects.ts'
import { hasQuarantine } from '../store/quarantine.ts'
import { ensureSource } from '../store/source-row.ts'
import { ProjectWatch } from './recheck/project-watch.ts'
import { type RunContext, Tally } from './run.ts'
import type { RunLimits, RunResult, Source } from './source.ts'

/**
 * Takes the lease, notes the run, does the work, and notes how it ended. `work` resolves with false when it stopped
 * before its end because of the deadline. A run that fails is never noted as a success.
 */
export async function underLease(
  source: Source,
  kind: RunKind,
  { signal, maxRuntimeMs }: RunLimits,
  work: (run: RunContext) => Promise<boolean>,
): Promise<RunResult> {
  const { pool, name, owner, leaseMs, leaseClock, clock } = source
  source.renewKey()
  const { formerNames, renamedFrom } = await ensureSource(pool, name, source.scope)
  if (renamedFrom !== null)
    source.log.warn({ from: renamedFrom, to: name }, `The source "${renamedFrom}" is called "${name}" from now on.`)
  const onRetry = (error: unknown, delayMs: number) =>
    source.log.warn({ delayMs }, `commit failed, retrying: ${source.explain(error).message}`)
  const lease = await acquireLease(pool, name, { owner, leaseMs, clock: leaseClock, signal, onRetry })
  const tally = new Tally(source.onCounts)
  const before = source.requests()
  const used = () => ({
    requests: source.requests().requests - before.requests,
    retries: source.requests().retries - before.retries,
  })
  if (!lease) return { outcome: 'busy', counts: tally.counts, ...used(), coverage: null }
  try {
    const id = await lease.commit((client) => beginRun(client, name, kind, lease.now()))
    const { random } = source
    const projects = new ProjectWatch({ known: await loadProjects(pool, name), now: lease.now, random })
    const run: RunContext = {
      ...source,
      id,
      lease,
      tally,
      projects,
      owner: () => ({
        names: [name, ...formerNames],
        projects: projects.projects,
        configurationId: source.scope.configurationId,
      }),
      asked: { returned: 0 },
      replies: { lastAt: Number.NEGATIVE_INFINITY },
      signal: AbortSignal.any([signal, lease.lost]),
      deadline: maxRuntimeMs === null ? null : clock.monotonic() + maxRuntimeMs,
    }
    const asked = { signal, explain: source.explain }
    const outcome = await outcomeOf(run, asked, work, (end) => finish(run, end, used()))
    // For people only: the run is noted by now, and is not to fail for it.
    const coverage = await loadCoverage(pool, name).catch(() => null)
    return { outcome, counts: tally.counts, ...used(), coverage }
  } finally {
    await lease.release().catch(() => {}) // it runs out by itself
  }
}

type End = { readonly outcome: Outcome; readonly error: string | null }

async function outcomeOf(
  run: RunContext,
  { signal, explain }: Pick<Source, 'explain'> & Pick<RunLimits, 'signal'>,
  work: (run: RunContext) => Promise<boolean>,
  note: (end: End) => Promise<void>,
): Promise<'succeeded' | 'degraded' | 'stopped'> {
  try {
    const outcome = (await work(run)) ? await endOf(run) : 'stopped'
    await note({ outcome, error: null })
    return outcome
  } catch (error) {
    // A lost lease aborts the work with the reason; a commit refused by the fence throws it itself.
    if (run.lease.lost.aborted) throw run.lease.lost.reason
    if (signal.aborted) {
      await note({ outcome: 'stopped', error: null })
      return 'stopped'
    }
    run.jobs.forget()
    const failure = explain(error)
    await note({ outcome: 'failed', error: failure.message }).catch(() => {}) // the first failure is the one to tell
    throw failure
  }
}

/** Whether all was done, or something is set aside. */
async function endOf({ pool, lease }: RunContext): Promise<'succeeded' | 'degraded'> {
  return (await hasQuarantine(pool, lease.source)) ? 'degraded' : 'succeeded'
}

async function finish(
  run: RunContext,
  end: End,
  used: { readonly requests: number; readonly retries: number },
): Promise<void> {
  const { lease } = run
  await lease.commit((client) =>
    finishRun(client, run.id, lease.source, { ...end, ...used, finishedAt: lease.now() }),
  )
}
