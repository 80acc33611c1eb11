import type { PoolClient } from 'pg'
import { sqlState, tookTooLong } from '../../store/database-error.ts'
import type { ListedJob, Observed, Written } from '../job-list.ts'
import type { RunContext } from '../run.ts'

type Jobs = readonly Observed<ListedJob>[]

/** A job that the database does not take: somebody's trigger, constraint or index stands in its way. */
export interface Refused {
  readonly id: string
  readonly reason: string
}

export interface Accepted {
  readonly jobs: Jobs
  readonly written: Written
  readonly refused: readonly Refused[]
}

/** The encoding of the database concerns all jobs, and has its own cure. */
const ENCODING = ['22021', '22P05']

/** Whether PostgreSQL refused a row: its data (22), a constraint (23), an index's limit (54000), or a function's own error (P0). */
export function isRefusal(error: unknown): boolean {
  const state = sqlState(error)
  if (state === undefined || ENCODING.includes(state)) return false
  return /^(22|23|P0)/.test(state) || state === '54000'
}

/** No fewer jobs are written at a time because they take too long. */
const FEW = 10

/** Whether parts of a batch may be written: the database refuses one of its jobs, or somebody's trigger is too slow for all. */
export function mayPassInParts(error: unknown, jobs: Jobs): boolean {
  return isRefusal(error) || (tookTooLong(error) && jobs.length > FEW)
}

/** Writes a batch that the database did not take as a whole, in parts. */
export function writeParts(error: unknown): typeof writeAccepted {
  return isRefusal(error) ? writeAccepted : writeHalves
}

/**
 * Writes a batch that the database refused as a whole: halves it until each job that it refuses stands alone (I12).
 *
 * @throws any other error
 */
async function writeAccepted(client: PoolClient, run: RunContext, jobs: Jobs): Promise<Accepted> {
  await client.query('savepoint accepted')
  try {
    const written = await run.jobs.write(client, run.lease.source, jobs, run.options)
    return { jobs, written, refused: [] }
  } catch (error) {
    if (!mayPassInParts(error, jobs) || !(error instanceof Error)) throw error
    await client.query('rollback to savepoint accepted')
    const [only, ...more] = jobs
    if (only === undefined) throw error
    if (more.length === 0) {
      const written = await run.jobs.write(client, run.lease.source, [], run.options)
      return { jobs: [], written, refused: [{ id: only.job.id, reason: reasonOf(error) }] }
    }
  }
  return writeHalves(client, run, jobs)
}

async function writeHalves(client: PoolClient, run: RunContext, jobs: Jobs): Promise<Accepted> {
  const middle = Math.ceil(jobs.length / 2)
  const first = await writeAccepted(client, run, jobs.slice(0, middle))
  const second = await writeAccepted(client, run, jobs.slice(middle))
  return {
    jobs: [...first.jobs, ...second.jobs],
    written: both(first.written, second.written),
    refused: [...first.refused, ...second.refused],
  }
}

function both(left: Written, right: Written): Written {
  return {
    inserted: left.inserted + right.inserted,
    updated: left.updated + right.updated,
    unchanged: left.unchanged + right.unchanged,
    stale: left.stale + right.stale,
    openIds: [...left.openIds, ...right.openIds],
    insertedIds: [...left.insertedIds, ...right.insertedIds],
    doubtfulIds: [...left.doubtfulIds, ...right.doubtfulIds],
    revisedIds: [...left.revisedIds, ...right.revisedIds],
    ended: [...left.ended, ...right.ended],
  }
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error
  const where = 'where' in cause && typeof cause.where === 'string' ? ` (${cause.where.split('\n')[0]})` : ''
  return `The database refuses this job: ${cause.message}${where}. Look for a trigger, a constraint or an index that this program did not create.`
}
