import { type ClientBase, escapeIdentifier } from 'pg'
import type { Obstacle } from './obstacle.ts'

type Client = Pick<ClientBase, 'query'>

/** A table of ours whose policies apply to the worker: to all that it reads and writes. */
interface Guarded {
  readonly name: string
  /** Policies apply to the owner as well, and the worker may end that. */
  readonly forced: boolean
  readonly user: string
}

const OF_WORKER = `
select oid::regclass::text as name, current_user as "user",
  relforcerowsecurity and pg_has_role(relowner, 'usage') as forced
from pg_class
where relnamespace in (select oid from pg_namespace where nspname in ('llamacloud', 'llamacloud_sync'))
  and relkind in ('r', 'p') and row_security_active(oid)
order by name
`

/** Tables whose rows policies hide from the worker, and what ends that. Undefined where there are none. */
export async function whatHidesFromWorker(client: Client): Promise<Obstacle | undefined> {
  const { rows } = await client.query<Guarded>(OF_WORKER)
  const [first] = rows
  if (first === undefined) return undefined
  return {
    found: `row-level security applies to ${first.user} on ${rows.map(({ name }) => name).join(', ')}, so every run fails`,
    cure: rows.every(({ forced }) => forced)
      ? rows.map(({ name }) => `alter table ${name} no force row level security;`).join(' ')
      : `As an administrator: alter role ${escapeIdentifier(first.user)} bypassrls;`,
  }
}

const OF_READER = `
with tables as (
  select c.oid, relnamespace, relforcerowsecurity, owner.oid as owner, owner.rolsuper or owner.rolbypassrls as exempt
  from pg_class as c join pg_roles as owner on owner.oid = relowner
  where relnamespace in ('llamacloud'::regnamespace, 'llamacloud_sync'::regnamespace)
    and relkind in ('r', 'p') and relrowsecurity
)
select
  tables.oid::regclass::text as name,
  relforcerowsecurity and not exempt as forced,
  -- The memory is read by views only, with the rights of their owner.
  relnamespace = 'llamacloud_sync'::regnamespace or reader.rolsuper or reader.rolbypassrls
    or (pg_has_role(reader.oid, owner, 'usage') and not relforcerowsecurity) as "seesAll",
  coalesce(policies.shows, false) as shows,
  policies.names
from tables
cross join pg_roles as reader
cross join lateral (
  select bool_or(polpermissive) as shows, array_agg(polname::text order by polname) as names from pg_policy
  where polrelid = tables.oid and polcmd in ('r', '*')
    and exists (select from unnest(polroles) as role where role = 0 or pg_has_role(reader.oid, role, 'usage'))
) as policies
where reader.rolname = $1
order by name
`

interface OfReader {
  readonly name: string
  readonly forced: boolean
  readonly seesAll: boolean
  /** Whether a policy lets rows through; others only hide more. */
  readonly shows: boolean
  readonly names: readonly string[] | null
}

/** What some advisers recommend for every view: it then needs rights in llamacloud_sync, of whoever reads it. */
const READ_AS_READER = `
select view.oid::regclass::text as name
from pg_class as view, pg_roles as reader, pg_options_to_table(reloptions)
where relnamespace = 'llamacloud'::regnamespace and relkind = 'v'
  and option_name = 'security_invoker' and option_value::boolean
  and reader.rolname = $1 and not has_schema_privilege(reader.oid, 'llamacloud_sync', 'usage')
  and exists (
    select from pg_rewrite as rule
    join pg_depend on objid = rule.oid and classid = 'pg_rewrite'::regclass
    join pg_class as read on read.oid = refobjid and refclassid = 'pg_class'::regclass
    where ev_class = view.oid and read.relnamespace = 'llamacloud_sync'::regnamespace
  )
order by name
`

export interface ReaderLimits {
  /** Tables that look empty, and views that fail. */
  readonly hidden: readonly string[]
  /** What hides rows that nobody meant to hide, with its cure. A sentence each. */
  readonly faults: readonly string[]
  /** What policies let through. A sentence each. */
  readonly remarks: readonly string[]
}

/** What policies hide from a role: rights on a table say nothing of its rows. */
export async function limitsOf(client: Client, role: string): Promise<ReaderLimits> {
  const { rows } = await client.query<OfReader>(OF_READER, [role])
  const limited = rows.filter(({ seesAll }) => !seesAll)
  const hidden = limited.filter(({ shows }) => !shows)
  const forced = rows.filter(({ forced }) => forced)
  const { rows: views } = await client.query<Pick<OfReader, 'name'>>(READ_AS_READER, [role])
  return {
    hidden: [...hidden, ...views].map(({ name }) => name),
    faults: [
      ...views.map(
        ({ name }) =>
          `The view ${name} reads with the rights of who asks (security_invoker), and that role has none in llamacloud_sync. ` +
          `To end that: alter view ${name} reset (security_invoker);`,
      ),
      ...hidden.map(
        ({ name }) =>
          `Row-level security hides every row of ${name} from it. To show them: ` +
          `create policy llamacloud_reader on ${name} for select to ${escapeIdentifier(role)} using (true);`,
      ),
      ...forced.map(
        ({ name }) =>
          `Row-level security of ${name} also applies to its owner, and so to the views. To end that: ` +
          `alter table ${name} no force row level security;`,
      ),
    ],
    remarks: limited
      .filter(({ shows }) => shows)
      .map(
        ({ name, names }) =>
          `Of ${name} it sees only the rows that these policies allow: ${names?.join(', ')}.`,
      ),
  }
}
