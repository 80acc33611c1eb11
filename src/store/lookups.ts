import type { Pool, PoolClient } from 'pg'
import { transaction } from './pool.ts'
import { query } from './query.ts'

/**
 * Nobody else reads it within the hour, whatever becomes of this reading. A source that was never synced has none: its jobs
 * come first. What is read whole waits for eleven hours more where no job of the scope was new since it was last read: an idle
 * source costs little. Once it has begun it goes on.
 */
const CLAIM = `
insert into llamacloud_sync.lookups as known (source, lookup, due_at)
select name, $2, clock_timestamp() + interval '1 hour' from llamacloud_sync.sources where name = $1
on conflict (source, lookup) do update set due_at = excluded.due_at
where known.due_at <= clock_timestamp() - case
  when $3 and coalesce(known.read_id, '') = '' and not exists (
    select from llamacloud_sync.runs as run
    where run.source = any ($4::text[]) and run.inserted > 0
      and run.started_at > coalesce(known.read_until, known.due_at - interval '1 hour')
  )
  then interval '11 hours' else interval '0'
end
returning reason, clock_timestamp()::text as now, coalesce(read_until, '-infinity')::text as until, coalesce(read_id, '') as id
`

/** How far a reading has come. */
export interface Place {
  /**
   * As PostgreSQL writes it: of files, `synced_at` of the last job that was looked at; of usage, the first day to read; of what
   * is read whole, when it last was.
   */
  readonly until: string
  /** Of files, the id of that job; of usage, where the days go on; of what is read whole, where it goes on. */
  readonly id: string
}

export interface Claimed extends Place {
  /** Why the latest reading failed. Null: it did not. */
  readonly reason: string | null
  /** As PostgreSQL writes it. */
  readonly now: string
}

export interface Claim {
  readonly lookup: string
  /** Those of the scope; the first one keeps the times. */
  readonly sources: readonly [string, ...string[]]
  /** Whether it is read whole each time. */
  readonly isWhole: boolean
}

/** Takes what is due. Undefined: it is not. */
export async function claimLookup(
  pool: Pool,
  { lookup, sources, isWhole }: Claim,
): Promise<Claimed | undefined> {
  const values = [sources[0], lookup, isWhole, sources]
  const [claimed] = await query<Claimed>(pool, CLAIM, values)
  return claimed
}

const NOTE = `
update llamacloud_sync.lookups
set reason = $3, read_until = coalesce($4, read_until), read_id = coalesce($5, read_id),
  due_at = coalesce(clock_timestamp() + $6::interval, due_at)
where source = $1 and lookup = $2
`

export interface LookupEnd {
  readonly lookup: string
  /** Null: it was read. */
  readonly reason: string | null
  /** Where it goes on. Null: where it was. */
  readonly place: Place | null
  /** When, as an interval of PostgreSQL from now. Null: an hour after it was claimed. */
  readonly dueIn: string | null
}

/** How far a reading came. */
export type LookupProgress = Pick<LookupEnd, 'place' | 'dueIn'>

export async function noteLookup(
  pool: Pool,
  source: string,
  { lookup, reason, place, dueIn }: LookupEnd,
): Promise<void> {
  const values = [source, lookup, reason, place?.until ?? null, place?.id ?? null, dueIn]
  await query(pool, NOTE, values)
}

export interface NewLookup {
  readonly lookup: string
  /** Where it begins. */
  readonly from: string
  /** An interval of PostgreSQL. */
  readonly dueIn: string
}

/** Notes a lookup of its own. One that is known stays as it is. */
export async function addLookup(
  pool: Pool,
  source: string,
  { lookup, from, dueIn }: NewLookup,
): Promise<void> {
  await query(
    pool,
    `insert into llamacloud_sync.lookups (source, lookup, due_at, read_until)
    values ($1, $2, clock_timestamp() + $4::interval, $3) on conflict (source, lookup) do nothing`,
    [source, lookup, from, dueIn],
  )
}

/** Everything that this source reads beside the jobs is read from its beginning. What is stored stays. */
export async function forgetPlaces(client: PoolClient, source: string): Promise<void> {
  await client.query(
    `update llamacloud_sync.lookups set due_at = clock_timestamp(), read_until = null, read_id = null where source = $1`,
    [source],
  )
}

/** Some lookups that are due and whose names begin so, the longest due first. */
export async function dueLookups(pool: Pool, source: string, prefix: string): Promise<string[]> {
  const rows = await query<{ lookup: string }>(
    pool,
    `select lookup from llamacloud_sync.lookups
    where source = $1 and starts_with(lookup, $2) and due_at <= clock_timestamp()
    order by due_at limit 10`,
    [source, prefix],
  )
  return rows.map(({ lookup }) => lookup)
}

export async function dropLookup(pool: Pool, source: string, lookup: string): Promise<void> {
  const remove = 'delete from llamacloud_sync.lookups where source = $1 and lookup = $2'
  await query(pool, remove, [source, lookup])
}

/** No reader sees a later bound before what bears this time is committed: that of one source at least stays where it is (I15). */
const AFTER_SETTLED = `
select greatest(clock_timestamp(), settled_until)::text as at from llamacloud_sync.sources
order by name limit 1 for no key update`

/**
 * Writes what differs from what is stored (I5); `ids` and each of `values`, one array a column, are of one length. The columns have
 * their types.
 */
export async function saveNames(
  pool: Pool,
  { table, columns }: { readonly table: string; readonly columns: Readonly<Record<string, string>> },
  ids: readonly string[],
  values: readonly (readonly (string | null)[])[],
): Promise<void> {
  if (ids.length === 0) return
  const names = Object.keys(columns)
  const of = (row: string) => names.map((name) => `${row}.${name}`).join(', ')
  const typed = Object.entries(columns).map(([name, type]) => `${name}::${type}`)
  const arrays = names.map((_, index) => `$${index + 2}::text[]`)
  await transaction(pool, async (client) => {
    const { rows } = await client.query<{ at: string }>(AFTER_SETTLED)
    await client.query(
      `insert into llamacloud.${table} as stored (id, ${names}, synced_at)
      select distinct on (id) id, ${typed}, $${names.length + 2}::timestamptz
      from unnest($1::text[], ${arrays}) as item(id, ${names})
      order by id
      on conflict (id) do update set
        ${names.map((name) => `${name} = excluded.${name}`)}, synced_at = excluded.synced_at
      where (${of('stored')}) is distinct from (${of('excluded')})`,
      [ids, ...values, rows[0]?.at],
    )
  })
}
