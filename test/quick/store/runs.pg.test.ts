import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { LostCommitsError } from '../../../src/errors.ts'
import { lastRuns } from '../../../src/store/last-runs.ts'
import { transaction } from '../../../src/store/pool.ts'
import {
  addCounts,
  addToRun,
  beginRun,
  COUNT_NAMES,
  finishRun,
  NO_COUNTS,
  type RunEnd,
  type RunKind,
} from '../../../src/store/runs.ts'
import { DAY, formatInstant, type Instant, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { addSource, saveCoverage } from './sources.ts'

let database: TestDatabase
/** By the clock of the database, as pruning is. */
let now: Instant
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(async () => {
  await addSource(database, 'one')
  await addSource(database, 'two')
  const { rows } = await database.pool.query<{ now: number }>(
    'select (extract(epoch from now()) * 1000000)::int8 as now',
  )
  now = rows[0]!.now
})
afterAll(() => database.drop())

const inTransaction = <T>(work: (client: PoolClient) => Promise<T>) => transaction(database.pool, work)
const begin = async (startedAt: Instant, { source = 'one', kind = 'sync' as RunKind } = {}) =>
  (await inTransaction((client) => beginRun(client, source, kind, startedAt))).id
const finish = (id: number, end: Partial<RunEnd> = {}) =>
  inTransaction((client) =>
    finishRun(client, id, 'one', {
      outcome: 'succeeded',
      acknowledged: 0,
      finishedAt: now,
      requests: 0,
      retries: 0,
      error: null,
      ...end,
    }),
  )
const commit = (id: number, acknowledged: number, counts = NO_COUNTS) =>
  inTransaction((client) => addToRun(client, { id, counts, acknowledged }))
const runs = (limit = 100, source = 'one') => lastRuns(database.pool, source, limit)
const outcomes = async (source = 'one') => (await runs(100, source)).map(({ outcome }) => outcome)

const lastSuccess = async () => {
  const { rows } = await database.pool.query<{ at: number | null }>(
    `select (extract(epoch from last_success_at) * 1000000)::int8 as at
    from llamacloud_sync.sources where name = 'one'`,
  )
  return rows[0]!.at
}

const FIRST_MARK = parseInstant('2026-03-02T08:00:00.000001Z')!
const saveWatermark = (watermark: Instant) =>
  inTransaction((client) => saveCoverage(client, { coveredFrom: FIRST_MARK, watermark }))

test('a run from its begin to its end, to the microsecond', async () => {
  await saveWatermark(FIRST_MARK)
  const id = await begin(now - 123_457, { kind: 'backfill' })
  expect(await runs()).toMatchObject([
    {
      id,
      outcome: 'running',
      finishedAt: null,
      watermarkBefore: FIRST_MARK,
      watermarkAfter: null,
      error: null,
    },
  ])
  await saveWatermark(FIRST_MARK + 1)
  await finish(id, { finishedAt: now - 1, requests: 7, retries: 2 })
  expect(await runs()).toEqual([
    {
      ...NO_COUNTS,
      id,
      commits: 0,
      source: 'one',
      kind: 'backfill',
      startedAt: now - 123_457,
      finishedAt: now - 1,
      outcome: 'succeeded',
      requests: 7,
      retries: 2,
      watermarkBefore: FIRST_MARK,
      watermarkAfter: FIRST_MARK + 1,
      error: null,
    },
  ])
  expect(await lastSuccess()).toBe(now - 1)
})

test('a source without coverage has no watermark before its first run', async () => {
  const id = await begin(now)
  await finish(id)
  expect(await runs()).toMatchObject([{ watermarkBefore: null, watermarkAfter: null }])
})

test('a run that had to leave something in quarantine is a success all the same', async () => {
  await finish(await begin(now), { outcome: 'degraded' })
  expect(await lastSuccess()).toBe(now)
  expect(await outcomes()).toEqual(['degraded'])
})

test('I2: a run whose commits the database has lost does not succeed', async () => {
  const id = await begin(now)
  await commit(id, 0)
  await expect(finish(id, { acknowledged: 2 })).rejects.toThrow('it had acknowledged to this run (1)')
  await finish(id, { acknowledged: 2, outcome: 'failed', error: 'Because.' })
  expect(await outcomes()).toEqual(['failed'])
})

test.each(['failed', 'stopped'] as const)('a run that %s is no success', async (outcome) => {
  await finish(await begin(now - MINUTE), { finishedAt: now - MINUTE })
  await finish(await begin(now), { outcome, error: 'Because.' })
  expect(await lastSuccess()).toBe(now - MINUTE)
  expect(await runs()).toMatchObject([{ outcome, error: 'Because.' }, { outcome: 'succeeded' }])
})

test('I7: every commit adds its counts, of each name its own', async () => {
  const id = await begin(now)
  const other = await begin(now, { source: 'two' })
  const counts = COUNT_NAMES.reduce((sum, name, index) => addCounts(sum, { [name]: 10 ** index }), NO_COUNTS)
  await Promise.all([counts, counts, NO_COUNTS].map((each) => commit(id, 0, each)))
  const [run] = await runs()
  expect(run).toMatchObject({ ...addCounts(counts, counts), commits: 3 })
  expect(await runs(1, 'two')).toMatchObject([{ id: other, ...NO_COUNTS }])
})

test('a commit fails when the database has lost one that it had acknowledged to the run', async () => {
  const id = await begin(now)
  for (const acknowledged of [0, 1, 1]) await commit(id, acknowledged)
  await database.pool.query('update llamacloud_sync.runs set commits = commits - 1 where id = $1', [id])
  await expect(commit(id, 3, { ...NO_COUNTS, received: 1 })).rejects.toThrow(LostCommitsError)
  expect(await runs()).toMatchObject([{ commits: 2, received: 0 }])
  await database.pool.query('delete from llamacloud_sync.runs')
  await expect(commit(id, 3)).rejects.toThrow(/lost commits .*\(3\).*the next run reads again/)
})

test('what an earlier holder of the lease left running is abandoned, of this source only', async () => {
  await begin(now - 2 * MINUTE)
  await finish(await begin(now - MINUTE), { outcome: 'failed' })
  await begin(now - MINUTE / 2)
  await begin(now, { source: 'two' })
  expect(await outcomes()).toEqual(['running', 'failed', 'abandoned'])
  await begin(now)
  expect(await outcomes()).toEqual(['running', 'abandoned', 'failed', 'abandoned'])
  expect(await outcomes('two')).toEqual(['running'])
})

test('runs are kept for 90 days, of this source', async () => {
  const ages = [91 * DAY, 90 * DAY + MINUTE, 90 * DAY - MINUTE, DAY]
  const insert = (source: string, age: number) =>
    database.pool.query(
      `insert into llamacloud_sync.runs (source, kind, started_at, outcome) values ($1, 'sync', $2, 'succeeded')`,
      [source, formatInstant(now - age)],
    )
  for (const age of ages) await insert('one', age)
  await insert('two', 91 * DAY)
  await begin(now)
  expect((await runs()).map(({ startedAt }) => now - startedAt)).toEqual([0, DAY, 90 * DAY - MINUTE])
  expect(await outcomes('two')).toEqual(['succeeded'])
})

test('the last runs come newest first, no more than asked for', async () => {
  const ids = [await begin(now - 2), await begin(now - 1), await begin(now), await begin(now)]
  expect((await runs(3)).map(({ id }) => id)).toEqual([ids[3], ids[2], ids[1]])
  expect(await runs(3, 'two')).toEqual([])
})
