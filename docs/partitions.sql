-- Makes a table of jobs one that is partitioned by the hash of id, or a plain one again. Run it as the owner of the tables and
-- of all views on them, from psql or any other client:
--   psql --set ON_ERROR_STOP=1 --file docs/partitions.sql "$DATABASE_URL"
-- It is one transaction: all of it or nothing. Readers wait for a moment at its end. Workers need not be stopped: their runs
-- fail meanwhile, and the next ones go on. It takes as much room as the table does, and gives it back at the end.
-- A publication, a materialized view, and a view with a whole row as a column cannot be taken along: they are named, nothing
-- has changed then, and they are to be dropped first and made again.
set partitions.jobs = 'classify_jobs';
-- 0: a plain table.
set partitions.number = '8';

begin;
-- Names are written with their schemas.
set local search_path = pg_catalog;
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
do $$
declare
  name constant text := current_setting('partitions.jobs');
  number constant int := current_setting('partitions.number');
  jobs constant regclass := format('llamacloud.%I', name)::regclass;
  new constant text := format('llamacloud.%I', name || '_new');
  views constant regclass[] := array(
    select distinct r.ev_class::regclass
    from pg_depend as d join pg_rewrite as r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class as c on c.oid = r.ev_class and c.relkind = 'v'
    where d.refclassid = 'pg_class'::regclass and d.refobjid = jobs
  );
  -- What is bound to the table, as PostgreSQL writes it, for the table that has its name by then.
  bound constant text[] := array(
    select format('create or replace view %s %s as %s', c.oid::regclass,
      'with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid))
    from pg_class as c where c.oid = any (views)
  ) || array(
    select pg_get_functiondef(d.objid) from pg_depend as d
    where d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = jobs
    group by d.objid
  ) || array(
    select pg_get_triggerdef(oid) from pg_trigger where tgrelid = jobs and not tgisinternal
  ) || array(
    select format('create policy %I on %s as %s for %s to %s %s %s', policyname, jobs, permissive, cmd,
      (select string_agg(case when role = 'public' then 'public' else quote_ident(role) end, ', ') from unnest(roles) as role),
      'using (' || qual || ')', 'with check (' || with_check || ')')
    from pg_policies where schemaname = 'llamacloud' and tablename = name
  ) || array(
    select format('alter table %s %s row level security', jobs, word)
    from pg_class cross join lateral (
      values (relrowsecurity, 'enable'), (relforcerowsecurity, 'force')
    ) as setting(is_on, word)
    where oid = jobs and is_on
  );
  -- Of the table, or of its partitions, which are alike.
  options constant text := (
    select 'with (' || array_to_string(reloptions, ', ') || ')' from pg_class
    where oid = coalesce((select max(inhrelid) from pg_inherits where inhparent = jobs), jobs)
  );
  each record;
begin
  if exists (select from pg_publication_rel where prrelid = jobs) then
    raise 'A publication names %: take it out first, and add it again, with publish_via_partition_root, after this', jobs;
  end if;
  execute format('lock table %s in share row exclusive mode', jobs);

  execute format('create table %s (like %s including all excluding indexes excluding statistics, primary key (id)) %s',
    new, jobs, case when number > 0 then 'partition by hash (id)' else options end);
  for part in 0 .. number - 1 loop
    execute format('create table llamacloud_sync.%I partition of %s for values with (modulus %s, remainder %s) %s',
      format('%s_%s_of_%s', name, part + 1, number), new, number, part, options);
  end loop;
  execute format('insert into %s select * from %s', new, jobs);
  for each in select indexrelid, relname from pg_index join pg_class on oid = indexrelid where indrelid = jobs and not indisprimary loop
    execute format('create index %I on %s %s', each.relname || '_new', new,
      substring(pg_get_indexdef(each.indexrelid) from ' (USING .*)$'));
  end loop;
  for each in select conname, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = jobs and contype = 'f' and conparentid = 0
  loop
    execute format('alter table %s add constraint %I %s', new, each.conname, each.definition);
  end loop;
  for each in select conrelid::regclass, conname, pg_get_constraintdef(oid) as definition from pg_constraint
    where confrelid = jobs and contype = 'f' and conparentid = 0
  loop
    execute format('alter table %s add constraint %I %s', each.conrelid, each.conname || '_new',
      replace(each.definition, ' REFERENCES ' || jobs, ' REFERENCES ' || new));
  end loop;
  execute format('comment on table %s is %L', new, obj_description(jobs, 'pg_class'));
  -- What default privileges gave goes, and what was granted comes.
  for each in select distinct grantee from pg_class cross join lateral aclexplode(relacl) where oid = new::regclass loop
    execute format('revoke all on %s from %s', new, case each.grantee when 0 then 'public' else each.grantee::regrole::text end);
  end loop;
  for each in
    select grantee, privilege_type, is_grantable, '' as columns
    from pg_class cross join lateral aclexplode(coalesce(relacl, acldefault('r', relowner))) where oid = jobs
    union all
    select grantee, privilege_type, is_grantable, format('(%I)', attname)
    from pg_attribute cross join lateral aclexplode(attacl) where attrelid = jobs
  loop
    execute format('grant %s %s on %s to %s %s', each.privilege_type, each.columns, new,
      case each.grantee when 0 then 'public' else each.grantee::regrole::text end,
      case when each.is_grantable then 'with grant option' end);
  end loop;
  execute format('alter table %s owner to %s', new, (select relowner::regrole from pg_class where oid = jobs));
  execute format('analyze %s', new);

  -- From here on readers wait. Not behind a lock that waits itself: for half a second at a time.
  loop
    begin
      perform set_config('lock_timeout', '500ms', true);
      execute format('lock table %s in access exclusive mode', array_to_string(views || jobs, ', '));
      exit;
    exception when lock_not_available or deadlock_detected then
      perform pg_sleep(1);
    end;
  end loop;
  for each in select conrelid::regclass, conname from pg_constraint
    where confrelid = jobs and contype = 'f' and conparentid = 0
  loop
    execute format('alter table %s drop constraint %I', each.conrelid, each.conname);
    execute format('alter table %s rename constraint %I to %I', each.conrelid, each.conname || '_new', each.conname);
  end loop;
  execute format('alter table %s rename to %I', jobs, name || '_old');
  execute format('alter table %s rename to %I', new, name);
  for place in 1 .. cardinality(bound) loop
    execute bound[place];
  end loop;
  execute format('drop table %s', jobs);
  for each in select indexrelid::regclass as index, relname, indisprimary from pg_index join pg_class on oid = indexrelid
    where indrelid = format('llamacloud.%I', name)::regclass
  loop
    execute format('alter index %s rename to %I', each.index,
      case when each.indisprimary then name || '_pkey' else regexp_replace(each.relname, '_new$', '') end);
  end loop;
end $$;
commit;
