import type { Pool, PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  countMisses,
  countOpenJobs,
  dueOpenJobs,
  earlyOpenJobs,
  forgetOpenJobs,
  noteMisses,
  rememberOpenJobs,
} from '../../src/store/open-jobs.ts'
import { transaction } from '../../src/store/pool.ts'
import { formatInstant, HOUR, MICROSECOND, MINUTE, parseInstant, SECOND } from '../../src/values/instant.ts'
import type { TestDatabase } from '../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../support/migrated-database.ts'
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
const LATER = NOON + 60 * SECOND

const RUN = 7
const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => transaction(database.pool, work)
const remember = (jobs: Record<string, number>, source = 'one') =>
  inTransaction((client) =>
    rememberOpenJobs(
      client,
      source,
      Object.entries(jobs).map(([jobId, nextCheckAt]) => ({
        jobId,
        nextCheckAt,
        seenAt: nextCheckAt - HOUR,
      })),
    ),
  )
const due = (now: number, { limit = 100, source = 'one', run = RUN } = {}) =>
  dueOpenJobs(database.pool, source, { now, run, limit })
const miss = (run: number, ...ids: string[]) =>
  inTransaction((client) => noteMisses(client, 'one', ids, { run, now: NOON, overlap: 5 * MINUTE }))
const count = (run: number, limit = 100) => inTransaction((client) => countMisses(client, 'one', run, limit))
const misses = async () => {
  const { rows } = await database.pool.query<{ job_id: string; misses: number }>(
    `select job_id, misses from llamacloud_sync.open_jobs where source = 'one' order by job_id`,
  )
  return Object.fromEntries(rows.map((row) => [row.job_id, row.misses]))
}

test('jobs are due from the microsecond of their next check on', async () => {
  await remember({ a: NOON })
  expect(await due(NOON - MICROSECOND)).toEqual([])
  expect(await due(NOON)).toEqual(['a'])
  expect(await due(NOON + MICROSECOND)).toEqual(['a'])
})

test('early are those not due and not seen lately, the next to be due first, but none asked for in vain', async () => {
  await remember({ due: NOON, b: NOON + 2, a: NOON + 2, c: NOON + 1, vain: LATER })
  await inTransaction((client) =>
    rememberOpenJobs(client, 'one', [{ jobId: 'fresh', nextCheckAt: NOON + 1, seenAt: NOON }]),
  )
  await miss(RUN, 'vain')
  const early = (limit: number, source = 'one') =>
    earlyOpenJobs(database.pool, source, { now: NOON, seenBefore: NOON, run: RUN, limit })
  expect(await early(100)).toEqual(['c', 'a', 'b'])
  expect(await early(2)).toEqual(['c', 'a'])
  expect(await early(100, 'two')).toEqual([])
})

test('the longest due come first, then by id, and no more than asked for', async () => {
  await remember({ c: NOON, b: NOON, a: NOON + 1, d: NOON - 1, e: LATER })
  expect(await due(NOON + 1)).toEqual(['d', 'b', 'c', 'a'])
  expect(await due(NOON + 1, { limit: 2 })).toEqual(['d', 'b'])
})

test('each source has open jobs of its own', async () => {
  await remember({ a: NOON, b: NOON })
  await remember({ a: NOON }, 'two')
  await inTransaction((client) => forgetOpenJobs(client, 'one', ['a']))
  expect(await due(NOON)).toEqual(['b'])
  expect(await due(NOON, { source: 'two' })).toEqual(['a'])
  expect([await countOpenJobs(database.pool, 'one'), await countOpenJobs(database.pool, 'two')]).toEqual([
    1, 1,
  ])
  expect(await countOpenJobs(database.pool, 'three')).toBe(0)
})

test('a job that is seen open again gets the new time, and its misses are forgiven', async () => {
  await remember({ a: NOON, b: NOON })
  await miss(RUN, 'a', 'b')
  await count(RUN)
  await miss(RUN + 1, 'a', 'b')
  await remember({ a: LATER })
  expect(await misses()).toEqual({ a: 0, b: 1 })
  expect(await count(RUN + 1)).toEqual([{ jobId: 'b', misses: 2 }])
  expect(await due(LATER - 1)).toEqual(['b'])
  expect(await due(LATER)).toEqual(['b', 'a'])
})

test('a miss is noted once a run and asked for no more in it, and counts only once it is counted', async () => {
  await remember({ a: NOON, b: NOON, c: NOON })
  await miss(RUN, 'a', 'b', 'unknown')
  await miss(RUN, 'a')
  expect(await misses()).toEqual({ a: 0, b: 0, c: 0 })
  expect(await due(NOON)).toEqual(['c'])
  expect(await due(NOON, { run: RUN + 1 })).toEqual(['a', 'b', 'c'])
  expect(await count(RUN + 1)).toEqual([])
  expect(await count(RUN, 1)).toEqual([{ jobId: 'a', misses: 1 }])
  expect(await count(RUN, 1)).toEqual([{ jobId: 'b', misses: 1 }])
  expect(await count(RUN, 1)).toEqual([])
  expect(await misses()).toEqual({ a: 1, b: 1, c: 0 })
})

