import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, quarantinedIds, runOnce } from './support.ts'

const REFUSED = ['job-0040', 'job-0150']

test.each([
  [
    'trigger',
    `create function public.refuse() returns trigger language plpgsql as
    $$ begin if new.id in ('job-0040', 'job-0150') then raise 'not this one'; end if; return new; end $$;
    create trigger refuse before insert or update on llamacloud.classify_jobs
    for each row execute function public.refuse()`,
    'drop function public.refuse cascade',
    /not this one/,
  ],
  [
    'trigger, which leaves rows out without an error,',
    `create function public.drop_row() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger drop_row before insert on llamacloud.classify_jobs
    for each row when (new.id in ('job-0040', 'job-0150')) execute function public.drop_row()`,
    'drop function public.drop_row cascade',
    /left the row out, without an error/,
  ],
  [
    'constraint',
    `alter table llamacloud.classify_jobs add constraint theirs check (id not in ('job-0040', 'job-0150'))`,
    'alter table llamacloud.classify_jobs drop constraint theirs',
    /theirs/,
  ],
])(
  'I12: somebody’s %s refuses two jobs: all others are stored, they are in quarantine, and come when it is gone',
  async (_, refuse, allow, reason) => {
    const harness = await createHarness()
    const { world, now, database } = harness
    await database.pool.query(refuse)
    for (let index = 0; index < 300; index += 1)
      world.put({ id: `job-${String(index).padStart(4, '0')}`, createdAt: now() - DAY + index * MINUTE })
    expect(failures(await cycles(harness, { during: 2 * HOUR, every: 10 * MINUTE }))).toEqual([])
    expect(await quarantinedIds(database)).toEqual(REFUSED)
    const stored = await database.pool.query('select id from llamacloud.classify_jobs')
    expect(stored.rowCount).toBe(298)
    const { rows } = await database.pool.query(
      'select distinct reason from llamacloud_sync.rechecks where reason is not null',
    )
    expect(rows).toEqual([{ reason: expect.stringMatching(reason) }])

    await database.pool.query(allow)
    await cycles(harness, { during: DAY, every: HOUR })
    expect((await runOnce(harness)).outcome).toBe('succeeded')
    expect(await quarantinedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('I12: a job that each listing shows again while it waits is retried after an hour all the same', async () => {
  const harness = await createHarness()
  const { world, now, database } = harness
  await database.pool.query(
    `alter table llamacloud.classify_jobs add constraint theirs check (id <> 'job-7')`,
  )
  for (let index = 0; index < 20; index += 1)
    world.put({ id: `job-${index}`, createdAt: now() - MINUTE + index * SECOND })
  await cycles(harness, { during: 30 * MINUTE, every: MINUTE })
  const { rows } = await database.pool.query(
    'select job_id, tries from llamacloud_sync.rechecks where reason is not null',
  )
  expect(rows).toEqual([{ job_id: 'job-7', tries: 1 }])

  await database.pool.query('alter table llamacloud.classify_jobs drop constraint theirs')
  await cycles(harness, { during: 40 * MINUTE, every: 5 * MINUTE })
  expect(await quarantinedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('I1: where the database refuses every row the run fails in its words, and nothing counts as read', async () => {
  const harness = await createHarness()
  const { world, now, database, sync } = harness
  await database.pool.query(
    `create function public.refuse() returns trigger language plpgsql as $$ begin raise 'closed for the night'; end $$;
    create trigger refuse before insert on llamacloud.classify_jobs for each row execute function public.refuse()`,
  )
  for (let index = 0; index < 300; index += 1)
    world.put({ id: `job-${index}`, createdAt: now() - DAY + index * MINUTE })
  await expect(sync()).rejects.toThrow('closed for the night')
  expect(await quarantinedIds(database)).toEqual([])
  const read = await database.pool.query('select from llamacloud_sync.spans where items > 0')
  expect(read.rowCount).toBe(0)

  await database.pool.query('drop function public.refuse cascade')
  expect((await sync()).outcome).toBe('succeeded')
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})

test('I8, I12: somebody’s trigger takes too long for a page of jobs: they are written in parts', async () => {
  const harness = await createHarness()
  const { world, now, database, sync } = harness
  // As PostgreSQL says it after 60 s.
  await database.pool.query(
    `create function public.slow() returns trigger language plpgsql as $$ begin
      if (select count(*) from rows) > 40 then raise 'statement timeout' using errcode = '57014'; end if; return null;
    end $$;
    create trigger slow after insert on llamacloud.classify_jobs referencing new table as rows
    for each statement execute function public.slow()`,
  )
  for (let index = 0; index < 300; index += 1)
    world.put({ id: `job-${index}`, createdAt: now() - DAY + index * MINUTE })
  expect((await sync()).outcome).toBe('succeeded')
  expect(await quarantinedIds(database)).toEqual([])
  expect(await compareWithWorld(database, world)).toEqual(EQUAL)
})
