import pg from 'pg'
import { looking } from './begin.ts'
import { CuredError } from './database-error.ts'

/** The driver's words when its time for an answer is over: it has no code. */
const NO_ANSWER = 'Query read timeout'

/** A commit that PostgreSQL has made, and does not answer before a standby has it as well. No time-out of the server ends that. */
const AWAY =
  'the commit waits for a synchronous standby that is away (wait_event SyncRep in pg_stat_activity)'
const CURE =
  "Bring the standby back, or stop waiting for it: alter system set synchronous_standby_names = ''; " +
  'select pg_reload_conf(); then the next run continues.'

/** Not asked by process: a pooler names its own. */
const WAITING = `
select from pg_catalog.pg_stat_activity
where wait_event = 'SyncRep' and datname = current_database() and usename = session_user
limit 1`

/** What a commit waits for that was not answered, if it is that. Another connection asks, since its own is taken. */
export async function standbyAway({ options }: pg.Pool, error: unknown): Promise<CuredError | undefined> {
  if (!(error instanceof Error) || error.message !== NO_ANSWER) return undefined
  const client = new pg.Client(options)
  client.on('error', () => {})
  try {
    await client.connect()
    const { rowCount } = await looking(client, () => client.query(WAITING))
    return rowCount ? new CuredError(AWAY, CURE) : undefined
  } catch {
    return undefined
  } finally {
    await client.end()
  }
}
