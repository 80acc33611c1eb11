import type { Pool } from 'pg'
import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { replacing } from '../../support/database-clock.ts'
import { createHarness } from '../../support/harness.ts'
import { countJobs, latestRun } from '../../support/sync-tables.ts'

/** The same pool, on which PostgreSQL gives up on statements like this one. */
function without(pool: Pool, pattern: RegExp) {
  return replacing(pool, {
    connect: async () => {
      const client = await pool.connect()
      const query = async (...given: Parameters<typeof client.query>) => {
        if (!pattern.test(String(given[0]))) return client.query(...given)
        await client.query('set local statement_timeout = 1')
        return client.query('select pg_sleep(10)')
      }
      return replacing(client, { query })
    },
  })
}

test.each([
  ['the oldest jobs', /order by created_at limit/],
  ['jobs that no span holds', /created_at is null limit/],
])(
  'I12: a statement about %s that takes too long costs the rest of the cycle nothing',
  async (_, pattern) => {
    const { world, now, advance, database, source, sync, worker } = await createHarness()
    generate(world, { seed: 1, jobs: 30, from: now() - DAY, to: now() })
    await sync()
    advance(DAY + HOUR)
    generate(world, { seed: 2, jobs: 30, from: now() - HOUR, to: now() })
    const slow = worker({ pool: without(source.pool, pattern) })
    await expect(sync(slow)).rejects.toThrow(/statement timeout.*57014/)
    expect(await countJobs(database)).toBe(60)
    expect((await latestRun(database)).outcome).toBe('failed')
    expect((await sync()).outcome).toBe('succeeded')
  },
)
