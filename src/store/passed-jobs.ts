import type { Pool } from 'pg'
import type { Place } from './lookups.ts'
import { transaction } from './pool.ts'

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
