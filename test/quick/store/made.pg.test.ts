import { expect, onTestFinished, test } from 'vitest'
import { madeByMigrations, whatIsGone } from '../../../src/store/made.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'

const THERE = `
select case relkind when 'v' then 'view' else 'table' end as kind, nspname as schema, relname as name, '' as "column"
from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname in ('llamacloud', 'llamacloud_sync') and relkind in ('r', 'v') and relname <> 'migrations'
union all
select 'column', nspname, relname, attname
from pg_attribute join pg_class on pg_class.oid = attrelid join pg_namespace on pg_namespace.oid = relnamespace
where nspname in ('llamacloud', 'llamacloud_sync') and relkind in ('r', 'v') and relname <> 'migrations'
  and attnum > 0 and not attisdropped
union all
select 'function', nspname, proname, ''
from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
where nspname in ('llamacloud', 'llamacloud_sync')
union all
select 'index', schemaname, indexname, '' from pg_indexes
where schemaname in ('llamacloud', 'llamacloud_sync')
  and not exists (
    select from pg_constraint where conindid = format('%I.%I', schemaname, indexname)::regclass and contype in ('p', 'u')
  )`

const sorted = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).sort()

test('what the migrations make is told by their text: each table, view, column, function and index, and nothing else', async () => {
  const { pool, drop } = await createMigratedDatabase()
  onTestFinished(() => drop())
  expect(sorted(await madeByMigrations())).toEqual(sorted((await pool.query(THERE)).rows))
  expect(await whatIsGone(pool)).toEqual([])
})
