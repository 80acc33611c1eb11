import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { LeaseLostError } from '../../../src/errors.ts'
import { acquireLease, type Lease } from '../../../src/store/lease.ts'
import { openPool } from '../../../src/store/pool.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, UNUSUAL_SETTINGS } from '../../support/migrated-database.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'
import { addSource, expireLease, sourceRow } from './sources.ts'

const LEASE_MS = 15_000

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase(UNUSUAL_SETTINGS)
})
beforeEach(() => addSource(database))
afterAll(() => database.drop())

/** A clock whose sleepers only `advance` wakes: renewals happen when a test says so. */
const stillClock = (wall?: number) =>
  createVirtualClock({ holdFrom: 0, ...(wall === undefined ? {} : { wall }) })

async function tryAcquire(owner: string, clock: VirtualClock = stillClock()): Promise<Lease | null> {
  const lease = await acquireLease(database.pool, 'one', { owner, leaseMs: LEASE_MS, clock })
  if (lease) onTestFinished(() => lease.release())
  return lease
}

async function acquire(owner: string, clock?: VirtualClock): Promise<Lease> {
  const lease = await tryAcquire(owner, clock)
  if (!lease) throw new Error(`${owner} did not get the lease`)
  return lease
}

const work = (lease: Lease, watermark: string) =>
  lease.commit((client) =>
    client.query('update llamacloud_sync.sources set watermark = $1 where name = $2', [watermark, 'one']),
  )

describe('I6: one writer a source', () => {
  test('of ten workers at once, one gets the lease; once released, the next does', async () => {
    const leases = await Promise.all(Array.from({ length: 10 }, (_, index) => tryAcquire(`worker ${index}`)))
    const held = leases.filter((lease) => lease !== null)
    expect(held).toHaveLength(1)
    expect(await tryAcquire('late')).toBeNull()
    await held[0]!.release()
    expect(await sourceRow(database)).toMatchObject({ lease_owner: null, lease_expires_at: null })
    await acquire('late')
    expect(await sourceRow(database)).toMatchObject({ lease_owner: 'late', fence: 2 })
  })

  test('a source that is not there has no lease; another source has one of its own', async () => {
    await acquire('one')
    const options = { owner: 'x', leaseMs: LEASE_MS, clock: stillClock() }
    expect(await acquireLease(database.pool, 'unknown', options)).toBeNull()
    await addSource(database, 'two')
    const two = await acquireLease(database.pool, 'two', options)
    expect(two?.source).toBe('two')
    await two?.release()
  })

  test('it holds for as long as asked for, and then the next worker raises the fence', async () => {
    await acquire('first')
    const { rows } = await database.pool.query<{ left: number }>(
      `select extract(epoch from lease_expires_at - clock_timestamp())::float8 as left
      from llamacloud_sync.sources where name = 'one'`,
    )
    expect(rows[0]!.left).toBeGreaterThan(5)
    expect(rows[0]!.left).toBeLessThanOrEqual(15)
    expect(await tryAcquire('second')).toBeNull()
    await expireLease(database)
    await acquire('second')
    expect(await sourceRow(database)).toMatchObject({ lease_owner: 'second', fence: 2 })
  })

  test('of ten workers that find it run out, one gets it', async () => {
    await acquire('first')
    await expireLease(database)
    const leases = await Promise.all(Array.from({ length: 10 }, (_, index) => tryAcquire(`worker ${index}`)))
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1)
    expect(await sourceRow(database)).toMatchObject({ fence: 2 })
  })

  test('a former holder commits nothing more, and disturbs the new one neither by renewal nor by release', async () => {
    const clock = stillClock()
    const former = await acquire('former', clock)
    await work(former, '2026-01-01T00:00:00Z')
    await expireLease(database)
    await acquire('new')
    const row = await sourceRow(database)
    const refused = work(former, '2026-02-02T00:00:00Z')
    await expect(refused).rejects.toThrow(LeaseLostError)
    await expect(refused).rejects.toThrow('Another worker took over the source "one"')
    clock.advance(LEASE_MS / 3)
    await expect.poll(() => former.lost.aborted).toBe(true)
    await former.release()
    expect(await sourceRow(database)).toEqual(row)
  })

  test('nothing of a refused commit runs', async () => {
    const former = await acquire('former')
    await expireLease(database)
    await acquire('new')
    let ran = false
    const refused = former.commit(async () => {
      ran = true
    })
    await expect(refused).rejects.toThrow(LeaseLostError)
    expect(ran).toBe(false)
  })

  test('a lease that ran out and that nobody took over still commits, and a renewal revives it', async () => {
    const clock = stillClock()
    const lease = await acquire('slow', clock)
    await expireLease(database)
    await work(lease, '2026-03-03T00:00:00Z')
    clock.advance(LEASE_MS / 3)
    await expect.poll(async () => (await sourceRow(database)).is_held).toBe(true)
    expect(await tryAcquire('second')).toBeNull()
    expect(lease.lost.aborted).toBe(false)
  })
})

