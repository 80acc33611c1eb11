/** Figure g: the bytes a job takes, against a table that keeps every payload as jsonb as the API gave it. */
import { numberFrom } from './support/database.ts'
import { atMost, type BenchOptions, type Figure } from './support/figure.ts'
import { fetchPages } from './support/pages.ts'
import type { Stage } from './support/stage.ts'
import { throughputJobs } from './throughput.ts'

const OURS = [
  'llamacloud.classify_jobs',
  'llamacloud.classify_configurations',
  'llamacloud.classify_rules',
  'llamacloud.classify_job_changes',
  'llamacloud_sync.rechecks',
]

export async function storage({ quick, stages }: BenchOptions): Promise<Figure> {
  const stage = await stages.of(throughputJobs(quick))
  const { pool } = stage.database
  const { jobs } = stage
  const payloadBytes = await storePayloads(stage)
  const sizeOf = (relation: string) => numberFrom(pool, `select pg_total_relation_size('${relation}')`)
  const sizes = new Map<string, number>()
  for (const relation of OURS) sizes.set(relation, await sizeOf(relation))
  const ours = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const theirs = await sizeOf('payloads.jobs')
  const heap = await numberFrom(pool, `select pg_table_size('llamacloud.classify_jobs')`)
  await pool.query('drop schema payloads cascade')
  return {
    rows: [
      atMost(0.4, {
        letter: 'g',
        figure: `storage of ${jobs} jobs, against payloads as jsonb`,
        value: ours / jobs,
        floor: theirs / jobs,
        unit: 'bytes a job',
      }),
    ],
    notes: [
      `a payload is ${(payloadBytes / jobs).toFixed(0)} bytes of JSON text; classify_jobs takes ${(heap / jobs).toFixed(0)} ` +
        `bytes a job for rows and ${(((sizes.get(OURS[0] ?? '') ?? 0) - heap) / jobs).toFixed(0)} for indexes`,
    ],
  }
}

/** Keeps all payloads as the API gives them now; returns their length as text. */
async function storePayloads({ database, api, span, jobs }: Stage): Promise<number> {
  const { pool } = database
  await pool.query(`
    drop schema if exists payloads cascade;
    create schema payloads;
    create table payloads.jobs (id text primary key, created_at timestamptz, payload jsonb not null);
    create index on payloads.jobs (created_at)`)
  let bytes = 0
  await fetchPages(api.url, span, async (body) => {
    bytes += body.length
    await pool.query(
      `insert into payloads.jobs
      select item ->> 'id', (item ->> 'created_at')::timestamptz, item
      from jsonb_array_elements($1::jsonb -> 'items') as item`,
      [body],
    )
  })
  const stored = await numberFrom(pool, 'select count(*) from payloads.jobs')
  if (stored !== jobs) throw new Error(`${stored} payloads of ${jobs} were stored`)
  return bytes
}
