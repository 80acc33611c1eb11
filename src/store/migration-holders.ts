import type { PoolClient } from 'pg'

/** Whoever holds a lock on tables of ours, or the lock of migrations. */
export interface Holder {
  readonly isAutovacuum: boolean
  readonly who: string
  /** The statement that ends it. */
  readonly ending: string
}

const DESCRIBED = `
  format('select pg_terminate_backend(%s);', activity.pid) as ending,
  activity.backend_type is not distinct from 'autovacuum worker' as "isAutovacuum",
  format('pid %s (application %s, user %s, client %s, %s since %s, last statement began %s)',
    activity.pid,
    coalesce(nullif(activity.application_name, ''), activity.backend_type, 'unknown'),
    coalesce(activity.usename, 'unknown'),
    coalesce(host(activity.client_addr), 'local'),
    coalesce(activity.state, 'state not visible'),
    coalesce(to_char(activity.state_change, 'YYYY-MM-DD HH24:MI:SSOF'), 'unknown'),
    coalesce(to_char(activity.query_start, 'YYYY-MM-DD HH24:MI:SSOF'), 'unknown')) as who`

/** Within a transaction the activity is that of the first look, unless it is cleared: holders come and go while one waits. */
const LOOK_ANEW = 'select pg_stat_clear_snapshot()'

/** No session has it any more, so it shows in no activity, and stays until somebody ends it. */
const PREPARED = `
  format('rollback prepared %L;', gid) as ending,
  false as "isAutovacuum",
  format('the prepared transaction %L (user %s, prepared %s), which no session ends by itself',
    gid, owner, to_char(prepared.prepared, 'YYYY-MM-DD HH24:MI:SSOF')) as who`

/**
 * The longest at it first. Those that only read are in nobody's way who does not keep readers out, nor is who looks which
 * migrations are applied, as our own guard does.
 */
const ON_TABLES = `
with held as (
  select held.pid, held.virtualtransaction as transaction
  from pg_catalog.pg_locks as held
  join pg_catalog.pg_class as relation on relation.oid = held.relation
  join pg_catalog.pg_namespace as schema on schema.oid = relation.relnamespace
  where held.granted and schema.nspname in ('llamacloud', 'llamacloud_sync')
    and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
    and (held.mode <> 'AccessShareLock' or $1 and relation.relname not like 'migrations%')
)
select ${DESCRIBED}, activity.xact_start as since
from pg_catalog.pg_stat_activity as activity
where activity.pid <> pg_backend_pid() and activity.pid in (select pid from held)
union all
select ${PREPARED}, prepared.prepared
from pg_catalog.pg_prepared_xacts as prepared
join pg_catalog.pg_locks as own on own.transactionid = prepared.transaction and own.pid is null
where own.virtualtransaction in (select transaction from held where pid is null)
order by since nulls last, ending
limit 3`

const ON_MIGRATIONS = `
select ${DESCRIBED}
from pg_catalog.pg_stat_activity as activity
join pg_catalog.pg_locks as held on held.pid = activity.pid
where held.granted and held.locktype = 'advisory' and held.objsubid = 1
  and held.objid = (hashtext('llamacloud_sync.migrations')::bigint & 4294967295)::oid
  and held.database = (select oid from pg_catalog.pg_database where datname = current_database())
limit 1`

/** @param readersToo whether those who only read are in the way */
export async function holdersOf(client: PoolClient, readersToo: boolean): Promise<Holder[]> {
  await client.query(LOOK_ANEW)
  return (await client.query<Holder>(ON_TABLES, [readersToo])).rows
}

export async function holdersOfGuard(client: PoolClient): Promise<Holder[]> {
  return (await client.query<Holder>(ON_MIGRATIONS)).rows
}
