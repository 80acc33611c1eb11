import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  believablyGone,
  countHeld,
  countMissed,
  countRechecks,
  heldRechecks,
  noteGone,
  noteMisses,
  openMissedTwice,
} from '../../../src/store/misses.ts'
import { transaction } from '../../../src/store/pool.ts'
import { quarantinedIds, quarantineId, releaseIds } from '../../../src/store/quarantine.ts'
import {
  awaiting,
  dueRechecks,
  earlyRechecks,
  forgetRechecks,
  rememberOpen,
  suspectMissing,
} from '../../../src/store/rechecks.ts'
import { DAY, HOUR, type Instant, MINUTE, parseInstant, SECOND } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { clockedPool } from '../../support/database-clock.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { addSource } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
})
afterAll(() => database.drop())

const NOON = parseInstant('2026-03-02T12:00:00.000001Z')!
const APART = HOUR

const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => transaction(database.pool, work)
/** Seen open. */
const open = (now: Instant, ids: readonly string[], source = 'one') =>
  inTransaction((client) => rememberOpen(client, source, ids, now))
const suspect = (now: Instant, ids: readonly string[]) =>
  inTransaction((client) => suspectMissing(client, 'one', ids, now))
/** By the database's clock, too. */
const miss = (now: Instant, ids: readonly string[], counted = true) =>
  transaction(clockedPool(database.pool, () => now).pool, (client) =>
    noteMisses(client, 'one', { ids, counted }, { now, apart: APART }),
  )
const forget = (ids: readonly string[], source = 'one') =>
  inTransaction((client) => forgetRechecks(client, source, ids))
const gone = (now: Instant, ids: readonly string[]) =>
  inTransaction((client) => noteGone(client, 'one', ids, now))
const quarantine = (now: Instant, id: string) =>
  inTransaction((client) => quarantineId(client, 'one', { id, reason: 'HTTP 500', now }))
const believed = async (apart = APART) => {
  const open = await openMissedTwice(database.pool, 'one', { apart, limit: 100 })
  return (
    await inTransaction((client) => believablyGone(client, 'one', { apart, limit: 100, open }))
  ).toSorted()
}
const due = (now: Instant, { limit = 100, source = 'one' } = {}) =>
  dueRechecks(database.pool, source, { at: now, unseenSince: now }, limit)

/** How long after `now` a job is to be asked for; null: it is not on the list. */
async function dueIn(id: string, now: Instant): Promise<Instant | null> {
  const { rows } = await database.pool.query<{ at: Instant }>(
    `select (extract(epoch from due_at) * 1000000)::int8 as at from llamacloud_sync.rechecks
    where source = 'one' and job_id = $1`,
    [id],
  )
  return rows[0] ? rows[0].at - now : null
}

describe('open jobs', () => {
  test.each([
    ['seen for the first time', 0, SECOND],
    ['younger than five minutes', 5 * MINUTE - 1, SECOND],
    ['an hour old', HOUR, 6 * MINUTE],
    ['ten days old', 10 * DAY, 6 * HOUR],
  ])('%s are asked for after a tenth of their age, at least 1 s, at most 6 h', async (_, age, next) => {
    await open(NOON - age, ['a'])
    await open(NOON, ['a'])
    expect(await dueIn('a', NOON)).toBe(next)
  })

  test('one stuck for 30 days is asked for some 150 times, though there are 8,640 cycles', async () => {
    await open(NOON, ['stuck'])
    let checks = 0
    let dueAt = NOON + SECOND
    for (let now = NOON; now < NOON + 30 * DAY; now += 5 * MINUTE) {
      if (dueAt > now) continue
      checks += 1
      await open(now, ['stuck'])
      dueAt = now + (await dueIn('stuck', now))!
    }
    // Each cycle up to 50 minutes, then 10 % apart up to 60 hours, then four a day.
    const bound = 10 + Math.log(72) / Math.log(1.1) + 4 * 27.5
    expect(checks).toBeLessThanOrEqual(Math.ceil(bound) + 1)
    expect(checks).toBeGreaterThan(100)
  })

  test('are due from the microsecond on, the longest due first, then by id, and no more than asked for', async () => {
    await open(NOON + 1, ['c', 'b'])
    await open(NOON, ['d'])
    await open(NOON + 2, ['a'])
    expect(await due(NOON + SECOND - 1)).toEqual([])
    expect(await due(NOON + SECOND)).toEqual(['d'])
    expect(await due(NOON + SECOND + 2)).toEqual(['d', 'b', 'c', 'a'])
    expect(await due(NOON + SECOND + 2, { limit: 2 })).toEqual(['d', 'b'])
  })

  test('early are those not due and not seen lately, the next to be due first, none missing or set aside', async () => {
    for (const [index, id] of ['due', 'c', 'a', 'missing', 'gone', 'aside'].entries())
      await open(NOON - 10 * MINUTE + index, [id])
    for (const [index, id] of ['c', 'a', 'missing', 'gone', 'aside'].entries())
      await open(NOON - 10 + index, [id])
    await open(NOON, ['fresh'])
    await suspect(NOON + HOUR, ['suspect'])
    await miss(NOON - 1, ['missing', 'gone'])
    await gone(NOON - 1, ['gone'])
    await quarantine(NOON - 1, 'aside')
    const early = (limit: number, source = 'one') =>
      earlyRechecks(database.pool, source, { at: NOON, unseenSince: NOON }, limit)
    expect(await early(100)).toEqual(['c', 'a'])
    expect(await early(1)).toEqual(['c'])
    expect(await early(100, 'two')).toEqual([])
  })

  test('due are those unseen since the cycle began: one that it showed is not asked for again, one that it missed is', async () => {
    await open(NOON - MINUTE, ['waits'])
    await open(NOON + 1, ['shown'])
    await suspect(NOON + SECOND, ['missed'])
    const at = NOON + MINUTE
    const ids = await dueRechecks(database.pool, 'one', { at, unseenSince: NOON }, 100)
    expect(ids.toSorted()).toEqual(['missed', 'waits'])
  })

  test('each source has its own', async () => {
    await open(NOON, ['a', 'b'])
    await open(NOON, ['a'], 'two')
    await forget(['a'])
    await miss(NOON, ['a'])
    expect(await due(NOON + SECOND)).toEqual(['b'])
    expect(await due(NOON + SECOND, { source: 'two' })).toEqual(['a'])
    expect(await countRechecks(database.pool, 'one')).toEqual({ openJobs: 1, held: 0 })
    expect(await countRechecks(database.pool, 'two')).toEqual({ openJobs: 1, held: 0 })
    expect(await awaiting(database.pool, 'two', ['a', 'b'])).toEqual(new Set(['a']))
  })
})

