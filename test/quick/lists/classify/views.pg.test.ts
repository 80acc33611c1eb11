import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { setReviewBelow } from '../../../../src/store/review-below.ts'
import type { TestDatabase } from '../../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../../support/migrated-database.ts'

/** In sessions whose time zone is far from UTC. */
let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
afterAll(() => database?.drop())
beforeEach(async () => {
  await database.pool.query(
    `delete from llamacloud_sync.settings;
    truncate llamacloud.classify_jobs, llamacloud.classify_job_changes, llamacloud.classify_rules,
      llamacloud.classify_configurations, llamacloud_sync.sources cascade`,
  )
})

const VIEWS = [
  'classify_job_details',
  'classify_daily',
  'classify_type_stats',
  'classify_rule_stats',
  'classify_failures',
  'classify_review_queue',
  'sync_freshness',
  'classify_statistics',
  'classify_histograms',
  'classify_daily_failures',
  'classify_sla',
  'classify_weekly',
  'classify_rule_changes',
  'classify_job_history',
]

const COUNTING = ['classify_daily', 'classify_type_stats', 'classify_rule_stats', 'classify_failures']

type Row = Record<string, unknown>

async function rowsOf(sql: string): Promise<Row[]> {
  const { rows } = await database.pool.query<Row>(sql)
  return rows
}

let number = 0
/** Stores a job with these columns, given as SQL values. Its id is `j1`, `j2`, … unless given. */
async function job(columns: Readonly<Record<string, string>>): Promise<void> {
  number += 1
  const all = {
    id: `'j${number}'`,
    source: `'s'`,
    first_seen_at: 'now()',
    synced_at: 'now()',
    created_at: `'2026-03-02T08:00:00Z'`,
    updated_at: `'2026-03-02T08:01:40Z'`,
    ...columns,
  }
  await database.pool.query(
    `insert into llamacloud.classify_jobs (${Object.keys(all).join(', ')}) values (${Object.values(all).join(', ')})`,
  )
}

const completed = { status: `'COMPLETED'` }
const matched = { ...completed, result_type: `'invoice'`, result_confidence: '0.9' }

test.each(VIEWS)('%s answers with no row where there is nothing', async (view) => {
  expect(await rowsOf(`select * from llamacloud.${view}`)).toEqual([])
})

describe('classify_job_details', () => {
  test.each([
    ['matched', matched],
    ['matched', { ...completed, result_type: `'invoice'` }],
    ['unmatched', { ...completed, result_confidence: '0.3', result_reasoning: `'nothing fits'` }],
    ['unmatched', completed],
    ['failed', { status: `'FAILED'`, error_message: `'no'` }],
    ['cancelled', { status: `'CANCELLED'` }],
    ['matched', { status: `'completed'`, result_type: `'invoice'` }],
    ['unmatched', { status: `'Completed'` }],
    ['failed', { status: `'failed'` }],
    ['cancelled', { status: `'cancelled'` }],
    ['open', { status: `'PENDING'` }],
    ['open', { status: `'RUNNING'`, result_type: `'invoice'` }],
    ['open', { status: `'THROTTLED'` }],
    ['open', {}],
  ])('A9: the outcome is %s of %j', async (outcome, columns) => {
    await job(columns)
    expect(await rowsOf('select outcome from llamacloud.classify_job_details')).toEqual([{ outcome }])
  })

  test('I13: the outcome of a job that is gone is what it was, and is_deleted tells', async () => {
    await job({ id: `'1'`, ...matched })
    await job({ id: `'2'`, ...matched, deleted_at: 'now()' })
    await job({ id: `'3'`, status: `'RUNNING'`, deleted_at: 'now()' })
    expect(
      await rowsOf('select id, outcome, is_deleted from llamacloud.classify_job_details order by id'),
    ).toEqual([
      { id: '1', outcome: 'matched', is_deleted: false },
      { id: '2', outcome: 'matched', is_deleted: true },
      { id: '3', outcome: 'open', is_deleted: true },
    ])
  })

  test('the duration is that of finished jobs', async () => {
    await job({ id: `'done'`, ...matched })
    await job({ id: `'failed'`, status: `'FAILED'`, updated_at: `'2026-03-02T08:00:00.000001Z'` })
    await job({ id: `'open'`, status: `'RUNNING'` })
    await job({ id: `'timeless'`, ...matched, created_at: 'null' })
    expect(
      await rowsOf('select id, duration_seconds as s from llamacloud.classify_job_details order by id'),
    ).toEqual([
      { id: 'done', s: 100 },
      { id: 'failed', s: 0.000001 },
      { id: 'open', s: null },
      { id: 'timeless', s: null },
    ])
  })

  test('A11: days are those of UTC, of any year', async () => {
    await job({ id: `'1'`, created_at: `'2026-03-01T23:59:59.999999Z'` })
    await job({ id: `'2'`, created_at: `'2026-03-02T00:00:00Z'` })
    await job({ id: `'3'`, created_at: `'9999-12-31T23:59:59Z'`, ...matched })
    await job({ id: `'4'`, created_at: 'null' })
    const days = await rowsOf(
      `select to_char(created_day, 'YYYY-MM-DD') as day from llamacloud.classify_job_details order by id`,
    )
    expect(days).toEqual([{ day: '2026-03-01' }, { day: '2026-03-02' }, { day: '9999-12-31' }, { day: null }])
  })

  test('a job whose configuration is not known is there, and many changes of a job are one row', async () => {
    await database.pool.query(
      `insert into llamacloud.classify_configurations (hash, mode, document, first_seen_at) values ('h', 'FAST', '{}', now())`,
    )
    await job({ id: `'with'`, configuration_hash: `'h'` })
    await job({ id: `'without'` })
    await database.pool.query(
      `insert into llamacloud.classify_job_changes (job_id, observed_at) select 'with', now() from generate_series(1, 9)`,
    )
    expect(
      await rowsOf('select id, configuration_mode as mode from llamacloud.classify_job_details order by id'),
    ).toEqual([
      { id: 'with', mode: 'FAST' },
      { id: 'without', mode: null },
    ])
  })
})

