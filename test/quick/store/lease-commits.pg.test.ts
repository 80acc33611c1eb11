import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { LeaseLostError, SchemaTooNewError } from '../../../src/errors.ts'
import { loadTimeline } from '../../../src/store/coverage.ts'
import { explainStoreError } from '../../../src/store/database-error.ts'
import { acquireLease, type Lease, type LeaseOptions } from '../../../src/store/lease.ts'
import { openPool } from '../../../src/store/pool.ts'
import { putSpans } from '../../../src/store/put-spans.ts'
import { newestSpans, type Span, unreadSpan } from '../../../src/store/spans.ts'
import { parseInstant, SECOND } from '../../../src/values/instant.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, isWaitingForLock } from '../../support/migrated-database.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { addSource, expireLease, saveCoverage, sourceRow } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
beforeEach(() => addSource(database))
afterAll(() => database.drop())

const acquire = (owner: string, more: Partial<LeaseOptions> = {}) =>
  acquireLease(database.pool, 'one', {
    owner,
    leaseMs: 15_000,
    clock: createVirtualClock({ holdFrom: 0 }),
    ...more,
  })

async function acquired(owner: string, more?: Partial<LeaseOptions>): Promise<Lease> {
  const lease = await acquire(owner, more)
  if (!lease) throw new Error(`${owner} did not get the lease`)
  onTestFinished(() => lease.release())
  return lease
}

const NEW_YEAR = parseInstant('2026-01-01T00:00:00Z')!
const spanAt = (second: number): Span =>
  unreadSpan({ lower: NEW_YEAR + second * SECOND, upper: NEW_YEAR + (second + 1) * SECOND }, NEW_YEAR)
const spans = () => newestSpans(database.pool, 'one', 200)

/** Grows the watermark by a second, as a span does once it is read: look, then write. */
async function grow(client: PoolClient, lease: Lease): Promise<void> {
  await lease.lockProgress(client)
  const coverage = (await loadTimeline(client, 'one')).coverage
  const watermark = (coverage?.watermark ?? NEW_YEAR) + SECOND
  await saveCoverage(client, { coveredFrom: NEW_YEAR, watermark })
}

test('I6: a take-over waits for a commit in flight, and then sees what it wrote', async () => {
  const lease = await acquired('former')
  let second: Promise<Lease | null> = Promise.resolve(null)
  let taken = false
  await lease.commit(async (client) => {
    await expireLease(database)
    second = acquire('new').finally(() => {
      taken = true
    })
    await expect.poll(() => isWaitingForLock(database)).toBe(true)
    expect(taken).toBe(false)
    await grow(client, lease)
    expect(taken).toBe(false)
  })
  const successor = await second
  expect(await sourceRow(database)).toMatchObject({ lease_owner: 'new', fence: 2 })
  expect((await loadTimeline(database.pool, 'one')).coverage?.watermark).toBe(NEW_YEAR + SECOND)
  await expect(lease.commit((client) => grow(client, lease))).rejects.toThrow(LeaseLostError)
  await successor?.release()
})

test('I6: nothing more is committed once a newer version has migrated the database, not even by a run that is at work', async () => {
  const lease = await acquired('old')
  await lease.commit((client) => grow(client, lease))
  await database.pool.query("insert into llamacloud_sync.migrations (name) values ('9999_newer')")
  onTestFinished(async () => {
    await database.pool.query("delete from llamacloud_sync.migrations where name = '9999_newer'")
  })
  const before = (await loadTimeline(database.pool, 'one')).coverage
  const late = lease.commit((client) => grow(client, lease))
  await expect(late).rejects.toThrow(SchemaTooNewError)
  await expect(late).rejects.toThrow('newer version of llamacloud-sync (9999_newer). Upgrade this one')
  expect((await loadTimeline(database.pool, 'one')).coverage).toEqual(before)
})

test('I6: a worker that is paused in the middle of a commit holds a take-over up for no longer than its lease', async () => {
  const clock = createVirtualClock({ holdFrom: 0 })
  const onRetry = () => void setImmediate(() => clock.advance(1_000))
  const lease = await acquired('paused', { leaseMs: 50, clock, onRetry })
  const { promise: wakesUp, resolve: wakeUp } = Promise.withResolvers<void>()
  const { promise: begun, resolve: hasBegun } = Promise.withResolvers<void>()
  const commit = lease.commit(async (client) => {
    hasBegun()
    await wakesUp
    await grow(client, lease)
  })
  const refused = expect(commit).rejects.toThrow(LeaseLostError)
  await begun
  await expireLease(database)
  const successor = await acquire('new')
  expect(await sourceRow(database)).toMatchObject({ lease_owner: 'new', fence: 2 })
  wakeUp()
  await refused
  expect((await loadTimeline(database.pool, 'one')).coverage).toBeNull()
  await successor?.release()
})

test('I6: the last commit is refused where another holder of the same number gave the lease back', async () => {
  const lease = await acquired('former')
  // As on a standby that lacked the former holder: the next one had its number.
  await database.pool.query('update llamacloud_sync.sources set fence = fence - 1, lease_owner = null')
  const next = await acquired('next')
  await next.commitLast(() => Promise.resolve())
  expect(await sourceRow(database)).toMatchObject({ lease_owner: null, fence: 1 })
  await expect(lease.commitLast(() => Promise.resolve())).rejects.toThrow(LeaseLostError)
})

