import { once } from 'node:events'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sqlState } from '../../../src/store/database-error.ts'
import { acquireLease, type Lease } from '../../../src/store/lease.ts'
import { openPool } from '../../../src/store/pool.ts'
import { transactionWithRetries } from '../../../src/store/retry.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { addSource, expireLease } from './sources.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createMigratedDatabase()
  await database.pool.query('create table public.item (id int primary key)')
})
beforeEach(() => database.pool.query('truncate public.item'))
afterAll(() => database.drop())

const items = async () =>
  (await database.pool.query('select id from public.item order by id')).rows.map(({ id }) => id)
const never = new AbortController().signal

/** Runs `work` with retries in simulated time; returns how often it was tried again and after which waits. */
function run(work: (client: PoolClient, attempt: number) => Promise<unknown>, signal = never) {
  const clock = createVirtualClock()
  let attempts = 0
  const retries: (string | undefined)[] = []
  const done = transactionWithRetries(
    database.pool,
    (client) => {
      attempts += 1
      return work(client, attempts)
    },
    { clock, signal, onRetry: (error) => retries.push(sqlState(error)) },
  )
  return { done, clock, retries, attempts: () => attempts }
}

const raise = (state: string) => `do $$ begin raise exception 'no' using errcode = '${state}'; end $$`

describe('a failure that passes by itself', () => {
  test.each(['25P03', '40001', '40P01', '53300', '55P03', '57P01', '57P02', '57P03', '57P05', '08006'])(
    'I7: %s: the transaction is run again, and its writes count once',
    async (state) => {
      const { done, retries } = run(async (client, attempt) => {
        await client.query('insert into public.item values (1)')
        if (attempt === 1) await client.query(raise(state))
      })
      await done
      expect(retries).toEqual([state])
      expect(await items()).toEqual([1])
    },
  )

  test('a backend that is killed before the commit', async () => {
    const { done, attempts } = run(async (client, attempt) => {
      await client.query('insert into public.item values (2)')
      if (attempt === 1) await kill(client)
      await client.query('insert into public.item values (3)')
    })
    await done
    expect(attempts()).toBe(2)
    expect(await items()).toEqual([2, 3])
  })

  test.each([
    ['a statement', 'insert into public.item values (8)', [7, 8]],
    ['the commit', undefined, [7]],
  ])(
    'I6, I7: a transaction that PostgreSQL ended while the worker stood still, noticed by %s',
    async (_, last, stored) => {
      const { done, retries } = run(async (client, attempt) => {
        await client.query('insert into public.item values (7)')
        if (attempt === 1) await idleTooLong(client)
        if (last) await client.query(last)
      })
      await done
      expect(retries).toEqual(['25P03'])
      expect(await items()).toEqual(stored)
    },
  )

  test('I7: a commit that is answered with the end for idling left nothing behind', async () => {
    const { done, retries } = run(async (client, attempt) => {
      await client.query('insert into public.item values (10)')
      if (attempt > 1) return
      // A pause between the last answer and the commit: the server's word is there before the commit is.
      const { query } = client
      client.query = (async (...args: Parameters<typeof query>) => {
        if (String(args[0]) !== 'commit') return query.apply(client, args)
        client.query = query
        return query.apply(client, [raise('25P03')] as unknown as Parameters<typeof query>)
      }) as unknown as typeof query
    })
    await done
    expect(retries).toEqual(['25P03'])
    expect(await items()).toEqual([10])
  })

  test('a pause has spent nothing of the budget', async () => {
    const { done, attempts, clock } = run(async (client, attempt) => {
      if (attempt > 1) return
      await clock.sleep(3_600_000)
      await client.query(raise('25P03'))
    })
    await done
    expect(attempts()).toBe(2)
  })

  test('a server that refuses connections is asked with growing waits until the budget is used up', async () => {
    const pool = openPool('postgres://nobody@127.0.0.1:1/none', { max: 1, applicationName: 'test' })
    const clock = createVirtualClock()
    const done = transactionWithRetries(pool, async () => {}, { clock, signal: never, onRetry: () => {} })
    await expect(done).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(clock.slept.slice(0, 8)).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
    expect(clock.monotonic()).toBeGreaterThan(50_000)
    expect(clock.monotonic()).toBeLessThanOrEqual(60_000)
    await pool.end()
  })

  test('an abort ends the wait at once with its reason', async () => {
    const stop = new AbortController()
    const { done, clock } = run(async (client) => {
      setImmediate(() => stop.abort(new Error('enough')))
      await client.query(raise('40001'))
    }, stop.signal)
    await expect(done).rejects.toThrow(/enough|no/)
    expect(clock.monotonic()).toBeLessThan(1_000)
  })
})