describe('classify_daily', () => {
  test('counts by UTC day, project, outcome and type', async () => {
    for (const confidence of ['0.8', '1.0']) {
      await job({ ...matched, result_confidence: confidence, project_id: `'p'` })
    }
    await job({ ...completed, project_id: `'p'`, created_at: 'null' })
    await job({ status: `'RUNNING'`, created_at: `'2026-03-01T23:59:59Z'` })
    const rows = await rowsOf(
      `select to_char(day, 'YYYY-MM-DD') as day, project_id, outcome, result_type, jobs, confidence_mean, confidence_p10,
        confidence_p50, duration_mean_seconds as mean, duration_p50_seconds as p50, duration_p95_seconds as p95
      from llamacloud.classify_daily order by day, outcome`,
    )
    const nothing = { mean: null, p50: null, p95: null }
    const unsure = { confidence_mean: null, confidence_p10: null, confidence_p50: null }
    expect(rows).toEqual([
      {
        ...{ day: '2026-03-01', project_id: null, outcome: 'open', result_type: null, jobs: 1 },
        ...unsure,
        ...nothing,
      },
      {
        ...{ day: '2026-03-02', project_id: 'p', outcome: 'matched', result_type: 'invoice', jobs: 2 },
        ...{ confidence_mean: 0.9, confidence_p50: 0.9 },
        confidence_p10: expect.closeTo(0.82, 12),
        ...{ mean: 100, p50: 100, p95: 100 },
      },
      {
        ...{ day: null, project_id: 'p', outcome: 'unmatched', result_type: null, jobs: 1 },
        ...unsure,
        ...nothing,
      },
    ])
  })

  test('some days of many are found by the index', async () => {
    await database.pool.query(`
      insert into llamacloud.classify_jobs (id, source, created_at, first_seen_at, synced_at)
      select 'd' || n, 's', timestamptz '2020-01-01Z' + n * interval '1 hour', now(), now() from generate_series(1, 20000) n;
      analyze llamacloud.classify_jobs`)
    const plan = await rowsOf(`explain select * from llamacloud.classify_daily where day >= '2022-04-01'`)
    expect(JSON.stringify(plan)).toContain('classify_jobs_created_day')
  })
})

