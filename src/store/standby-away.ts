import type { ClientBase } from 'pg'

/** A commit that PostgreSQL has made, and does not answer before a standby has it as well. No time-out of the server ends that. */
export class StandbyAwayError extends Error {
  readonly cure =
    "Bring the standby back, or stop waiting for it: alter system set synchronous_standby_names = ''; " +
    'select pg_reload_conf(); then the next run continues.'
  constructor() {
    super('the commit waits for a synchronous standby that is away (wait_event SyncRep in pg_stat_activity)')
  }
}

const WAITING = `
select exists (
  select from pg_catalog.pg_stat_activity
  where wait_event = 'SyncRep' and datname = current_database() and usename = session_user
) as waiting`

/** Whether a commit of this user in this database waits so. Not asked by process: a pooler names its own. */
export async function isAnyWaiting(client: Pick<ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ waiting: boolean }>(WAITING)
  return rows[0]?.waiting ?? false
}
