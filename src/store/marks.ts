import type { Pool } from 'pg'
import type { Obstacle } from './obstacle.ts'
import { query } from './query.ts'
import type { Sums } from './sums.ts'

const each = (call: string) => `for each statement execute function llamacloud_sync.${call}`

/** What marks the days of jobs that are written: a view shows the sums of a day until then. */
const TRIGGERS: Readonly<Record<string, (table: string, triggers: Sums['triggers']) => string>> = {
  mark_inserted: (table, { mark }) => `after insert on ${table} referencing new table as after ${each(mark)}`,
  mark_updated: (table, { mark }) =>
    `after update on ${table} referencing old table as before new table as after ${each(mark)}`,
  mark_deleted: (table, { mark }) => `after delete on ${table} referencing old table as before ${each(mark)}`,
  forget_truncated: (table, { forget }) => `after truncate on ${table} ${each(forget)}`,
}

const OFF = `
select wanted.name
from unnest($2::text[]) as wanted(name)
where not exists (
  select from pg_trigger
  where tgrelid = $1::regclass and tgname = wanted.name and tgenabled in ('O', 'A')
)
`

/** What somebody did to the triggers of a table of jobs, as a bulk load does, and the statements that bring the statistics back. */
export async function whatIsUnmarked(
  pool: Pool,
  table: string,
  { dirtyDays, triggers }: Sums,
): Promise<Obstacle | undefined> {
  const rows = await query<{ name: string }>(pool, OFF, [table, Object.keys(TRIGGERS)])
  const off = rows.map(({ name }) => name)
  if (off.length === 0) return undefined
  const made = off.map((name) => `create or replace trigger ${name} ${TRIGGERS[name]?.(table, triggers)};`)
  return {
    found: `${off.join(', ')} of ${table} are disabled or dropped: views such as job_costs do not show what was written since`,
    cure:
      `${made.join(' ')} alter table ${table} ${off.map((name) => `enable trigger ${name}`).join(', ')}; ` +
      `insert into llamacloud_sync.${dirtyDays} (day) select distinct (created_at at time zone 'UTC')::date from ${table} where created_at is not null;`,
  }
}