test('classify_type_stats: completed jobs by type, a null type for none, shares of all completed ones', async () => {
  for (const confidence of ['0.5', '0.7', '0.9']) await job({ ...matched, result_confidence: confidence })
  await job({ ...completed })
  await job({ status: `'RUNNING'`, result_type: `'early'` })
  const rows = await rowsOf(
    `select result_type, jobs, share, low_confidence_jobs as low, confidence_p50 as p50, confidence_p90 as p90
    from llamacloud.classify_type_stats order by result_type`,
  )
  expect(rows).toEqual([
    // Within 5 %: from buckets, so that those of many days can be added up.
    {
      result_type: 'invoice',
      jobs: 3,
      share: 0.75,
      low: 1,
      p50: expect.closeTo(0.72, 1),
      p90: expect.closeTo(0.9, 1),
    },
    { result_type: null, jobs: 1, share: 0.25, low: 0, p50: null, p90: null },
  ])
})

test('classify_rule_stats: every rule, also of configurations that no job ran with', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_configurations (hash, document, first_seen_at)
    values ('used', '{}', now()), ('unused', '{}', now());
    insert into llamacloud.classify_rules (configuration_hash, position, type, description)
    values ('used', 0, 'invoice', 'first'), ('used', 1, 'invoice', 'twin'), ('used', 2, 'never', ''), ('used', 3, null, null),
      ('unused', 0, 'invoice', '')`)
  await job({ ...matched, configuration_hash: `'used'` })
  await job({ ...completed, configuration_hash: `'used'` })
  await job({ ...matched })
  const rows = await rowsOf(
    `select configuration_hash as hash, position, type, completed_jobs as ran, matched_jobs as hits, matched_share as share
    from llamacloud.classify_rule_stats order by hash, position`,
  )
  expect(rows).toEqual([
    { hash: 'unused', position: 0, type: 'invoice', ran: 0, hits: 0, share: null },
    { hash: 'used', position: 0, type: 'invoice', ran: 2, hits: 1, share: 0.5 },
    { hash: 'used', position: 1, type: 'invoice', ran: 2, hits: 1, share: 0.5 },
    { hash: 'used', position: 2, type: 'never', ran: 2, hits: 0, share: 0 },
    { hash: 'used', position: 3, type: null, ran: 2, hits: 0, share: 0 },
  ])
})

describe('classify_failures', () => {
  test.each([
    [
      'Failed to download file dfl-11111111-aaaa-4111-8111-111111111111: HTTP 404',
      'Failed to download file #: HTTP #',
    ],
    ['retry after 12.5 s (request req_cbfefaba)', 'retry after # s (request #)'],
    ['reference 0xDEADBEEF, job_aB3xY.', 'reference #, #.'],
    ['digest deadbeefcafe', 'digest #'],
    ['no numbers: a feed, a facade', 'no numbers: a feed, a facade'],
    ['é 1,000.50 €', 'é # €'],
    ['', ''],
  ])('masks %j as %j', async (message, error) => {
    await job({ status: `'FAILED'`, error_message: `'${message}'` })
    expect(await rowsOf('select error from llamacloud.classify_failures')).toEqual([{ error }])
  })

  test('A10: groups messages that differ in ids only, bears none and a megabyte', async () => {
    await job({ id: `'a'`, status: `'FAILED'`, error_message: `'page 1'` })
    await job({ id: `'b'`, status: `'FAILED'`, error_message: `'page 22'`, created_at: 'null' })
    await job({ id: `'c'`, status: `'FAILED'` })
    await job({ id: `'d'`, status: `'FAILED'`, error_message: `repeat('x-', 500000)` })
    await job({ id: `'f'`, ...completed, error_message: `'page 3'` })
    const rows = await rowsOf(
      `select left(error, 8) as error, length(error) as length, jobs, example_job_id as example
      from llamacloud.classify_failures order by error`,
    )
    expect(rows).toEqual([
      { error: 'page #', length: 6, jobs: 2, example: 'b' },
      { error: 'x-x-x-x-', length: 500, jobs: 1, example: 'd' },
      { error: null, length: null, jobs: 1, example: 'c' },
    ])
  })
})

test('I13: the past counts the same when its jobs are gone; only the review queue leaves them out', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_configurations (hash, document, first_seen_at) values ('h', '{}', now());
    insert into llamacloud.classify_rules (configuration_hash, position, type) values ('h', 0, 'invoice'), ('h', 1, 'letter')`)
  for (const created_at of [`'2026-03-01Z'`, `'2026-03-02Z'`, 'null']) {
    const common = { created_at, project_id: `'p'`, configuration_hash: `'h'` }
    await job({ ...common, ...matched, result_confidence: '0.5' })
    await job({ ...common, ...completed })
    await job({ ...common, status: `'FAILED'`, error_message: `'page 1'` })
    await job({ ...common, status: `'CANCELLED'` })
    await job({ ...common, status: `'RUNNING'` })
  }
  const counts = async () =>
    Promise.all(COUNTING.map((view) => rowsOf(`select * from llamacloud.${view} as v order by v::text`)))
  const before = await counts()
  expect(before.map((rows) => rows.length)).toEqual([15, 2, 2, 1])
  expect(await rowsOf('select from llamacloud.classify_review_queue')).toHaveLength(6)
  await database.pool.query('update llamacloud.classify_jobs set deleted_at = now()')
  expect(await counts()).toEqual(before)
  expect(await rowsOf('select from llamacloud.classify_review_queue')).toEqual([])
})

