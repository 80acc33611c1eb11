import type { Pool } from 'pg'
import { transaction } from '../src/store/pool.ts'

const TYPES = `array['invoice', 'receipt', 'purchase_order', 'bank_statement', 'contract', 'delivery_note', 'payslip',
  'tax_form', 'insurance_claim', 'resume', 'identity_document', 'medical_report', 'meeting_minutes', 'never_seen']`

const CONFIGURATIONS = `
insert into llamacloud.classify_configurations (hash, mode, lang, rule_count, document, first_seen_at)
select encode(sha256(number::text::bytea), 'hex'), 'FAST', 'en', 14, '{}', now() from generate_series(1, 24) as number
`

const RULES = `
insert into llamacloud.classify_rules (configuration_hash, position, type, description)
select hash, position, (${TYPES})[position + 1], repeat('What a document must be. ', 8)
from llamacloud.classify_configurations, generate_series(0, 13) as position
`

/**
 * A year of jobs in the order of their creation. Shares, lengths and the kinds of error are those of the simulated API:
 * 7 % unmatched, 2 % failed, 1 % cancelled, a reasoning of some 350 characters, ids in the errors.
 */
const JOBS = `
with drawn as materialized (
  select
    number,
    now() - interval '365 days' + interval '365 days' * (number / $1::float8) as created_at,
    random() as fate, random() as matching, random() as typed, random() as sure, random() as how_long, random() as whose,
    md5(number::text)::uuid as id, md5((-number)::text)::uuid as file
  from generate_series($2::int, $3::int) as number
),
judged as (
  select *, case when fate < 0.02 then 'FAILED' when fate < 0.03 then 'CANCELLED' when fate < 0.0305 then 'RUNNING'
    else 'COMPLETED' end as status
  from drawn
)
insert into llamacloud.classify_jobs
  (id, source, project_id, user_id, status, document_input_type, file_input, configuration_hash, error_message, result_type,
   result_confidence, result_reasoning, created_at, updated_at, first_seen_at, synced_at)
select
  'clf-' || id, 'default', '11111111-1111-4111-8111-111111111111', md5(floor(whose * 8)::text)::uuid, status, 'file_id',
  'dfl-' || file,
  encode(sha256((1 + floor(24 * whose ^ 2))::int::text::bytea), 'hex'),
  case when status = 'FAILED' then (array[
    'Failed to download file dfl-' || file || ': HTTP 404',
    'Parsing timed out after 300 seconds (job pjb-' || file || ')',
    'Document has ' || 500 + number % 4000 || ' pages, which exceeds the limit of 500 pages',
    'PDF is encrypted and no password was given',
    'Rate limit of the model exceeded, retry after 12 s (request req_' || left(md5(number::text), 8) || ')'
  ])[1 + floor(5 * typed ^ 2)::int] end,
  case when status = 'COMPLETED' and matching > 0.07 then (${TYPES})[1 + floor(13 * typed ^ 2)::int] end,
  case when status = 'COMPLETED'
    then round((case when matching > 0.07 then 1 - least(0.6, -0.06 * ln(sure + 1e-9)) else 0.05 + 0.5 * sure end)::numeric, 4) end,
  case when status = 'COMPLETED' then repeat(md5(number::text) || ' ', 11) end,
  created_at,
  created_at + interval '30 seconds' * exp(2 * (how_long + sure + typed - 1.5)),
  now(), now()
from judged
`

/** What a statement draws: its rows are held until they are written. */
const AT_ONCE = 1_000_000

const MARKS = `
insert into llamacloud_sync.classify_dirty_days (day)
select distinct (created_at at time zone 'UTC')::date from llamacloud.classify_jobs
`

/** Marks all days, as the triggers do that `fillWithJobs` passes by. */
export async function markDays(pool: Pool): Promise<void> {
  await pool.query(MARKS)
}

/**
 * Fills migrated, empty tables of any version with so many jobs, and lets PostgreSQL tidy up as it does by itself in time.
 *
 * @param pool waits for minutes if it has to
 */
export async function fillWithJobs(pool: Pool, jobs: number): Promise<void> {
  await transaction(
    pool,
    async (client) => {
      await client.query('select setseed(0.42)')
      await client.query(CONFIGURATIONS)
      await client.query(RULES)
      // Without the triggers, which would hold all rows of a statement, and look-ups for foreign keys that hold anyway.
      await client.query('set local session_replication_role = replica')
      for (let first = 1; first <= jobs; first += AT_ONCE)
        await client.query(JOBS, [jobs, first, Math.min(jobs, first + AT_ONCE - 1)])
      await client.query(
        `insert into llamacloud_sync.sources (name, base_url, covered_from, watermark)
        values ('default', 'https://api.example.com', now() - interval '365 days', now())`,
      )
    },
    { statementTimeout: 0 },
  )
  await pool.query('vacuum (analyze) llamacloud.classify_jobs')
}
