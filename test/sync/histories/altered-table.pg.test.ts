import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, quarantinedIds, quarantinedSpans } from './support.ts'

const FULL = `create function public.full() returns trigger language plpgsql as $$ begin
    raise 'could not extend file "base/16384/16397": No space left on device' using errcode = '53100';
  end $$;
  create constraint trigger theirs after insert or update on`

test.each([
  [
    'the owner renames a column',
    'alter table llamacloud.classify_jobs rename column status to state',
    'alter table llamacloud.classify_jobs rename column state to status',
    /column stored\.status does not exist.*somebody altered/,
  ],
  [
    'the disk is full at a commit',
    `${FULL} llamacloud.classify_jobs deferrable initially deferred for each row execute function public.full()`,
    'drop function public.full cascade',
    /disk of PostgreSQL is full/,
  ],
  [
    'the disk is full where the timeline is written',
    `${FULL} llamacloud_sync.spans not deferrable for each row execute function public.full()`,
    'drop function public.full cascade',
    /disk of PostgreSQL is full/,
  ],
])(
  'I2, I12: %s: each run asks once and says it, nothing is set aside, and all is right once it is undone',
  async (_, alter, undo, words) => {
    const harness = await createHarness()
    const { world, now, database, sync } = harness
    const range = { from: now() - 10 * DAY, to: now() + DAY }
    generate(world, { seed: 'altered', jobs: 900, ...range, fate: { stuckShare: 0 } })
    await sync()
    await database.pool.query(alter)
    const ran = await cycles(harness, { during: 3 * HOUR, every: 20 * MINUTE })
    const said = failures(ran)
    expect(new Set(said).size).toBe(1)
    expect(said[0]).toMatch(words)
    expect(Math.max(...ran.map(({ requests }) => requests))).toBeLessThanOrEqual(2)
    expect([...(await quarantinedIds(database)), ...(await quarantinedSpans(database))]).toEqual([])
    await database.pool.query(undo)
    const after = await cycles(harness, { during: HOUR, every: 20 * MINUTE })
    expect(failures(after)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)
