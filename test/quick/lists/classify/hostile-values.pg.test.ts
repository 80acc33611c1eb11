import { expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../../../src/simulator/json.ts'
import { verify } from '../../../../src/sync/verify.ts'
import { DAY, formatInstant, HOUR, MINUTE } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness, type Harness } from '../../../support/harness.ts'
import { unaccountedRuns } from '../../../support/sync-tables.ts'

/** Text that PostgreSQL cannot compress, of a length that no entry of an index may have. */
const LONG = Array.from({ length: 20_000 }, (_, index) => (index * 2_654_435_761).toString(36)).join('')

async function withJobs(payloads: readonly Record<string, JsonValue>[]): Promise<Harness> {
  const harness = await createHarness()
  const { world, now } = harness
  payloads.forEach((payload, index) => {
    const createdAt = now() - DAY - index * MINUTE
    const times = { created_at: formatInstant(createdAt), updated_at: formatInstant(createdAt + HOUR) }
    world.put({
      id: `job-${index}`,
      createdAt,
      payload: { id: `job-${index}`, status: 'COMPLETED', project_id: 'p', ...times, ...payload },
    })
  })
  return harness
}

/** Reads every view of ours, whole. */
async function readViews({ database }: Harness): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select viewname as name from pg_views where schemaname = 'llamacloud' order by 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of rows) {
    const view = await database.pool.query(`select "row"::text from llamacloud.${name} as "row"`)
    counts[name] = view.rows.length
  }
  return counts
}

async function expectAllIsStored(harness: Harness): Promise<void> {
  const { database, world, source, sync } = harness
  expect(await sync()).toMatchObject({ outcome: 'succeeded' })
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  const { differences } = await verify(source, new AbortController().signal, () => {})
  expect(differences).toBe(0)
  expect(await unaccountedRuns(database)).toEqual([])
  const counts = await readViews(harness)
  expect(counts.classify_job_details).toBe([...world.all()].length)
}

test('I9: a confidence that is none is null and kept, and one that hardly is stays; every view answers', async () => {
  const values = [
    1e200,
    -1e200,
    5e-324,
    1.5,
    -0.1,
    1 + Number.EPSILON,
    -5e-324,
    0,
    1,
    -0,
    'high',
    true,
    [0.5],
  ]
  const harness = await withJobs(
    [...values, ...values].map((confidence) => ({ result: { type: 'letter', confidence, reasoning: 'r' } })),
  )
  await expectAllIsStored(harness)
  const { rows } = await harness.database.pool.query(
    `select distinct result_confidence from llamacloud.classify_jobs order by 1`,
  )
  expect(rows.map(({ result_confidence }) => result_confidence)).toEqual([0, 5e-324, 1, null])
})

test('I9: credits beyond all sense are null and kept: no view could add them up', async () => {
  const values = [1e308, -1.1e18, 1e18, 5e-324, 'many', null]
  const harness = await withJobs([...values, ...values].map(() => ({})))
  const { api, database, source, sync } = harness
  const billed = (item: JsonObject) => {
    const credits = values[Number(String(item.id).slice(4)) % values.length]!
    return { ...item, usage: { credits, parse_credits: credits } }
  }
  api.settings.intercept = () => ({
    kind: 'page',
    change: ({ items, ...page }) => ({ ...page, items: (items as JsonObject[]).map(billed) }),
  })
  expect(await sync()).toMatchObject({ outcome: 'succeeded' })
  const { differences } = await verify(source, new AbortController().signal, () => {})
  expect(differences).toBe(0)
  expect((await readViews(harness)).job_costs).toBe(1)
  const { rows } = await database.pool.query(
    `select distinct credits, parse_credits as parse, (extra #>> '{usage,credits}') is not null as kept
    from llamacloud.classify_jobs order by 1, 3`,
  )
  expect(rows).toEqual([
    { credits: 5e-324, parse: 5e-324, kept: false },
    { credits: 1e18, parse: 1e18, kept: false },
    { credits: null, parse: null, kept: false },
    { credits: null, parse: null, kept: true },
  ])
})

test.each([
  'project_id',
  'user_id',
  'status',
  'document_input_type',
  'file_input',
  'configuration_id',
  'error_message',
  'parse_job_id',
  'transaction_id',
  'unknown',
])('I9: a %s of 200 KB costs itself only, and every view answers', async (field) => {
  await expectAllIsStored(await withJobs([{ [field]: LONG }, {}, { [field]: `${LONG}${LONG}` }]))
})

test('I11: a million rules are no rows: the configuration is kept, and the others are stored', async () => {
  const rules = new Array(1_000_000).fill(1)
  const harness = await withJobs([{ configuration: { rules, mode: 'FAST' } }, {}])
  await expectAllIsStored(harness)
  const { rows } = await harness.database.pool.query(
    `select rule_count, jsonb_array_length(document -> 'rules') as kept,
      (select count(*)::int from llamacloud.classify_rules as rule where configuration_hash = hash) as rules
    from llamacloud.classify_configurations where mode = 'FAST'`,
  )
  expect(rows).toEqual([{ rule_count: null, kept: 1_000_000, rules: 0 }])
})

test('I9: so do a type, a mode, a rule and a confidence of 200 KB', async () => {
  const rules = [{ type: LONG, description: LONG }]
  const configuration = { rules, mode: LONG, parsing_configuration: { lang: LONG, target_pages: LONG } }
  await expectAllIsStored(
    await withJobs([
      { configuration, result: { type: LONG, reasoning: LONG, confidence: LONG } },
      { configuration: { rules: [], [LONG]: LONG } },
      {},
    ]),
  )
})