test('A7: a job shown within the overlap is not missed; it is due again when it would be', async () => {
  const seenAt = { before: NOON - 5 * MINUTE, within: NOON - 5 * MINUTE + 1, now: NOON }
  const jobs = Object.entries(seenAt).map(([jobId, at]) => ({ jobId, nextCheckAt: NOON, seenAt: at }))
  await inTransaction((client) => rememberOpenJobs(client, 'one', jobs))
  expect(await miss(RUN, ...Object.keys(seenAt), 'unknown')).toBe(1)
  expect(await due(NOON)).toEqual([])
  expect(await count(RUN)).toEqual([{ jobId: 'before', misses: 1 }])
  expect(await due(NOON, { run: RUN + 1 })).toEqual(['before'])
  expect(await due(NOON + 1, { run: RUN + 1 })).toEqual(['before', 'within'])
  expect(await due(NOON + 5 * MINUTE, { run: RUN + 1 })).toEqual(['before', 'within', 'now'])
})

test('misses of another source are its own', async () => {
  await remember({ a: NOON })
  await remember({ a: NOON }, 'two')
  await miss(RUN, 'a')
  await count(RUN)
  expect(await due(NOON, { source: 'two' })).toEqual(['a'])
  expect(await inTransaction((client) => countMisses(client, 'two', RUN, 100))).toEqual([])
})

test('nothing to note, nothing to drop', async () => {
  await remember({})
  await inTransaction((client) => forgetOpenJobs(client, 'one', []))
  await inTransaction((client) => forgetOpenJobs(client, 'one', ['unknown']))
  await miss(RUN)
  expect(await misses()).toEqual({})
})

test('ids may hold whatever text can', async () => {
  const ids = ["a'); --", '{"x"}', 'NULL', 'back\\slash', '\u{1f600}', ' ']
  await remember(Object.fromEntries(ids.map((id) => [id, NOON])))
  expect((await due(NOON)).toSorted()).toEqual(ids.toSorted())
  await inTransaction((client) => forgetOpenJobs(client, 'one', ids))
  expect(await countOpenJobs(database.pool, 'one')).toBe(0)
})

test('commits that note and drop the same jobs the other way round do not deadlock', async () => {
  await remember({ a: NOON, b: NOON })
  await inTransaction(async (first) => {
    await rememberOpenJobs(first, 'one', [{ jobId: 'a', nextCheckAt: LATER, seenAt: NOON }])
    await inTransaction(async (second) => {
      await rememberOpenJobs(second, 'one', [{ jobId: 'b', nextCheckAt: LATER, seenAt: NOON }])
      // What a neighbour is just noting stays: it is asked for again, and dropped then.
      await forgetOpenJobs(second, 'one', ['a'])
    })
    await forgetOpenJobs(first, 'one', ['b'])
  })
  expect(await due(LATER)).toEqual(['a'])
})

test('jobs noted by many commits at once, in any order', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `job ${index}`)
  const jobs = (nextCheckAt: number) => ids.map((jobId) => ({ jobId, nextCheckAt, seenAt: NOON }))
  const commits = Array.from({ length: 20 }, (_, index) =>
    inTransaction((client) =>
      rememberOpenJobs(client, 'one', index % 2 === 0 ? jobs(NOON) : jobs(LATER).toReversed()),
    ),
  )
  await Promise.all(commits)
  expect(await countOpenJobs(database.pool, 'one')).toBe(200)
})

test('I14: the due jobs of a source are found by an index', async () => {
  await database.pool.query(
    `
    insert into llamacloud_sync.open_jobs (source, job_id, next_check_at)
    select 'one', 'many ' || n, $1::timestamptz + n * interval '1 second' from generate_series(1, 20000) as n`,
    [formatInstant(NOON)],
  )
  await database.pool.query('analyze llamacloud_sync.open_jobs')
  let asked: [string, unknown[]] | undefined
  const noting = {
    query: ({ text }: { text: string }, values: unknown[]) => {
      asked = [text, values]
      return { rows: [] }
    },
  }
  await dueOpenJobs(noting as unknown as Pool, 'one', { now: LATER, run: RUN, limit: 100 })
  const { rows } = await database.pool.query(`explain ${asked![0]}`, asked![1])
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('Index Scan using open_jobs_due')
  expect(plan).not.toContain('Seq Scan')
})
