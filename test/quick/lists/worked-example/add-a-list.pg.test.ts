import { readFile } from 'node:fs/promises'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { expect, inject, test } from 'vitest'
import { LISTS } from '../../../../src/lists/lists.ts'
import type { JsonObject } from '../../../../src/simulator/json.ts'
import type { SimulatedList } from '../../../../src/simulator/simulated-list.ts'
import { World } from '../../../../src/simulator/world.ts'
import { verify } from '../../../../src/sync/verify.ts'
import { HOUR, MINUTE } from '../../../../src/values/instant.ts'
import { createSimulationDatabase } from '../../../simulation/database.ts'
import { drawScenario } from '../../../simulation/draw.ts'
import type { DrawnList } from '../../../simulation/lists.ts'
import { playScenario } from '../../../simulation/seed.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness } from '../../../support/harness.ts'
import { sampled } from '../../../support/size.ts'
import { receiptChanges, receiptRows, receipts } from './receipts.ts'

/** The example of CONTRIBUTING.md, played: nothing of `src` but the declared fields knows of receipts. */
const MIGRATION = await readFile(new URL('receipts.sql', import.meta.url), 'utf8')

const simulates: SimulatedList = {
  paths: ['/api/v2/receipts'],
  product: 'receipts_v1',
  statuses: ['waiting', 'busy', 'done', 'failed', 'dropped'],
  asksById: true,
  defaults: { project_id: '11111111-1111-4111-8111-111111111111', status: 'waiting' },
  idPrefix: 'rcp',
  showsConfiguration: false,
  draw: () => ({}),
}

const drawn: DrawnList = {
  list: receipts,
  simulates,
  marked: 'merchant',
  done: (random) => ({ total: { amount: random.int(1, 999) / 4, currency: 'EUR' } }),
}

test('the migration is what drizzle-kit makes of the declaration', async () => {
  const made = await generateMigration(
    generateDrizzleJson({}),
    generateDrizzleJson({ receiptRows, receiptChanges }),
  )
  expect(MIGRATION.trim()).toBe(made.join('--> statement-breakpoint\n').trim())
})

async function playReceipts() {
  let now = () => 0
  const world = new World({ now: () => now(), simulates })
  const harness = await createHarness({ lists: [...LISTS, receipts], simulator: { others: [world] } })
  now = harness.now
  await harness.database.pool.query(MIGRATION)
  const reader = harness.worker({}, { list: 'receipts', name: 'default/receipts' })
  const cycle = () => harness.sync(reader)
  const isEqual = async () => {
    expect(await compareWithWorld(harness.database, world, receipts)).toEqual(EQUAL)
    const { differences } = await verify(reader, new AbortController().signal, () => {})
    expect(differences).toBe(0)
  }
  return { ...harness, world, cycle, isEqual }
}

test('I1, I8, I13: receipts are stored, followed as they change, and marked when they have gone', async () => {
  const { world, database, now, advance, cycle, isEqual } = await playReceipts()
  const fields: JsonObject = { merchant: 'Kiosk', lines: [{ item: 'tea' }], loyalty: 'gold' }
  for (let hours = 1; hours <= 30; hours += 1)
    world.put({ id: `rcp-${hours}`, createdAt: now() - hours * HOUR, fields })
  await cycle()
  await isEqual()
  world.patch('rcp-3', { status: 'done', total: { amount: 12.5, currency: 'EUR' } })
  advance(MINUTE)
  await cycle()
  await isEqual()
  world.remove('rcp-5')
  for (let hours = 0; hours < 3; hours += 1) {
    advance(HOUR)
    await cycle()
  }
  await isEqual()
  const { rows } = await database.pool.query(
    `select job_id, event, from_status, to_status, to_total_amount from llamacloud.receipt_changes order by id`,
  )
  expect(rows).toEqual([
    { job_id: 'rcp-3', event: 'changed', from_status: 'waiting', to_status: 'done', to_total_amount: 12.5 },
    {
      job_id: 'rcp-5',
      event: 'deleted',
      from_status: 'waiting',
      to_status: 'waiting',
      to_total_amount: null,
    },
  ])
})

test('I1..I8: worlds of receipts, with the faults of a seed, keep every promise of the simulation', async () => {
  const database = await createSimulationDatabase(inject('postgresUrl'), {
    lists: [receipts],
    migration: MIGRATION,
  })
  try {
    for (const seed of sampled('worlds of receipts', [3, 5, 8, 21, 26, 34], 3)) {
      const { broken } = await playScenario(database, drawScenario(seed, drawn))
      expect({ seed, broken }).toEqual({ seed, broken: [] })
    }
  } finally {
    await database.drop()
  }
})