describe('jobs that a reading did not show', () => {
  test('are due at once, open or not', async () => {
    await open(NOON - DAY, ['open'])
    await open(NOON, ['open'])
    await suspect(NOON, ['finished', 'open'])
    expect(await due(NOON)).toEqual(['finished', 'open'])
  })

  test('keep their time when it is known that they are missing, marked or set aside', async () => {
    await suspect(NOON, ['missing', 'marked', 'aside'])
    await miss(NOON, ['missing', 'marked'])
    await gone(NOON, ['marked'])
    await quarantine(NOON, 'aside')
    await suspect(NOON + 1, ['missing', 'marked', 'aside'])
    expect(await due(NOON + MINUTE)).toEqual([])
  })
})

describe('a job that is not returned', () => {
  test('A8: is believed to be gone after two misses that lie far enough apart, and not before', async () => {
    await suspect(NOON, ['a', 'b'])
    await miss(NOON, ['a', 'b'])
    expect(await dueIn('a', NOON)).toBe(APART)
    await miss(NOON + APART - 1, ['a', 'b'])
    expect(await believed()).toEqual([])
    await miss(NOON + APART, ['a'])
    expect(await believed()).toEqual(['a'])
    expect(await believed(DAY)).toEqual([])
    await miss(NOON + DAY, ['a', 'b'])
    expect(await believed(DAY)).toEqual(['a', 'b'])
  })

  test('A20: a miss while nothing else of its project comes does not count; it is asked for again soon', async () => {
    await suspect(NOON, ['a'])
    for (const now of [NOON, NOON + 2 * HOUR, NOON + DAY]) {
      await miss(now, ['a'], false)
      expect(await dueIn('a', now)).toBeGreaterThanOrEqual(5 * MINUTE)
      expect(await dueIn('a', now)).toBeLessThanOrEqual(6 * HOUR)
    }
    expect(await countMissed(database.pool, 'one', 9)).toBe(0)
    expect(await believed()).toEqual([])
    // It is held all the same, for whoever knows better.
    expect(await countHeld(database.pool, 'one')).toBe(1)
    expect(await inTransaction((client) => heldRechecks(client, 'one', 9))).toEqual(['a'])
    // The first miss that counts is as good as any.
    await miss(NOON + 2 * DAY, ['a'])
    await miss(NOON + 2 * DAY + APART - 1, ['a'])
    expect(await believed()).toEqual([])
    await miss(NOON + 2 * DAY + APART, ['a'])
    expect(await believed()).toEqual(['a'])
  })

  test('I8: an open one keeps its pace until it is believed to be gone', async () => {
    await open(NOON - 20 * MINUTE, ['a'])
    await miss(NOON, ['a'])
    expect(await dueIn('a', NOON)).toBe(2 * MINUTE)
    await miss(NOON + 59 * MINUTE, ['a'])
    // Not a tenth of its age: the second miss that counts comes first.
    expect(await dueIn('a', NOON)).toBe(APART)
  })

  test('A8: one that is shown again starts from nothing', async () => {
    await open(NOON, ['a'])
    await miss(NOON, ['a'])
    await open(NOON + MINUTE, ['a'])
    await miss(NOON + APART, ['a'])
    expect(await believed()).toEqual([])
    expect(await countHeld(database.pool, 'one')).toBe(1)
    await open(NOON + APART + 1, ['a'])
    expect(await countHeld(database.pool, 'one')).toBe(0)
  })

  test('I8: is looked for an hour, a day and a week after it was marked, and then left to its span', async () => {
    await suspect(NOON - APART, ['a'])
    await miss(NOON - APART, ['a'])
    await miss(NOON, ['a'])
    await gone(NOON, ['a'])
    for (const next of [HOUR, DAY, 7 * DAY]) {
      expect(await dueIn('a', NOON)).toBe(next)
      await miss(NOON + next, ['a'])
    }
    expect(await dueIn('a', NOON)).toBeNull()
  })

  test('is held until it is believed: counted, listed, and told from open ones', async () => {
    await open(NOON, ['open', 'missing open'])
    await suspect(NOON, ['missing', 'marked'])
    await miss(NOON, ['missing', 'missing open', 'marked'])
    await gone(NOON, ['marked'])
    expect(await countHeld(database.pool, 'one')).toBe(2)
    expect(await countMissed(database.pool, 'one', 1)).toBe(1)
    const held = await inTransaction((client) => heldRechecks(client, 'one', 9))
    expect(held.toSorted()).toEqual(['missing', 'missing open'])
    expect(await countRechecks(database.pool, 'one')).toEqual({ openJobs: 2, held: 2 })
  })
})