describe('a failure that does not pass', () => {
  test.each(['53100', '57014', '25006', '23505', '42501', '28P01'])('%s is thrown at once', async (state) => {
    const { done, attempts } = run((client) => client.query(raise(state)))
    expect(sqlState(await done.catch((error: unknown) => error))).toBe(state)
    expect(attempts()).toBe(1)
  })

  test('an error of our own is thrown at once, also where the connection is lost with it', async () => {
    const bug = new TypeError('a bug')
    const { done, attempts } = run(async () => {
      throw bug
    })
    await expect(done).rejects.toBe(bug)
    expect(attempts()).toBe(1)
  })

  test('I7: a commit whose answer is lost may have come through, and is not repeated', async () => {
    const { done, attempts } = run(async (client) => {
      await client.query('insert into public.item values (4)')
      const { query } = client
      // The commit itself comes through; its answer does not.
      client.query = (async (...args: Parameters<typeof query>) => {
        const result = await query.apply(client, args)
        if (String(args[0]) !== 'commit') return result
        await kill(client)
        throw new Error('Connection terminated unexpectedly')
      }) as unknown as typeof query
    })
    await expect(done).rejects.toThrow('Connection terminated')
    expect(attempts()).toBe(1)
    expect(await items()).toEqual([4])
  })
})

describe('commits under a lease', () => {
  const acquire = async (signal: AbortSignal): Promise<Lease> => {
    await addSource(database)
    const clock = createVirtualClock({ holdFrom: 5_000 })
    const lease = await acquireLease(database.pool, 'one', { owner: 'one', leaseMs: 15_000, clock, signal })
    if (!lease) throw new Error('the lease is not free')
    return lease
  }

  test('I6: the fence is checked again before each attempt', async () => {
    const lease = await acquire(never)
    let attempts = 0
    const commit = lease.commit(async (client) => {
      attempts += 1
      await client.query('insert into public.item values (5)')
      await expireLease(database)
      await takeOver()
      await client.query(raise('40001'))
    })
    await expect(commit).rejects.toThrow('took over')
    expect(attempts).toBe(1)
    expect(await items()).toEqual([])
    await lease.release()
  })

  test('after an abort a commit is still tried, once', async () => {
    const lease = await acquire(AbortSignal.abort(new Error('enough')))
    let attempts = 0
    await lease.commit((client) => client.query('insert into public.item values (6)'))
    const failing = lease.commit(async (client) => {
      attempts += 1
      await client.query(raise('40001'))
    })
    await expect(failing).rejects.toMatchObject({ code: '40001' })
    expect(attempts).toBe(1)
    expect(await items()).toEqual([6])
    await lease.release()
  })
})

async function kill(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  await database.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]!.pid])
}

/** Until PostgreSQL has ended the session, and the client has heard of it. */
async function idleTooLong(client: PoolClient): Promise<void> {
  const ended = once(client, 'end')
  await client.query('set local idle_in_transaction_session_timeout = 1')
  await ended
}

/** As a take-over does, but for the wait for the commit in hand. */
async function takeOver(): Promise<void> {
  await database.pool.query(`update llamacloud_sync.sources set fence = fence + 1, lease_owner = 'other'`)
}
