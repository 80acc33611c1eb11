import { afterAll, beforeAll, expect, test } from 'vitest'
import { classify } from '../../../src/lists/classify/list.ts'
import { createJobDecoder } from '../../../src/lists/decode.ts'
import { parse } from '../../../src/lists/parse/list.ts'
import { createUpsert } from '../../../src/lists/upsert.ts'
import { transaction } from '../../../src/store/pool.ts'
import { MINUTE } from '../../../src/values/instant.ts'
import type { JsonObject } from '../../../src/values/json.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { at } from './classify/job-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
afterAll(() => database.drop())

const decode = createJobDecoder(parse)
const upsert = createUpsert(parse)

async function write(seconds: number, item: JsonObject, by = upsert) {
  const decoded = decode({ id: 'pjb-1', status: 'COMPLETED', updated_at: at(seconds), ...item })
  if ('reject' in decoded) throw new Error(decoded.reject)
  const observed = { job: decoded.job, observedAt: at(seconds) }
  return transaction(database.pool, (client) => by(client, 'one', [observed], 5 * MINUTE))
}

test('credits that come, and change, after the end are stored and are no repair; all else is one', async () => {
  await write(1, { usage: null })
  expect(await write(100, { usage: { credits: 3 } })).toMatchObject({ updated: 1, revisedIds: [] })
  expect(await write(200, { usage: { credits: 4.5 } })).toMatchObject({ updated: 1, revisedIds: [] })
  const { rows } = await database.pool.query('select credits from llamacloud.parse_jobs')
  expect(rows).toEqual([{ credits: 4.5 }])
  expect(await write(300, { usage: { credits: 6 }, tier: 'fast' })).toMatchObject({ revisedIds: ['pjb-1'] })
  expect(await write(400, { usage: { credits: 6 }, tier: 'fast' })).toMatchObject({ revisedIds: ['pjb-1'] })
})

test('credits that were stored before SYNC_OMIT named them are emptied like any other column', async () => {
  await write(500, { usage: { credits: 7 } })
  const omitting = createUpsert(parse, new Set(['credits']))
  expect(await write(600, {}, omitting)).toMatchObject({ updated: 1 })
  const { rows } = await database.pool.query('select credits from llamacloud.parse_jobs')
  expect(rows).toEqual([{ credits: null }])
})

test('a column that SYNC_OMIT names is emptied, and no change row is written that would keep what it held', async () => {
  const classifying = createJobDecoder(classify)
  const store = async (seconds: number, type: string | undefined, by: ReturnType<typeof createUpsert>) => {
    const decoded = classifying({ id: 'clj-1', status: 'COMPLETED', ...(type && { result: { type } }) })
    if ('reject' in decoded) throw new Error(decoded.reject)
    const observed = { job: decoded.job, observedAt: at(seconds) }
    return transaction(database.pool, (client) => by(client, 'one', [observed], 5 * MINUTE))
  }
  await store(1, 'invoice', createUpsert(classify))
  const omitting = createUpsert(classify, new Set(['result_type']))
  expect(await store(1000, undefined, omitting)).toMatchObject({ updated: 1 })
  const { rows } = await database.pool.query(
    'select result_type, (select count(*)::int from llamacloud.classify_job_changes) as changes from llamacloud.classify_jobs',
  )
  expect(rows).toEqual([{ result_type: null, changes: 0 }])
})
