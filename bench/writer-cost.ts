/**
 * What it costs a writer that the days of its jobs are marked and that readers have their indexes, or that the table has 8
 * partitions: batches of 1,000 jobs into two databases in turn, one of them without.
 * `DATABASE_URL=… npm exec -- node bench/writer-cost.ts [BATCHES] [partitions]`: two databases are made there.
 */
import { readFileSync } from 'node:fs'
import { PageSize } from '../src/api/page-size.ts'
import { systemClock } from '../src/clock.ts'
import { classify } from '../src/lists/classify/list.ts'
import { createJobList } from '../src/lists/job-list.ts'
import { migrate } from '../src/store/migrate.ts'
import { openPool, transaction } from '../src/store/pool.ts'
import { formatInstant, MINUTE, parseInstant, SECOND } from '../src/values/instant.ts'
import { createDatabase, dropDatabase, urlOf } from '../test/support/databases.ts'
import { NOTHING } from '../test/support/decode-item.ts'

const ROWS = 1_000
const START = parseInstant('2026-01-01T00:00:00Z') ?? 0
const UNMARKED = `
drop trigger mark_inserted on llamacloud.classify_jobs;
drop trigger mark_updated on llamacloud.classify_jobs;
drop index llamacloud.classify_jobs_synced_at;
drop index llamacloud.classify_jobs_to_review;
drop index llamacloud.classify_job_changes_observed_at`
const PARTITIONS = readFileSync(new URL('../docs/partitions.sql', import.meta.url), 'utf8')

const batches = Number(process.argv[2] ?? 100)
const server = process.env.DATABASE_URL ?? ''
const list = createJobList(classify, {
  api: {
    pageSize: new PageSize(),
    readPage: () => Promise.reject(new Error('nothing is read')),
    reserve: () => undefined,
  },
  pageSize: 100,
  projectId: null,
  organizationId: null,
  configurationId: null,
  stripUrlQuery: false,
  onDelete: 'keep',
  omitted: new Set(),
  credits: false,
})

const at = (seconds: number) => formatInstant(START + Math.round(seconds * SECOND))

/** First as they are created, then as they end. */
function jobs(batch: number, isDone: boolean) {
  return Array.from({ length: ROWS }, (_, index) => {
    const number = batch * ROWS + index
    const done = isDone && {
      status: 'COMPLETED',
      resultType: `type ${number % 13}`,
      resultConfidence: 0.9,
      resultReasoning: 'It says so. '.repeat(30),
    }
    const job = {
      ...NOTHING,
      id: `clf-${number}`,
      projectId: 'p',
      status: 'PENDING',
      createdAt: at(number * 3),
      updatedAt: at(number * 3 + Number(isDone)),
      ...done,
    }
    return { job, observedAt: at(number * 3 + 10 + Number(isDone)) }
  })
}

async function prepared(more: string) {
  const name = await createDatabase(server, 'writer_cost', 'template0')
  const pool = openPool(urlOf(server, name), { max: 2, applicationName: 'bench' })
  await migrate(pool)
  if (more !== '') await pool.query(more)
  return { name, pool, ms: [] as number[] }
}

const ofPartitions = process.argv[3] === 'partitions'
const both = [await prepared(ofPartitions ? '' : UNMARKED), await prepared(ofPartitions ? PARTITIONS : '')]
for (let batch = 0; batch < batches; batch += 1) {
  for (const isDone of [false, true]) {
    const order = batch % 2 === 0 ? both : both.toReversed()
    const written = jobs(batch, isDone)
    for (const { pool, ms } of order) {
      const start = systemClock.monotonic()
      await transaction(pool, (client) => list.write(client, 's', written, { overlap: 5 * MINUTE }))
      ms.push(systemClock.monotonic() - start)
    }
  }
}
const median = (ms: number[]) => ms.toSorted((a, b) => a - b)[Math.floor(ms.length / 2)] ?? 0
const [without, with_] = both.map(({ ms }) => median(ms))
process.stdout.write(
  `${ROWS} jobs: ${without?.toFixed(1)} ms without, ${with_?.toFixed(1)} ms with, ${((with_ ?? 0) / (without ?? 1)).toFixed(3)} times.\n`,
)
for (const { name, pool } of both) {
  await pool.end()
  await dropDatabase(server, name)
}
