import { describe, expect, test } from 'vitest'
import { LeaseLostError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { countJobs, latestRun, windowsOf } from '../../support/sync-tables.ts'

/** As another worker would take the lease: it waits for the commits in flight. */
const TAKE_OVER = `
with free as (select name from llamacloud_sync.sources for update)
update llamacloud_sync.sources as source set fence = fence + 1 from free where source.name = free.name
`

async function withJobs(): Promise<Harness> {
  const harness = await createHarness()
  generate(harness.world, { seed: 30, jobs: 3_000, from: harness.now() - 60 * DAY, to: harness.now() - HOUR })
  return harness
}

/** Everything that a commit can change, as text. */
async function everything({ database }: Harness): Promise<string> {
  const tables = ['llamacloud.classify_jobs', 'llamacloud_sync.windows', 'llamacloud_sync.open_jobs']
  const { rows } = await database.pool.query(
    `select ${tables.map((table) => `(select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ${table} t)`).join(', ')},
      (select covered_from::text || watermark::text from llamacloud_sync.sources),
      (select received from llamacloud_sync.runs)`,
  )
  return JSON.stringify(rows)
}

describe('two workers on one source', () => {
  test('I6: one works, the other is busy and asks for nothing', async () => {
    const harness = await withJobs()
    const { world, sync, database, api, worker } = harness
    let second: Awaited<ReturnType<typeof sync>> | undefined
    api.settings.intercept = async ({ count }) => {
      if (count === 5) second = await sync(worker())
      return undefined
    }
    const first = await sync(worker())
    expect(second).toMatchObject({ outcome: 'busy', requests: 0, coverage: null })
    expect(first.outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    api.settings.intercept = undefined
    expect((await sync(worker())).outcome).toBe('succeeded')
  })

  test('I6: a worker whose lease was taken over commits nothing more and ends with LeaseLostError', async () => {
    const harness = await withJobs()
    const { world, sync, database, api, worker } = harness
    let atLoss = ''
    api.settings.intercept = async ({ count }) => {
      if (count === 12) {
        await database.pool.query(TAKE_OVER)
        atLoss = await everything(harness)
      }
      return undefined
    }
    await expect(sync(worker())).rejects.toThrow(LeaseLostError)
    expect(await everything(harness)).toBe(atLoss)
    expect(await countJobs(database)).toBeGreaterThan(0)
    expect(await latestRun(database)).toMatchObject({ outcome: 'running' })
    // The successor notes what it finds, and completes the work.
    api.settings.intercept = undefined
    await database.pool.query('update llamacloud_sync.sources set lease_owner = null')
    expect((await sync(worker())).outcome).toBe('succeeded')
    const { rows } = await database.pool.query('select outcome from llamacloud_sync.runs order by id')
    expect(rows).toEqual([{ outcome: 'abandoned' }, { outcome: 'succeeded' }])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await windowsOf(database)).toEqual([])
  })

  test('I6: a renewal that finds the lease taken over ends the run at once, also while the API keeps it waiting', async () => {
    const { sync, database, api, worker } = await withJobs()
    const source = worker({ leaseMs: 90 })
    api.settings.intercept = async ({ count }) => {
      if (count === 3) await database.pool.query(TAKE_OVER)
      return count >= 3 ? { kind: 'hang' } : undefined
    }
    await expect(sync(source)).rejects.toThrow(LeaseLostError)
  })
})