test('I6: the last commit may come again where the answer to it was lost, until another worker takes over', async () => {
  const lease = await acquired('one')
  await lease.commitLast(() => Promise.resolve())
  await lease.commitLast(() => Promise.resolve())
  expect(await sourceRow(database)).toMatchObject({ lease_owner: null, fence: 1 })
  await acquired('next')
  await expect(lease.commitLast(() => Promise.resolve())).rejects.toThrow(LeaseLostError)
})

test('a take-over that waited in vain for a commit to end has not got the lease', async () => {
  await database.pool.query(
    `create function llamacloud_sync.refuse() returns trigger language plpgsql as
    $$ begin raise lock_not_available; end $$;
    create trigger refuse before update on llamacloud_sync.sources execute function llamacloud_sync.refuse()`,
  )
  onTestFinished(async () => {
    await database.pool.query('drop function llamacloud_sync.refuse cascade')
  })
  expect(await acquire('new')).toBeNull()
})

test('a take-over that waited does not succeed when the lease was renewed meanwhile', async () => {
  const lease = await acquired('former')
  let second: Promise<Lease | null> = Promise.resolve(null)
  await lease.commit(async (client) => {
    await expireLease(database)
    second = acquire('new')
    await expect.poll(() => isWaitingForLock(database)).toBe(true)
    // The renewal itself would queue behind the take-over; this one is in time.
    await client.query(
      `update llamacloud_sync.sources set lease_expires_at = clock_timestamp() + interval '1 minute' where name = 'one'`,
    )
  })
  expect(await second).toBeNull()
  expect(await sourceRow(database)).toMatchObject({ lease_owner: 'former', fence: 1 })
})

test('a commit that fails writes nothing and does not end the lease', async () => {
  const lease = await acquired('one')
  const failing = lease.commit(async (client) => {
    await grow(client, lease)
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect((await loadTimeline(database.pool, 'one')).coverage).toBeNull()
  await lease.commit((client) => grow(client, lease))
  expect((await loadTimeline(database.pool, 'one')).coverage).not.toBeNull()
})

test('commits side by side do not wait for each other before lockProgress', async () => {
  const lease = await acquired('one')
  const order: string[] = []
  await lease.commit(async (first) => {
    await putSpans(first, 'one', [spanAt(0)])
    await lease.commit(async (second) => {
      await putSpans(second, 'one', [spanAt(2)])
      await grow(second, lease)
    })
    order.push('the inner one is committed')
    await grow(first, lease)
  })
  order.push('the outer one, too')
  expect(order).toEqual(['the inner one is committed', 'the outer one, too'])
  expect((await loadTimeline(database.pool, 'one')).coverage?.watermark).toBe(NEW_YEAR + 2 * SECOND)
  expect(await spans()).toEqual([spanAt(2), spanAt(0)])
})

test('I2: the second of two commits sees at lockProgress what the first wrote', async () => {
  const lease = await acquired('one')
  let second: Promise<void> = Promise.resolve()
  await lease.commit(async (client) => {
    await grow(client, lease)
    second = lease.commit((other) => grow(other, lease))
    await expect.poll(() => isWaitingForLock(database)).toBe(true)
  })
  await second
  expect((await loadTimeline(database.pool, 'one')).coverage?.watermark).toBe(NEW_YEAR + 2 * SECOND)
})

test('I2, I3: many commits side by side neither deadlock nor lose a step of the coverage', async () => {
  const lease = await acquired('one')
  const commits = Array.from({ length: 100 }, (_, index) =>
    lease.commit(async (client) => {
      await grow(client, lease)
      await putSpans(client, 'one', [spanAt(index)])
    }),
  )
  await Promise.all(commits)
  expect((await loadTimeline(database.pool, 'one')).coverage).toEqual({
    coveredFrom: NEW_YEAR,
    watermark: NEW_YEAR + 100 * SECOND,
  })
  expect(await spans()).toHaveLength(100)
})

test('nothing is committed while triggers do nothing: statistics would not show it; the cure works', async () => {
  const name = new URL(database.url).pathname.slice(1)
  await database.pool.query(`alter database ${name} set session_replication_role = replica`)
  const write = async () => {
    const pool = openPool(database.url, { max: 2, applicationName: 'test' })
    onTestFinished(() => pool.end())
    const clock = createVirtualClock({ holdFrom: 0 })
    const lease = await acquireLease(pool, 'one', { owner: 'worker', leaseMs: 15_000, clock })
    return lease!.commit(async () => 'committed').finally(() => lease!.release())
  }
  const error = await write().catch((reason) => reason)
  const { message } = explainStoreError(error, database.url, String)
  expect(message).toMatch(/session_replication_role is set to replica \(by: database\)/)
  await database.pool.query(/As an administrator: (.*;)/.exec(message)![1]!)
  expect(await write()).toBe('committed')
})
