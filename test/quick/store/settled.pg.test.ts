import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { LeaseLostError } from '../../../src/errors.ts'
import { acquireLease, type Lease } from '../../../src/store/lease.ts'
import { saveNames } from '../../../src/store/lookups.ts'
import { settleIdle } from '../../../src/store/observations.ts'
import { transaction } from '../../../src/store/pool.ts'
import { insertSource } from '../../../src/store/source-row.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase, isWaitingForLock } from '../../support/migrated-database.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { addSource, expireLease } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
})
beforeEach(async () => {
  await database.pool.query('delete from llamacloud_sync.sources')
  await addSource(database)
})
afterAll(() => database.drop())

async function acquire(owner: string, name = 'one'): Promise<Lease> {
  const clock = createVirtualClock({ holdFrom: 0 })
  const lease = await acquireLease(database.pool, name, { owner, leaseMs: 15_000, clock })
  if (!lease) throw new Error(`${owner} did not get the lease`)
  onTestFinished(() => lease.release())
  return lease
}

/** Whether `settled_until` of a source has passed a moment, and is there at least. */
async function settled(at: string, name = 'one'): Promise<{ reached: boolean; passed: boolean }> {
  const { rows } = await database.pool.query(
    `select settled_until >= $2 as reached, settled_until > $2 as passed from llamacloud.sync_freshness where source = $1`,
    [name, at],
  )
  return rows[0]
}

const move = (by: string, name = 'one') =>
  database.pool.query(
    `update llamacloud_sync.sources set settled_until = clock_timestamp() + $2::interval where name = $1`,
    [name, by],
  )

const leaseIsLost = (lease: Lease) => expect(lease.commit(async () => {})).rejects.toThrow(LeaseLostError)

test('I15: what is on its way is not settled; once it is committed, it is', async () => {
  const lease = await acquire('worker')
  const [first, second] = [lease.observe(), lease.observe()]
  second.end()
  await lease.release()
  expect(await settled(first.at)).toMatchObject({ passed: false })
  first.end()
  await lease.release()
  const next = await acquire('next')
  expect(await settled(second.at)).toMatchObject({ reached: true })
  expect(next.observe().at >= second.at).toBe(true)
})

test('I15: what a killed worker had on its way is settled once another has the lease, and is never committed', async () => {
  const killed = await acquire('killed')
  const { at } = killed.observe()
  await expireLease(database)
  await acquire('next')
  expect(await settled(at)).toMatchObject({ reached: true })
  await leaseIsLost(killed)
})

test("I15: what is observed never comes before what is settled, though the database's clock steps back", async () => {
  await move('1 hour')
  const { at } = (await acquire('worker')).observe()
  expect(await settled(at)).toMatchObject({ reached: true, passed: false })
})

test('I15: after the clock of the database stepped back, no source holds up what another observes', async () => {
  for (const name of ['idle', 'other']) await addSource(database, name)
  // All of them were settled while the clock was ahead, and one of them went on since.
  for (const name of ['idle', 'other']) await move('1 hour', name)
  await move('1 hour 1 second')
  const { at } = (await acquire('worker')).observe()
  await transaction(database.pool, (client) => settleIdle(client, 60))
  expect(await settled(at, 'idle')).toMatchObject({ reached: true })
  // Nor does one that is synced in its turn: it begins where the furthest is.
  await move('1 hour', 'other')
  expect((await acquire('its worker', 'other')).observe().at >= at).toBe(true)
  expect(await settled(at, 'other')).toMatchObject({ reached: true })
})

test('I15: a source that no worker looks after does not hold readers up, and its last worker commits nothing more', async () => {
  await addSource(database, 'idle')
  await addSource(database, 'dead')
  const dead = await acquire('dead', 'dead')
  await expireLease(database, 'dead')
  await database.pool.query(
    `update llamacloud_sync.sources set lease_expires_at = lease_expires_at - interval '1 hour' where name = 'dead'`,
  )
  for (const name of ['one', 'idle', 'dead']) await move('-1 hour', name)
  const alive = await acquire('alive')
  const { at } = alive.observe()
  await transaction(database.pool, (client) => settleIdle(client, 0))
  expect(await settled(at, 'idle')).toMatchObject({ reached: true })
  expect(await settled(at, 'dead')).toMatchObject({ reached: true })
  expect(await settled(at)).toMatchObject({ passed: false })
  await leaseIsLost(dead)
})

const SCOPE = {
  list: 'classify',
  baseUrl: 'https://other.example',
  projectId: null,
  organizationId: null,
  configurationId: null,
}

test('I15: a new source waits for what others settle meanwhile, and begins there', async () => {
  const lease = await acquire('worker')
  let created: Promise<unknown> = Promise.resolve()
  await lease.commit(async (client) => {
    await client.query(
      `update llamacloud_sync.sources set settled_until = now() + interval '1 hour' where name = 'one'`,
    )
    created = insertSource(database.pool, 'new', SCOPE)
    await expect.poll(() => isWaitingForLock(database)).toBe(true)
  })
  await created
  const { rows } = await database.pool.query<{ at: string }>(
    `select settled_until as at from llamacloud.sync_freshness where source = 'one'`,
  )
  expect(await settled(rows[0]!.at, 'new')).toMatchObject({ reached: true })
})

test('I15: no name is added with a time before what is settled, however long its transaction takes', async () => {
  await move('-1 hour')
  const blocker = await database.pool.connect()
  await blocker.query(`begin; insert into llamacloud.projects (id, synced_at) values ('p', now())`)
  const projects = { table: 'projects', columns: { name: 'text' } }
  const saved = saveNames(database.pool, projects, ['p'], [['One']])
  await expect.poll(() => isWaitingForLock(database)).toBe(true)
  await transaction(database.pool, (client) => settleIdle(client, 0))
  const bound = 'select min(settled_until)::text as to from llamacloud.sync_freshness'
  const { to } = (await database.pool.query<{ to: string }>(bound)).rows[0]!
  await blocker.query('rollback')
  blocker.release()
  await saved
  const { rows } = await database.pool.query(
    'delete from llamacloud.projects returning name, synced_at >= $1 as comes',
    [to],
  )
  expect(rows).toEqual([{ name: 'One', comes: true }])
})
