/** Figure d: the whole list read again by `reconcile`, with nothing changed: no row is to be written, and hardly any WAL. */
import type { Pool } from 'pg'
import { numberFrom, walPosition } from './support/database.ts'
import { atMost, type BenchOptions, type Figure, noMoreThan } from './support/figure.ts'
import { runWorker } from './support/worker.ts'
import { throughputJobs } from './throughput.ts'

const MB = 1_048_576
const letter = 'd'

export async function unchanged({ quick, stages }: BenchOptions): Promise<Figure> {
  const { jobs, database, env, load } = await stages.of(throughputJobs(quick))
  const { pool } = database
  // What autovacuum, which is off here, has done by the time of a reconcile. Otherwise the first to read a page, whoever
  // it is, marks the rows on it as committed, and with checksums that is written to the WAL.
  await pool.query('vacuum (analyze)')
  await pool.query('checkpoint')
  const rows = await tally(pool, 'llamacloud')
  const own = await tally(pool, 'llamacloud_sync')
  const wal = await walPosition(pool)
  const run = await runWorker(['reconcile'], env)
  const walBytes = (await walPosition(pool)) - wal
  const rowsAfter = await tally(pool, 'llamacloud')
  const ownAfter = await tally(pool, 'llamacloud_sync')
  if (run.summary.unchanged !== run.summary.received)
    throw new Error(`something did change: ${JSON.stringify(run.summary)}`)
  const written = rowsAfter.written - rows.written
  const figure = `${jobs} jobs read again, nothing changed`
  return {
    rows: [
      noMoreThan(0, { letter, figure, value: written, unit: 'rows written' }),
      noMoreThan(0, { letter, figure: 'dead tuples of it', value: rowsAfter.dead, unit: 'dead tuples' }),
      atMost(0.01, {
        letter,
        figure: "WAL of it, against the first load's",
        value: walBytes / MB,
        floor: load.walBytes / MB,
        unit: 'MB',
      }),
    ],
    notes: [
      `${run.summary.requests} requests, ${run.summary.received} jobs received, ${(run.wallMs / 1_000).toFixed(1)} s`,
      `the worker's own memory (llamacloud_sync): ${ownAfter.written - own.written} rows written, ${ownAfter.dead} dead`,
    ],
  }
}

interface Tuples {
  readonly written: number
  readonly dead: number
}

/** Of all tables of a schema, since the server started. */
async function tally(pool: Pool, schema: string): Promise<Tuples> {
  // A session tells what it counted when it ends at the latest, and the worker's have ended; ours is told to.
  await pool.query('select pg_stat_force_next_flush()')
  await pool.query('select pg_stat_clear_snapshot()')
  const sum = (what: string) =>
    numberFrom(pool, `select coalesce(sum(${what}), 0) from pg_stat_user_tables where schemaname = $1`, [
      schema,
    ])
  return { written: await sum('n_tup_ins + n_tup_upd + n_tup_del'), dead: await sum('n_dead_tup') }
}
