import { expect, onTestFinished, test } from 'vitest'
import { acquireLease } from '../../../src/store/lease.ts'
import { backfillOnce, reconcileOnce, syncOnce } from '../../../src/sync/cycle.ts'
import type { Source } from '../../../src/sync/source.ts'
import { DAY, HOUR, parseInstant, SECOND } from '../../../src/values/instant.ts'
import { onePass, type PassOptions } from '../../../src/worker/one-pass.ts'
import { turnLength } from '../../../src/worker/turns.ts'
import { createHarness, type Harness } from '../../support/harness.ts'

const projectOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

const START = parseInstant('2026-03-02T06:00:00Z')!
const SLOW = { run: { startAt: START, pageSize: 10, concurrency: 1 } }

/** More sources than there are lanes, each with a project of its own and `jobs` jobs. */
function sourcesOf({ world, worker, now }: Harness, jobs: number): Source[] {
  return Array.from({ length: 6 }, (_, index) => {
    const projectId = projectOf(index)
    for (let job = 0; job < jobs; job++) {
      const createdAt = now() - HOUR - job * SECOND
      world.put({
        id: `job-${index}-${job}`,
        createdAt,
        fields: { status: 'COMPLETED', project_id: projectId },
      })
    }
    return worker({}, { name: `source-${index}`, projectId })
  })
}

function pass({ clock }: Harness, sources: readonly Source[], options: Partial<PassOptions>) {
  const { signal } = new AbortController()
  const nothing = { maxRuntimeMs: null, waitMs: null, inTurns: false }
  return onePass(sources, { ...nothing, signal, clock, random: () => 0, work: syncOnce, ...options })
}

const outcomes = (ends: Awaited<ReturnType<typeof pass>>) =>
  ends.map((end) => ('result' in end ? end.result.outcome : String(end.error)))

async function runsOf({ database }: Harness, kind: string): Promise<{ source: string; runs: number }[]> {
  const { rows } = await database.pool.query(
    `select source, count(*)::int as runs from llamacloud_sync.runs where kind = $1 group by source order by source`,
    [kind],
  )
  return rows
}

test.each([
  ['reconcile', reconcileOnce],
  ['reconcile --whole', (source, limits) => reconcileOnce(source, limits, { whole: true })],
  ['backfill', (source, limits) => backfillOnce(source, { lower: START, upper: START + DAY }, limits)],
] satisfies [string, PassOptions['work']][])(
  'I11: %s of more sources than lanes, each longer than a turn, ends: what is due is made due once',
  async (name, work) => {
    const harness = await createHarness(SLOW)
    const sources = sourcesOf(harness, 40)
    await pass(harness, sources, {})
    harness.api.settings.latencyMs = turnLength(sources.length)! / 3
    const began = harness.clock.monotonic()
    const ends = await pass(harness, sources, { work })
    expect(outcomes(ends)).toEqual(sources.map(() => 'succeeded'))
    // Each took longer than a turn.
    expect(harness.clock.monotonic() - began).toBeGreaterThan(2 * turnLength(sources.length)!)
    const runs = await runsOf(harness, name.split(' ')[0]!)
    expect(runs).toEqual(sources.map((source) => ({ source: source.name, runs: 1 })))
  },
)

/** Another worker has the source until it is told to give it back. */
async function takenBy({ database, clock }: Harness, source: Source, owner: string) {
  const lease = await acquireLease(database.pool, source.name, { owner, leaseMs: 86_400_000, clock })
  onTestFinished(() => lease!.release().catch(() => {}))
  return lease!
}

test('I6: a source that another worker has is waited for as long as told, and that worker is named', async () => {
  const harness = await createHarness()
  const { source, clock } = harness
  await harness.sync()
  const lease = await takenBy(harness, source, 'the other one')
  const began = clock.monotonic()
  const [unwaited] = await pass(harness, [source], {})
  expect(unwaited).toMatchObject({ result: { outcome: 'busy', heldBy: 'the other one' } })
  expect(clock.monotonic()).toBe(began)

  const [waited] = await pass(harness, [source], { waitMs: 60_000 })
  expect(waited).toMatchObject({ result: { outcome: 'busy', heldBy: 'the other one' } })
  expect(clock.monotonic() - began).toBeGreaterThanOrEqual(60_000)

  let tries = 0
  const work: PassOptions['work'] = async (free, limits) => {
    tries += 1
    if (tries === 3) await lease.release()
    return syncOnce(free, limits)
  }
  const [served] = await pass(harness, [source], { waitMs: 600_000, work })
  expect(served).toMatchObject({ result: { outcome: 'succeeded', heldBy: null } })
  expect(tries).toBe(3)
})

test('I6: what is to wait for one source does the others meanwhile; a signal ends the waiting', async () => {
  const harness = await createHarness()
  const sources = sourcesOf(harness, 1)
  await pass(harness, sources, {})
  for (const source of sources.slice(0, 5)) await takenBy(harness, source, 'the other one')
  const ends = await pass(harness, sources, { waitMs: 5_000 })
  expect(outcomes(ends)).toEqual([...Array(5).fill('busy'), 'succeeded'])

  const stop = new AbortController()
  const work: PassOptions['work'] = (source, limits) => {
    queueMicrotask(() => stop.abort(new Error('told to stop')))
    return syncOnce(source, { ...limits, signal: new AbortController().signal })
  }
  const [stopped] = await pass(harness, sources.slice(0, 1), { waitMs: 1e9, signal: stop.signal, work })
  expect(stopped).toMatchObject({ result: { outcome: 'busy' } })
})
