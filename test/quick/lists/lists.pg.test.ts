import { expect, test } from 'vitest'
import { fieldsIn } from '../../../src/lists/columns.ts'
import { Field, type Fields, isEnd, isEndSql, type List } from '../../../src/lists/list.ts'
import { LISTS, listNamed } from '../../../src/lists/lists.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { batches } from '../../../src/simulator/lists/batches.ts'
import { extract } from '../../../src/simulator/lists/extract.ts'
import { parse } from '../../../src/simulator/lists/parse.ts'
import { split } from '../../../src/simulator/lists/split.ts'
import type { SimulatedList } from '../../../src/simulator/simulated-list.ts'
import { World } from '../../../src/simulator/world.ts'
import { syncOnce } from '../../../src/sync/cycle.ts'
import type { Source } from '../../../src/sync/source.ts'
import { verify } from '../../../src/sync/verify.ts'
import { DAY, HOUR, MINUTE, parseInstant } from '../../../src/values/instant.ts'
import { isJsonObject, type JsonObject, parseJson } from '../../../src/values/json.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { sampled } from '../../support/size.ts'

/** Every list but classify, which all other tests read. */
const SIMULATED: Readonly<Record<string, SimulatedList>> = { parse, extract, split, batches }
const lists = LISTS.filter(({ name }) => name !== 'classify')

interface Played extends Harness {
  /** What the API has of the list. */
  readonly items: World
  readonly reader: Source
  cycle(): Promise<void>
}

async function play({ name }: List, jobs: number): Promise<Played> {
  const simulates = SIMULATED[name]
  if (!simulates) throw new Error(`${name} is not simulated`)
  let now = () => 0
  const items = new World({ now: () => now(), simulates })
  const harness = await createHarness({ simulator: { others: [items] } })
  now = harness.now
  const from = now() - 2 * DAY
  generate(items, { seed: name, jobs, from, to: now() + HOUR, arrival: 'bursty' })
  const reader = harness.worker({}, { list: name, name: `default/${name}` })
  const cycle = async () => {
    await syncOnce(reader, { signal: new AbortController().signal, maxRuntimeMs: null })
  }
  return { ...harness, items, reader, cycle }
}

const differences = async (source: Source) =>
  (await verify(source, new AbortController().signal, () => {})).differences

/** What a column should hold of an item, without a look at the decoder. */
function expectedRow(item: JsonObject, fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
      const value = item[name] ?? null
      if (typeof field === 'symbol') return []
      if (!(field instanceof Field))
        return Object.entries(expectedRow(isJsonObject(value) ? value : {}, field))
      if (field.type === 'shared') return [] // compared by `verify`
      if (field.type === 'moment')
        return [[field.column, value === null ? null : parseInstant(String(value))]]
      return [[field.column, value]]
    }),
  )
}

async function storedRows({ database }: Harness, list: List): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await database.pool.query<{ id: string; row: Record<string, unknown> }>(
    `select id, to_jsonb(job) as row from llamacloud.${list.jobs.table} as job where deleted_at is null`,
  )
  const moments = fieldsIn(list.fields).filter(({ type }) => type === 'moment')
  for (const { row } of rows) {
    for (const { column } of moments)
      row[column] = row[column] === null ? null : parseInstant(String(row[column]))
  }
  return new Map(rows.map(({ id, row }) => [id, row]))
}

test.each(sampled('lists through their lives', lists, 1))(
  '$name, I1, I8: through their whole lives its jobs are stored as the API shows them, and verify agrees',
  async (list) => {
    const played = await play(list, 400)
    for (let cycles = 0; cycles < 20; cycles += 1) {
      await played.cycle()
      played.advance(5 * MINUTE)
    }
    await played.cycle()
    const stored = await storedRows(played, list)
    const shown = [...played.items.all()].map((item) => parseJson(JSON.stringify(item)) as JsonObject)
    expect(shown.length).toBeGreaterThan(300)
    expect([...stored.keys()].sort()).toEqual(shown.map(({ id }) => String(id)).sort())
    for (const item of shown) {
      expect(stored.get(String(item.id))).toMatchObject({
        ...expectedRow(item, list.fields),
        extra: null,
        source: `default/${list.name}`,
      })
    }
    expect(await differences(played.reader)).toBe(0)
    const { rows } = await played.database.pool.query(
      `select count(*) filter (where from_status is distinct from to_status) > 10 as "hasChanges"
      from llamacloud.${list.changes.table}`,
    )
    expect(rows).toEqual([{ hasChanges: true }])
  },
)