test('renewals at a third of it keep it', async () => {
  const clock = stillClock()
  const lease = await acquire('one', clock)
  for (let round = 0; round < 3; round += 1) {
    const { lease_expires_at: before } = await sourceRow(database)
    clock.advance(LEASE_MS / 3 - 1)
    expect((await sourceRow(database)).lease_expires_at).toBe(before)
    clock.advance(1)
    await expect.poll(async () => (await sourceRow(database)).lease_expires_at).not.toBe(before)
  }
  expect(lease.lost.aborted).toBe(false)
  await lease.release()
  clock.advance(LEASE_MS)
  expect(await sourceRow(database)).toMatchObject({ lease_owner: null })
})

test('lost aborts with the reason at the first renewal after a take-over', async () => {
  const clock = stillClock()
  const lease = await acquire('former', clock)
  await expireLease(database)
  await acquire('new')
  expect(lease.lost.aborted).toBe(false)
  clock.advance(LEASE_MS / 3)
  await expect.poll(() => lease.lost.reason).toBeInstanceOf(LeaseLostError)
})

test('A14: its time is the time of the database, whatever the clock of the worker shows', async () => {
  const databaseNow = async () => {
    const { rows } = await database.pool.query<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000000)::int8 as now',
    )
    return rows[0]!.now
  }
  const clock = stillClock(Date.parse('1999-12-31T00:00:00Z'))
  const before = await databaseNow()
  const lease = await acquire('one', clock)
  expect(lease.now()).toBeGreaterThanOrEqual(before)
  expect(lease.now()).toBeLessThanOrEqual(await databaseNow())
  const start = lease.now()
  clock.advance(1_234.567)
  expect(lease.now() - start).toBe(1_234_567)
  expect(Number.isSafeInteger(lease.now())).toBe(true)
})

test('I6: it keeps no state in a session', async () => {
  const pool = openPool(database.url, { max: 1, applicationName: 'test' })
  onTestFinished(() => pool.end())
  const state = `
    select pg_backend_pid() as pid,
      (select count(*) from pg_prepared_statements) as prepared,
      (select count(*) from pg_locks where pid = pg_backend_pid() and locktype <> 'virtualxid' and locktype <> 'relation') as locks,
      (select count(*) from pg_class where relpersistence = 't') as temporary,
      (select md5(string_agg(name || setting, ',' order by name)) from pg_settings) as settings`
  const before = (await pool.query(state)).rows
  const lease = await acquireLease(pool, 'one', { owner: 'o', leaseMs: LEASE_MS, clock: stillClock() })
  await lease?.commit((client) => lease.lockProgress(client))
  expect((await pool.query(state)).rows).toEqual(before)
  expect(before).toMatchObject([{ prepared: 0, locks: 0, temporary: 0 }])
  await lease?.release()
})
