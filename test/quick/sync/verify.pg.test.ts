import { describe, expect, test } from 'vitest'
import { openPool } from '../../../src/store/pool.ts'
import { MINUTE } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { countJobs } from '../../support/sync-tables.ts'
import { PLANTED, type Planted } from './planted.ts'
import { APART, filled, NO_DIFFERENCE, reconcile, removeSome, verified } from './reconcile-support.ts'

/** Its content as verify shows it: the columns, and the configuration behind them. */
async function contentOf({ pool }: TestDatabase, id: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<{ content: Record<string, unknown> }>(
    `select to_jsonb(job) || jsonb_build_object(
      'configuration', configuration.document,
      'configuration.rules', (
        select jsonb_agg(jsonb_build_array(position, type, description) order by position)
        from llamacloud.classify_rules where configuration_hash = job.configuration_hash
      )
    ) as content
    from llamacloud.classify_jobs as job
    left join llamacloud.classify_configurations as configuration on hash = configuration_hash
    where id = $1`,
    [id],
  )
  return rows[0]?.content ?? {}
}

async function plant(database: TestDatabase, { sql, kind, fields }: Planted, id: string) {
  const api = await contentOf(database, id)
  const { rowCount } = await database.pool.query(sql, [id])
  expect(rowCount).toBe(1)
  const stored = await contentOf(database, id)
  return {
    id: kind === 'surplus' ? `surplus of ${id}` : id,
    kind,
    fields: fields.map((field) => ({ field, api: api[field], stored: stored[field] })),
  }
}

const byId = (left: { id: string }, right: { id: string }) => (left.id < right.id ? -1 : 1)

describe('verify', () => {
  test('finds each kind of planted difference, shows both values, finds nothing else and writes nothing', async () => {
    const harness = await filled(250)
    const { world, now, database, source, advance, sync } = harness
    const ids = PLANTED.map((_, index) => `job ${String(index).padStart(2, '0')}`)
    for (const id of ids) {
      // Each has a configuration of its own, so that what is done to one is not done to the others.
      const rules = [1, 2].map((rule) => ({ type: `type-${rule}`, description: `rule ${rule} of ${id}` }))
      const configuration = { rules, mode: 'FAST', parsing_configuration: null }
      const result = { type: 'type-1', confidence: 0.87, reasoning: 'because' }
      world.put({ id, createdAt: now() - MINUTE, fields: { configuration, status: 'COMPLETED', result } })
    }
    await sync()
    // What was created within the overlap would be in flight.
    advance(10 * MINUTE)
    await sync()
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)

    const expected = []
    for (const [index, planted] of PLANTED.entries()) {
      expected.push(await plant(database, planted, ids[index]!))
    }
    const url = new URL(database.url)
    url.search = `options=${encodeURIComponent('-c default_transaction_read_only=on')}`
    const readOnly = openPool(url.href, { max: 2, applicationName: 'test' })
    const found = await verified({ source: { ...source, pool: readOnly } })
    await readOnly.end()
    const sorted = found.differences
      .map((difference) => ({
        ...difference,
        fields: difference.fields.toSorted((a, b) => (a.field < b.field ? -1 : 1)),
      }))
      .toSorted(byId)
    expect(sorted).toEqual(expected.toSorted(byId))
    expect(found.inFlight).toBe(0)
  })

  test('in sessions with unusual settings an equal pair is equal', async () => {
    const harness = await filled(120)
    const url = new URL(harness.database.url)
    url.search = `options=${encodeURIComponent('-c timezone=Asia/Kolkata -c datestyle=German -c extra_float_digits=-3')}`
    const unusual = openPool(url.href, { max: 2, applicationName: 'test' })
    expect(await verified({ source: { ...harness.source, pool: unusual } })).toEqual(NO_DIFFERENCE)
    await unusual.end()
  })

  test('A8: jobs deleted upstream are surplus; in flight once a worker is about to ask for them again', async () => {
    const harness = await filled(300)
    const { world, advance, sync } = harness
    const removed = removeSome(world, 7)
    const { differences } = await verified(harness)
    expect(differences.toSorted(byId)).toEqual(removed.map((id) => ({ id, kind: 'surplus', fields: [] })))
    await reconcile(harness)
    expect(await verified(harness)).toEqual({ differences: [], inFlight: 7 })
    advance(APART)
    await sync()
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    for (const id of removed) world.restore(id)
    expect((await verified(harness)).differences.map(({ id, kind }) => [id, kind]).toSorted()).toEqual(
      removed.map((id) => [id, 'deleted']),
    )
  })

  test('I11: items that come twice and rows of another source balance out', async () => {
    const harness = await filled(250)
    const { api, database } = harness
    api.settings.intercept = () => ({
      kind: 'page',
      change: (page) => ({ ...page, items: [...page.items, ...page.items.slice(0, 9)] }),
    })
    await database.pool.query(
      `insert into llamacloud.classify_jobs (id, source, first_seen_at, synced_at)
      values ('of another source', 'another', now(), now())`,
    )
    expect(await verified(harness)).toEqual(NO_DIFFERENCE)
    expect(await countJobs(database)).toBe(251)
  })
})
