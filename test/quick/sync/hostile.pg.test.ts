import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify } from '../../../src/lists/classify/list.ts'
import type { JsonValue } from '../../../src/simulator/json.ts'
import { DAY, formatInstant, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { differences } from '../../simulation/equality.ts'
import { anyItem } from '../../support/arbitrary-payload.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { bySize } from '../../support/size.ts'
import { countJobs, totalCounts, unaccountedRuns } from '../../support/sync-tables.ts'

/** Payloads that have an id and little else that is right (A9, A10, A11). */
const STRANGE: Record<string, Record<string, unknown>> = {
  'nothing else': {},
  'other types': {
    status: 7,
    configuration: 'none',
    result: [1],
    error_message: { a: 1 },
    created_at: true,
    updated_at: 5,
  },
  'no values': { status: null, configuration: null, result: null, created_at: null, updated_at: null },
  'NUL and halves': {
    status: 'COMPLETED',
    error_message: 'a\0b',
    file_input: '\ud800',
    result: { reasoning: '\udc00\0', type: 'x\0' },
  },
  'another status': { status: 'THROTTLED' },
  'far future': { created_at: '2099-12-31T23:59:59.999999Z', updated_at: '2099-12-31T23:59:59Z' },
  'no such day': { created_at: '2025-02-30T00:00:00Z', updated_at: 'yesterday' },
  'unknown fields': {
    status: 'FAILED',
    brand_new: { deep: [{ 'k\0': '\0' }] },
    result: { confidence: 'high', new: 1 },
  },
  'a megabyte': { status: 'COMPLETED', error_message: 'é'.repeat(500_000) },
}

/** Items that are no job. */
const REJECTED: JsonValue[] = [
  null,
  'text',
  5,
  [],
  {},
  { id: '' },
  { id: 7 },
  { id: null },
  { id: 'a\0b' },
  { id: 'x'.repeat(600) },
]

const GENERATED = bySize(300, 5_000)
const NO_IDS: readonly JsonValue[] = [null, '', 7, 'a\0b', 'x'.repeat(600), true, []]

/** Items with any JSON at any field; each twentieth has no usable id. */
async function withGeneratedItems() {
  const harness = await createHarness()
  const { world, now } = harness
  const items = fc.sample(anyItem, { seed: 20, numRuns: GENERATED })
  const lives = items.map((item, index) => {
    const id = `generated-${index}`
    const isReject = index % 20 === 0
    const payload = isReject ? { ...item, id: NO_IDS[index % NO_IDS.length], of: id } : { ...item, id }
    world.put({ id, createdAt: now() - DAY - index * MINUTE, payload: payload as JsonValue })
    return { id, isReject }
  })
  return { ...harness, lives }
}

async function withStrangeJobs() {
  const harness = await createHarness()
  const { world, now } = harness
  Object.entries(STRANGE).forEach(([id, fields], index) => {
    const createdAt = now() - DAY - index * HOUR
    const times = { created_at: formatInstant(createdAt), updated_at: formatInstant(createdAt) }
    world.put({ id, createdAt, payload: { id, ...times, ...fields } as JsonValue })
  })
  for (let index = 0; index < 250; index += 1)
    world.put({ id: `plain-${index}`, createdAt: now() - index * HOUR })
  return harness
}

describe('hostile items', () => {
  test('I9, A9, A10, A11: what has an id is stored with all it holds, and the run succeeds', async () => {
    const { world, sync, database, advance } = await withStrangeJobs()
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    advance(DAY)
    expect((await sync()).outcome).toBe('succeeded')
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('I9, I7: generated items, any JSON at any field: none stops the run, and none is dropped', async () => {
    const { world, sync, database, lives } = await withGeneratedItems()
    expect((await sync()).outcome).toBe('succeeded')
    const { rows } = await database.pool.query<{ payload: string }>(
      'select payload from llamacloud_sync.rejects',
    )
    const rejects = rows.map(({ payload }) => payload)
    const { url, pool: observer, drop } = database
    expect(
      await differences({ url, observer, drop }, world, { lives, list: { list: classify } }, { rejects }),
    ).toEqual([])
    const usable = lives.filter(({ isReject }) => !isReject).length
    const counts = await totalCounts(database)
    expect(counts).toMatchObject({ inserted: usable, updated: 0, stale: 0 })
    expect(counts.received).toBe(counts.inserted + counts.unchanged + counts.rejected)
    expect(counts.rejected).toBeGreaterThanOrEqual(GENERATED - usable)
    expect(await unaccountedRuns(database)).toEqual([])
  })

  test('I9, I7: what has none is kept in rejects, and each is counted', async () => {
    const { world, sync, database, now, advance } = await withStrangeJobs()
    REJECTED.forEach((payload, index) => {
      world.put({ id: `reject ${index}`, createdAt: now() - index * HOUR, payload })
    })
    expect((await sync()).outcome).toBe('succeeded')
    const counts = await totalCounts(database)
    expect(counts.received).toBe(
      counts.inserted + counts.updated + counts.unchanged + counts.stale + counts.rejected,
    )
    expect(await countJobs(database)).toBe(250 + Object.keys(STRANGE).length)
    // The newest lies in the head as well as in the history's edge, at most.
    expect(counts.rejected).toBeGreaterThanOrEqual(REJECTED.length)
    const { rows } = await database.pool.query(
      'select count(*) as distinct_ones, sum(times_seen)::int as seen from llamacloud_sync.rejects',
    )
    expect(rows).toEqual([{ distinct_ones: REJECTED.length, seen: counts.rejected }])
    advance(HOUR)
    await sync()
    expect(await unaccountedRuns(database)).toEqual([])
  })
})
