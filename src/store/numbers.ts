import type { PoolClient } from 'pg'

/**
 * The greatest number is the last of its index. A sequence that was never asked gives its `last_value` first. Tables that
 * somebody put beside ours may not be open to the worker.
 */
const CONTINUE = `
do $$ declare numbered record; begin
  for numbered in
    select attrelid::regclass as name, attname, pg_get_serial_sequence(attrelid::regclass::text, attname) as sequence
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where attidentity <> '' and relkind in ('r', 'p') and not relispartition
      and relnamespace in (to_regnamespace('llamacloud'), to_regnamespace('llamacloud_sync'))
      and pg_has_role(relowner, 'usage') and not relforcerowsecurity
  loop
    execute format(
      'select setval(%1$L, max(%2$I)) from %3$s having max(%2$I) > (select last_value - (not is_called)::int from %1$s)',
      numbered.sequence, numbered.attname, numbered.name
    );
  end loop;
end $$`

/**
 * Lets columns that number themselves go on after the greatest number that is there. Sequences do not travel by logical
 * replication, nor with rows that somebody copied: the database would give numbers again, and refuse the rows.
 */
export async function continueNumbers(client: PoolClient): Promise<void> {
  await client.query(CONTINUE)
}