test('classify_review_queue: unmatched or below the threshold, which is 0.7 at first, newest first, those without a time last', async () => {
  await job({ id: `'timeless'`, ...completed, created_at: 'null' })
  await job({ id: `'old'`, ...completed, created_at: `'2026-01-01Z'` })
  await job({ id: `'unsure'`, ...matched, result_confidence: '0.6999' })
  await job({ id: `'sure'`, ...matched, result_confidence: '0.7' })
  await job({ id: `'unknown confidence'`, ...completed, result_type: `'invoice'` })
  await job({ id: `'failed'`, status: `'FAILED'` })
  await job({ id: `'deleted'`, ...completed, deleted_at: 'now()' })
  expect(await rowsOf('select id, reason from llamacloud.classify_review_queue')).toEqual([
    { id: 'unsure', reason: 'low confidence' },
    { id: 'old', reason: 'unmatched' },
    { id: 'timeless', reason: 'unmatched' },
  ])
})

test.each([0.25, 0.7, 1])('a review threshold of %d: the queue and the counts go by it', async (below) => {
  await setReviewBelow(database.pool, below)
  for (const confidence of ['0', '0.2499999', '0.25', '0.6999999', '0.7', '0.9999999', '1'])
    await job({ ...matched, result_confidence: confidence })
  await job({ ...completed, result_confidence: '1' })
  const low = { 0.25: 2, 0.7: 4, 1: 6 }[below]!
  expect(
    await rowsOf(
      'select reason, count(*)::int as jobs from llamacloud.classify_review_queue group by 1 order by 1',
    ),
  ).toEqual([
    { reason: 'low confidence', jobs: low },
    { reason: 'unmatched', jobs: 1 },
  ])
  for (const counted of ['classify_statistics', 'classify_type_stats', 'classify_type_stats_between()'])
    expect(await rowsOf(`select sum(low_confidence_jobs)::int as low from llamacloud.${counted}`)).toEqual([
      { low },
    ])
})

test.each([0, 1.5, 'NaN'])('a review threshold of %s is refused by the table', async (below) => {
  const set = database.pool.query('insert into llamacloud_sync.settings (review_below) values ($1)', [below])
  await expect(set).rejects.toMatchObject({ constraint: 'settings_review_below' })
})