test.each(sampled('lists that lose a job', lists, 1))(
  '$name, I13: a job that vanishes is marked, and comes back',
  async (list) => {
    const played = await play(list, 60)
    await played.cycle()
    const [victim] = [...played.items.all()] as [JsonObject]
    const id = String(victim.id)
    played.items.remove(id)
    for (let hours = 0; hours < 30; hours += 1) {
      played.advance(HOUR)
      await played.cycle()
    }
    expect((await storedRows(played, list)).has(id)).toBe(false)
    expect(await differences(played.reader)).toBe(0)
    played.items.restore(id)
    for (let hours = 0; hours < 30; hours += 1) {
      played.advance(HOUR)
      await played.cycle()
    }
    expect((await storedRows(played, list)).has(id)).toBe(true)
  },
)

test('I11: batches take no ids: one of which nobody knows when it was created is not looked for in the whole list', async () => {
  const played = await play(listNamed('batches', LISTS), 300)
  await played.cycle()
  await played.database.pool.query(
    'delete from llamacloud.batches where id in (select job_id from llamacloud_sync.rechecks)',
  )
  played.advance(MINUTE)
  played.api.requests.reset()
  await played.cycle()
  const asked = played.api.requests.entries
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter(({ query }) => !query.has('created_at_on_or_after'))).toEqual([])
})

test.each(sampled('lists beside classify', lists, 1))(
  '$name, I12: beside classify, neither reads nor writes what is of the other',
  async (list) => {
    const played = await play(list, 60)
    generate(played.world, { seed: 'classify', jobs: 60, from: played.now() - DAY, to: played.now() })
    await played.sync()
    await played.cycle()
    for (const source of [played.source, played.reader]) expect(await differences(source)).toBe(0)
    const { rows } = await played.database.pool.query(
      `select name, list, (select count(*)::int from llamacloud_sync.spans where source = name) > 0 as "hasTimeline"
    from llamacloud_sync.sources order by name`,
    )
    expect(rows).toEqual([
      { name: 'default', list: 'classify', hasTimeline: true },
      { name: `default/${list.name}`, list: list.name, hasTimeline: true },
    ])
  },
)

test('extract results, should they come, are stored nowhere, and configurations once', async () => {
  const list = LISTS.find(({ name }) => name === 'extract')!
  const played = await play(list, 80)
  const createdAt = played.now() - HOUR
  const secret = 'Jane Doe'
  const result = {
    extract_result: { patient: secret },
    extract_metadata: { field_metadata: { row_metadata: [secret] } },
  }
  played.items.put({ id: 'whole', createdAt, fields: { status: 'COMPLETED', ...result } })
  played.items.put({ id: 'rejected', createdAt, payload: { ...result, id: null } })
  await played.cycle()
  const { rows } = await played.database.pool.query<{ text: string; count: number }>(
    `select (select string_agg(to_jsonb(job)::text, ' ') from llamacloud.extract_jobs as job)
      || (select string_agg(payload, ' ') from llamacloud_sync.rejects) as text,
      (select count(*) from llamacloud.extract_configurations) as count`,
  )
  expect(rows[0]!.text).toContain('whole')
  expect(rows[0]!.text).not.toContain(secret)
  expect(rows[0]!.count).toBeLessThan(14)
  expect(await differences(played.reader)).toBe(0)
})

test('A9: PostgreSQL and the worker agree on which statuses are ends, in the letters of any language', async () => {
  const database = await createMigratedDatabase()
  const ends = ['COMPLETED', 'FAILED', 'CANCELLED']
  const statuses = ['FAILED', 'failed', 'Failed', 'completed', 'cancelled', 'fail', 'RUNNING', 'FAİLED', '']
  const { rows } = await database.pool.query<{ status: string; ended: boolean }>(
    // Where i in capitals is İ.
    `select status, ${isEndSql('status collate "tr-x-icu"', '$1')} as ended from unnest($2::text[]) as status`,
    [ends, statuses],
  )
  await database.drop()
  expect(rows).toEqual(statuses.map((status) => ({ status, ended: isEnd({ ends }, status) })))
})
