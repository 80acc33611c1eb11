import type { Pool } from 'pg'
import { transaction } from './pool.ts'

/**
 * Nobody else reads it within the hour, whatever becomes of this reading. A source that was never synced has none: its jobs
 * come first. What is read whole waits for twelve hours where no job of the scope was new since: an idle source costs little.
 */
const CLAIM = `
insert into llamacloud_sync.lookups as known (source, lookup, due_at)
select name, $2, clock_timestamp() + interval '1 hour' from llamacloud_sync.sources where name = $1
on conflict (source, lookup) do update set due_at = excluded.due_at
where known.due_at <= clock_timestamp() - case
  when $3 and not exists (
    select from llamacloud_sync.runs as run
    where run.source = any ($4::text[]) and run.started_at > known.due_at - interval '1 hour' and run.inserted > 0
  )
  then interval '11 hours' else interval '0'
end
returning reason, clock_timestamp()::text as now, coalesce(read_until, '-infinity')::text as until, coalesce(read_id, '') as id
`

/** How far a reading has come. */
export interface Place {
  /** As PostgreSQL writes it: of files, `synced_at` of the last job that was looked at; of usage, the first day to read. */
  readonly until: string
  /** Of files, the id of that job; of usage, where the days go on. */
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
  const { rows } = await transaction(pool, (client) => client.query<Claimed>(CLAIM, values))
  return rows[0]
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

export async function noteLookup(
  pool: Pool,
  source: string,
  { lookup, reason, place, dueIn }: LookupEnd,
): Promise<void> {
  const values = [source, lookup, reason, place?.until ?? null, place?.id ?? null, dueIn]
  await transaction(pool, (client) => client.query(NOTE, values))
}

/** So many jobs are looked at at a time. */
const WINDOW = 1_000

/** By itself: a table of jobs may be distributed, and this one is not. Jobs bear former names until their span is read again. */
const SETTLED = `
select least(min(settled_until), clock_timestamp() - $2::interval)::text as until, (
  select array_agg(former) from llamacloud_sync.sources, unnest(former_names) as former
  where name = any ($1::text[]) and former not in (select name from llamacloud_sync.sources)
) as former
from llamacloud_sync.sources`

/** Of the id of a file. The API's filter takes the UUID behind it, and refuses all of a request that has anything else. */
export const FILE_PREFIX = 'dfl-'

const FILE_ID = `^${FILE_PREFIX}[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`

/** I14: along the index of synced_at, and no further than to where no row will be added. */
const PASS = (table: string) => `
select job.id, job.synced_at::text as until, case
  when job.source = any ($3::text[]) and job.file_input ~ '${FILE_ID}'
    and not exists (select from llamacloud.files as file where file.id = job.file_input)
  then job.file_input
end as file
from (
  select id, source, file_input, synced_at from llamacloud.${table}
  where synced_at >= $1 and (synced_at, id) > ($1, $2)
    and synced_at < $4
  order by synced_at, id
  limit ${WINDOW}
) as job
order by job.synced_at, job.id
`

export interface Passing {
  readonly table: string
  readonly sources: readonly string[]
  readonly from: Place
  readonly limit: number
  /** How long ago they were stored at least, as an interval of PostgreSQL. */
  readonly age: string
}

/** The files that the next jobs name and that are not stored, at most `limit`; `place` is null where there is no next job. */
export async function passJobs(
  pool: Pool,
  { table, sources, from, limit, age }: Passing,
): Promise<{ readonly files: readonly string[]; readonly place: Place | null }> {
  const rows = await transaction(pool, async (client) => {
    const { rows: settled } = await client.query<{ until: string | null; former: string[] | null }>(SETTLED, [
      sources,
      age,
    ])
    const [{ until, former } = { until: null, former: null }] = settled
    const values = [from.until, from.id, [...sources, ...(former ?? [])], until ?? '-infinity']
    return (await client.query<Place & { file: string | null }>(PASS(table), values)).rows
  })
  const files = new Set<string>()
  let place: Place | null = null
  for (const { id, until, file } of rows) {
    if (file !== null) files.add(file)
    place = { id, until }
    if (files.size >= limit) break
  }
  return { files: [...files], place }
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
