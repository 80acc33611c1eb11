import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObservedJob } from '../../../../src/lists/batch.ts'
import { classify } from '../../../../src/lists/classify/list.ts'
import { createUpsert } from '../../../../src/lists/upsert.ts'
import { transaction } from '../../../../src/store/pool.ts'
import {
  at,
  classifyJobs,
  configuration,
  counted,
  createJobStore,
  type JobStore,
  NONE_WRITTEN,
  OVERLAP,
  seen,
} from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
afterAll(() => store.database.drop())

const TABLES = ['classify_configurations', 'classify_job_changes', 'classify_jobs', 'classify_rules']

/** A page with a bit of everything, observed this many seconds into the test. */
const page = (seconds: number, status = 'COMPLETED'): ObservedJob[] =>
  Array.from({ length: 100 }, (_, index) =>
    seen(seconds, {
      id: `job ${index}`,
      status: index % 10 === 0 ? 'RUNNING' : status,
      resultConfidence: index % 3 === 0 ? null : index / 100,
      resultReasoning: 'It says so on the first page. '.repeat(index),
      createdAt: at(index),
      updatedAt: index % 7 === 0 ? null : at(index + 0.123456),
      configuration: configuration(`configuration ${index % 4}`, [
        { position: 0, type: 'invoice', description: 'It asks for money.' },
      ]),
      extra: index % 5 === 0 ? '{"b": [1.50, 1e400, 12345678901234567890], "a": {"n": null}}' : null,
    }),
  )

/** Where every row of the tables lies, and which transaction wrote it. */
async function versions(): Promise<Record<string, unknown[]>> {
  const versionsOf = async (table: string) => {
    const { rows } = await store.database.pool.query(
      `select ctid::text, xmin::text, xmax::text from llamacloud.${table} order by ctid`,
    )
    return [table, rows] as const
  }
  return Object.fromEntries(await Promise.all(TABLES.map(versionsOf)))
}

/** What the server counted so far, in the session that did the work: each session reports for itself. */
async function statistics(client: PoolClient): Promise<unknown[]> {
  await client.query('select pg_stat_force_next_flush()')
  const { rows } = await client.query(
    `select relname, n_tup_ins, n_tup_upd, n_tup_del, n_dead_tup, n_tup_hot_upd
    from pg_stat_user_tables where schemaname = 'llamacloud' order by relname`,
  )
  return rows
}

async function withClient<T>(use: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await store.database.pool.connect()
  try {
    return await use(client)
  } finally {
    client.release()
  }
}

test('I5: the same page any number of times writes nothing', async () => {
  await store.write(page(100))
  const before = await versions()
  expect(before.classify_jobs).toHaveLength(100)
  expect(before.classify_rules).toHaveLength(4)
  const [earlier, later] = await withClient(async (client) => {
    const earlier = await statistics(client)
    // A job list of its own remembers no configuration, as after a restart.
    for (const list of [classifyJobs(), classifyJobs()]) {
      for (const moment of [101, 99, 102]) {
        const written = counted(
          await list.write(client, 'one', page(moment).toReversed(), { overlap: OVERLAP }),
        )
        expect(written).toEqual({ ...NONE_WRITTEN, unchanged: 100, openIds: expect.any(Array) })
        expect(written.openIds).toHaveLength(10)
      }
    }
    return [earlier, await statistics(client)]
  })
  expect(later).toEqual(earlier)
  expect(await versions()).toEqual(before)
})

test('the statistics above would have shown a single update', async () => {
  await store.write(page(100))
  await withClient(async (client) => {
    const before = await statistics(client)
    await client.query(`update llamacloud.classify_jobs set status = status where id = 'job 1'`)
    expect(await statistics(client)).not.toEqual(before)
  })
})

/** How many WAL records the upsert of a page writes; the server tells it for this one statement. */
async function walRecords(jobs: readonly ObservedJob[]): Promise<number> {
  return transaction(store.database.pool, async (client) => {
    let records = Number.NaN
    const explaining = {
      query: async (text: string, values: unknown[]) => {
        const { rows } = await client.query(`explain (analyze, wal, timing off, format json) ${text}`, values)
        records = rows[0]['QUERY PLAN'][0].Plan['WAL Records']
        return { rows: [{ openIds: [], leftOutIds: [] }] }
      },
    }
    await createUpsert(classify)(explaining as unknown as PoolClient, 'one', jobs, OVERLAP)
    return records
  })
}

test('I5: an unchanged page writes no WAL', async () => {
  await store.write(page(100))
  await store.write(page(101)) // what the first reading of new rows still tidies up is not of interest
  // Nor is what another session has just left to tidy up in the catalogue: one of three readings writes nothing at all.
  const readings = [await walRecords(page(102)), await walRecords(page(103)), await walRecords(page(104))]
  expect(Math.min(...readings)).toBe(0)
  expect(await walRecords(page(105, 'FAILED'))).toBeGreaterThan(90)
})

test('I5: only the job that differs is written', async () => {
  await store.write(page(200))
  const before = await versions()
  const changed = page(201).map(({ job, observedAt }) =>
    job.id === 'job 42' ? { job: { ...job, errorMessage: 'new' }, observedAt } : { job, observedAt },
  )
  expect(await store.write(changed)).toMatchObject({ updated: 1, unchanged: 99 })
  const moved = (await versions()).classify_jobs!.filter(
    (row) => !before.classify_jobs!.some((old) => JSON.stringify(old) === JSON.stringify(row)),
  )
  expect(moved).toHaveLength(1)
})

test('I5, A21: unknown fields that differ at each reading are written of open jobs only', async () => {
  const read = (seconds: number) =>
    [...page(300), seen(300, { id: 'of null status' })].map(({ job }) =>
      seen(seconds, { ...job, extra: `{"url": ${seconds}}` }),
    )
  await store.write(read(300))
  expect(await store.write(read(301))).toMatchObject({ updated: 11, unchanged: 90 })
  expect(await store.write([...read(302), ...read(303)])).toMatchObject({
    updated: 11,
    unchanged: 180,
    stale: 11,
  })
  expect(await store.write(read(303))).toMatchObject({ updated: 0, unchanged: 101 })
})
