import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { World } from '../../../src/simulator/world.ts'
import { dropEverything, knownMigrations, migrateWithin } from '../../../src/store/migrate.ts'
import { transaction } from '../../../src/store/pool.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { migrateUpTo } from '../../support/migrated-database.ts'
import { makeReadersViews, readersRows } from '../../support/readers-views.ts'

/** What the last version before the timeline left behind, after 18 cycles of three hours over the world below. */
const FILLED = await readFile(new URL('filled-before-lists.sql', import.meta.url), 'utf8')
const ITS_LAST_MIGRATION = '0006_comment_of_seen_at'
const BEGAN = parseInstant('2026-11-26T01:22:00Z')!
const ENDED = '2026-11-26T04:23:00Z'

function fill(world: World): void {
  const fate = { medianDuration: HOUR, longDuration: 9 * HOUR }
  const span = { from: BEGAN - 60 * DAY, to: BEGAN + 12 * HOUR }
  generate(world, { seed: 'upgrade', jobs: 40, ...span, configurations: 2, fate })
  for (let n = 0; n < 6; n++) world.put(lateJob(n))
  world.put({ id: 'rejected', createdAt: BEGAN, payload: { id: null, of: 'nobody' } })
}

function lateJob(n: number) {
  const result = { type: 'invoice', confidence: 0.9, reasoning: 'An invoice number.' }
  const steps = [
    { at: BEGAN + n * 50 * MINUTE + MINUTE, changes: { status: 'RUNNING' } },
    { at: BEGAN + n * HOUR + 2 * HOUR, changes: { status: 'COMPLETED', result } },
  ]
  return { id: `late-${n}`, createdAt: BEGAN + n * 20 * MINUTE, steps }
}

/** The database as it was, with its readers' views, migrated by the program of today. */
async function upgraded() {
  const harness = await createHarness({ start: ENDED, run: { reconcileEveryMs: 604_800_000 } })
  const { database, api, world } = harness
  fill(world)
  await dropEverything(database.pool)
  await migrateUpTo(database, ITS_LAST_MIGRATION)
  await database.pool.query(FILLED.replaceAll('http://api.test', api.url))
  const names = await makeReadersViews(database.pool)
  const coverage = async () =>
    (await database.pool.query('select name, covered_from, watermark from llamacloud_sync.sources')).rows
  const before = { rows: await readersRows(database.pool, names), coverage: await coverage() }
  const known = await knownMigrations()
  await transaction(database.pool, (client) => migrateWithin(client, known))
  const after = { rows: await readersRows(database.pool, names), coverage: await coverage() }
  return { ...harness, before, after }
}

test("I3, I13: rows, coverage and what readers' views show are as before the upgrade", async () => {
  const { before, after } = await upgraded()
  expect(before.rows.get('classify_jobs')).toHaveLength(46)
  expect(after).toEqual(before)
})

test('I8: after the upgrade only the head, open jobs and the latest week are read, and the tables equal the API', async () => {
  const { world, database, api, now, advance, sync } = await upgraded()
  const { counts, outcome } = await sync()
  const oldest = api.requests.entries.map(({ query }) => query.get('created_at_on_or_after'))
  const listed = oldest.flatMap((text): Instant[] => (text === null ? [] : [parseInstant(text)!]))
  expect({ outcome, inserted: counts.inserted, requests: api.requests.entries.length }).toEqual({
    outcome: 'succeeded',
    inserted: 0,
    requests: 3,
  })
  expect(Math.min(...listed)).toBeGreaterThanOrEqual(now() - 7 * DAY - 2 * HOUR)
  // Of the item without an id there is a reject.
  expect(await compareWithWorld(database, world)).toEqual({ ...EQUAL, missing: ['null'] })
  advance(MINUTE)
  const seen = api.requests.entries.length
  await sync()
  expect(api.requests.entries.length - seen).toBeLessThanOrEqual(2)
})