test('I12, A19: an id that is set aside is tried again after an hour, then twice as long, up to a day', async () => {
  await open(NOON, ['a'])
  let now = NOON
  for (const [index, wait] of [1, 2, 4, 8, 16, 24, 24].entries()) {
    const tries = index + 1
    await quarantine(now, 'a')
    expect(await dueIn('a', now)).toBe(wait * HOUR)
    expect(await due(now + wait * HOUR)).toEqual([])
    const isDueAt = (at: Instant) => quarantinedIds(database.pool, 'one', at)
    expect(await isDueAt(now + wait * HOUR - 1)).toEqual([{ id: 'a', isDue: false, tries }])
    now += wait * HOUR
    expect(await isDueAt(now)).toEqual([{ id: 'a', isDue: true, tries }])
  }
  // A listing that shows it open does not answer for it; its own answer does, and gives it its next time.
  await open(now, ['a'])
  expect(await due(now + 48 * HOUR)).toEqual([])
  await transaction(database.pool, (client) => releaseIds(client, 'one', ['a'], now + 24 * HOUR))
  expect(await due(now + 24 * HOUR)).toEqual([])
  expect(await due(now + 48 * HOUR)).toEqual(['a'])
})

test('nothing to note, nothing to drop', async () => {
  await open(NOON, [])
  await suspect(NOON, [])
  await miss(NOON, [])
  await miss(NOON, ['unknown'])
  await forget([])
  await forget(['unknown'])
  expect(await countRechecks(database.pool, 'one')).toEqual({ openJobs: 0, held: 0 })
})

test('ids may hold whatever text can', async () => {
  const ids = ["a'); --", '{"x"}', 'NULL', 'back\\slash', '\u{1f600}', ' ']
  await open(NOON, ids)
  await suspect(NOON, ids)
  await miss(NOON, ids)
  expect((await due(NOON + HOUR)).toSorted()).toEqual(ids.toSorted())
  await forget(ids)
  expect(await due(NOON + HOUR)).toEqual([])
})

test('commits that note and drop the same jobs the other way round do not deadlock', async () => {
  await open(NOON, ['a', 'b'])
  await inTransaction(async (first) => {
    await rememberOpen(first, 'one', ['a'], NOON + 1)
    await inTransaction(async (second) => {
      await rememberOpen(second, 'one', ['b'], NOON + 1)
      // What a neighbour is just noting stays: it is asked for again, and dropped then.
      await forgetRechecks(second, 'one', ['a'])
    })
    await forgetRechecks(first, 'one', ['b'])
  })
  expect(await due(NOON + HOUR)).toEqual(['a'])
})

test('jobs noted by many commits at once, in any order', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `job ${index}`)
  const commits = Array.from({ length: 20 }, (_, index) =>
    open(NOON + index, index % 2 === 0 ? ids : ids.toReversed()),
  )
  await Promise.all(commits)
  expect(await countRechecks(database.pool, 'one')).toEqual({ openJobs: 200, held: 0 })
})