test('I14: the review queue is read from its index, newest first, at any threshold', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_jobs
      (id, source, status, result_type, result_confidence, created_at, first_seen_at, synced_at)
    select n, 's', 'COMPLETED', case when n % 100 > 0 then 'invoice' end, 0.001 * (n * 7919 % 1000),
      timestamptz '2026-01-01Z' + n * interval '1 minute', now(), now()
    from generate_series(1, 30000) as n`)
  await database.pool.query('analyze llamacloud.classify_jobs')
  for (const below of [0.01, 0.7, 1]) {
    await setReviewBelow(database.pool, below)
    for (const asked of ['limit 100', `where created_at >= '2026-01-20Z' limit 100`]) {
      const [{ 'QUERY PLAN': plan }] = (await rowsOf(
        `explain (analyze, timing off, buffers off, costs off, format json) select * from llamacloud.classify_review_queue ${asked}`,
      )) as [{ 'QUERY PLAN': object }]
      const text = JSON.stringify(plan)
      expect(text).toContain('classify_jobs_to_review')
      expect(text).not.toMatch(/"Node Type":"(?:Sort|Seq Scan on classify_jobs|Bitmap Heap Scan)"/)
      // What the threshold leaves out is left out in the index: no row is fetched for nothing.
      expect(text).not.toMatch(/Rows Removed by Filter":[1-9]/)
    }
  }
})

test('sync_freshness: lag, open, held and quarantined jobs, rejects and darkness of each source', async () => {
  await database.pool.query(`
    insert into llamacloud_sync.sources (name, base_url, covered_from, watermark, head_read_at, dark_since)
    values ('a', 'u', now() - interval '9 days', now(), now() - interval '90 seconds', null),
      ('ahead', 'u', null, now() + interval '1 day', now() + interval '1 second', now()), ('new', 'u', null, null, null, null);
    insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, seen_at, missed_at, gone_at, reason)
    values ('a', 'open', now(), now(), now(), null, null, null), ('a', 'missing', now(), now(), null, now(), null, null),
      ('a', 'open, missing', now(), now(), now(), now(), null, null), ('a', 'gone', now(), now(), now(), now(), now(), null),
      ('a', 'aside', now(), now(), now(), null, null, 'HTTP 500');
    insert into llamacloud_sync.spans (source, lower, upper, fresh_at, read_at, due_at, reason)
    values ('a', '2026-01-01Z', '2026-02-01Z', now(), '2026-03-01Z', now(), 'HTTP 500'),
      ('a', '2026-02-01Z', '2026-03-01Z', now(), '2026-03-02Z', now(), null), ('ahead', '2026-02-01Z', '2026-03-01Z', now(), null, now(), null);
    insert into llamacloud_sync.rejects (source, reason, payload, fingerprint, first_seen_at, last_seen_at)
    values ('a', 'r', 'p', 'f', now(), now())`)
  const rows = await rowsOf(
    `select source, lag_seconds as lag, open_jobs, held_jobs, quarantined, rejects, dark_since is not null as dark,
      last_reconcile_at = '2026-03-01Z' as reconciled
    from llamacloud.sync_freshness order by source`,
  )
  const nothing = { open_jobs: 0, held_jobs: 0, quarantined: 0, rejects: 0, dark: false, reconciled: null }
  expect(rows).toEqual([
    {
      source: 'a',
      lag: expect.closeTo(90, -2),
      open_jobs: 3,
      held_jobs: 2,
      quarantined: 2,
      rejects: 1,
      dark: false,
      reconciled: true,
    },
    { ...nothing, source: 'ahead', lag: 0, dark: true },
    { ...nothing, source: 'new', lag: null },
  ])
  expect(rows[0]!.lag).toBeGreaterThanOrEqual(90)
})

test('A10: text of any length fits the indexes', async () => {
  const long = `(select string_agg(md5(n::text), '') from generate_series(1, 2000) n)`
  await job({ ...completed, result_reasoning: long, error_message: long, file_input: long })
  await job({ status: long, result_type: long })
  expect(await rowsOf('select count(*) as jobs from llamacloud.classify_job_details')).toEqual([{ jobs: 2 }])
})

test('result_label names what has no type', async () => {
  await job(matched)
  await job(completed)
  await job({ status: `'FAILED'` })
  await job({ status: `'RUNNING'`, result_type: `'early'` })
  const labels = ['failed', 'invoice', 'open', 'unmatched']
  for (const view of ['classify_job_details', 'classify_daily', 'classify_statistics'])
    expect(
      (await rowsOf(`select result_label from llamacloud.${view} order by 1`)).map((row) => row.result_label),
    ).toEqual(labels)
  expect(await rowsOf('select result_label from llamacloud.classify_type_stats order by 1')).toHaveLength(2)
})

test('classify_sla: the share of the finished jobs of a day that ended in time', async () => {
  for (const minutes of [0.5, 2, 2, 10, 45])
    await job({
      ...matched,
      updated_at: `timestamptz '2026-03-02T08:00:00Z' + interval '${minutes} minutes'`,
    })
  await job({ status: `'RUNNING'` })
  expect(
    await rowsOf(
      'select finished_jobs, within_1_minute as m1, within_5_minutes as m5, within_15_minutes as m15, within_1_hour as h from llamacloud.classify_sla',
    ),
  ).toEqual([{ finished_jobs: 5, m1: 0.2, m5: 0.6, m15: 0.8, h: 1 }])
})

test('classify_weekly: each week beside the week before, where there is one', async () => {
  for (const day of ['2026-02-23', '2026-03-01', '2026-03-02', '2026-03-16'])
    await job({ ...matched, created_at: `'${day}Z'` })
  for (const status of ['FAILED', 'CANCELLED', 'CANCELLED', 'RUNNING'])
    await job({ status: `'${status}'`, created_at: `'2026-03-08T23:59Z'` })
  const rows = await rowsOf(
    `select to_char(week, 'YYYY-MM-DD') as week, jobs, jobs_before as before, failed_share as failed, is_whole from llamacloud.classify_weekly order by 1`,
  )
  expect(rows).toEqual([
    { week: '2026-02-23', jobs: 2, before: null, failed: 0, is_whole: true },
    { week: '2026-03-02', jobs: 5, before: 2, failed: 0.25, is_whole: true },
    { week: '2026-03-16', jobs: 1, before: null, failed: 0, is_whole: true },
  ])
})

test('classify_rule_changes: which rules came after which, and what became of the unmatched', async () => {
  await database.pool.query(`
    insert into llamacloud.classify_configurations (hash, document, first_seen_at) values ('a', '{}', now()), ('b', '{}', now());
    insert into llamacloud.classify_rules (configuration_hash, position, type) values ('a', 0, 'invoice'), ('a', 1, 'letter'), ('b', 0, 'invoice'), ('b', 1, 'offer')`)
  const one = { configuration_id: `'c'`, project_id: `'p'` }
  await job({ ...matched, ...one, configuration_hash: `'a'`, created_at: `'2026-03-01Z'` })
  await job({ ...completed, ...one, configuration_hash: `'a'`, created_at: `'2026-03-01Z'` })
  await job({ ...matched, ...one, configuration_hash: `'b'`, created_at: `'2026-03-02Z'` })
  expect(
    await rowsOf(
      'select previous_hash as before, configuration_hash as after, types_added, types_removed, unmatched_share_before as b, unmatched_share_after as a from llamacloud.classify_rule_changes',
    ),
  ).toEqual([{ before: 'a', after: 'b', types_added: ['offer'], types_removed: ['letter'], b: 0.5, a: 0 }])
})

test('classify_job_history: the first state of a job, and each that it came to', async () => {
  await job({ id: `'still'`, status: `'RUNNING'` })
  await job({ id: `'moved'`, ...matched })
  await database.pool.query(`
    insert into llamacloud.classify_job_changes (job_id, observed_at, event, from_status, to_status, to_result_type)
    values ('moved', now() + interval '2 s', 'deleted', 'COMPLETED', 'COMPLETED', 'invoice'), ('moved', now() + interval '1 s', 'changed', 'PENDING', 'COMPLETED', 'invoice')`)
  expect(
    await rowsOf(
      'select job_id, event, status from llamacloud.classify_job_history order by job_id, observed_at',
    ),
  ).toEqual([
    { job_id: 'moved', event: 'first seen', status: 'PENDING' },
    { job_id: 'moved', event: 'changed', status: 'COMPLETED' },
    { job_id: 'moved', event: 'deleted', status: 'COMPLETED' },
    { job_id: 'still', event: 'first seen', status: 'RUNNING' },
  ])
})

test('classify_job_history: a change whose reply was asked for before that of the first state comes after it', async () => {
  await job({ id: `'overtaken'`, ...completed, first_seen_at: `now() + interval '1 s'` })
  await database.pool.query(`
    insert into llamacloud.classify_job_changes (job_id, observed_at, event, from_status, to_status)
    values ('overtaken', now(), 'changed', 'RUNNING', 'COMPLETED')`)
  expect(
    await rowsOf('select event, status from llamacloud.classify_job_history order by observed_at'),
  ).toEqual([
    { event: 'first seen', status: 'RUNNING' },
    { event: 'changed', status: 'COMPLETED' },
  ])
})
