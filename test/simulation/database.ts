import type pg from 'pg'
import type { List } from '../../src/lists/list.ts'
import { LISTS } from '../../src/lists/lists.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openPool } from '../../src/store/pool.ts'
import { createDatabase, dropDatabase, urlOf } from '../support/databases.ts'
import { createStandby, type Standby } from './standby.ts'

const tablesOf = (lists: readonly List[]) => [
  'llamacloud_sync.source_projects',
  'llamacloud_sync.rechecks',
  'llamacloud_sync.spans',
  'llamacloud_sync.rejects',
  'llamacloud_sync.runs',
  'llamacloud_sync.lookups',
  'llamacloud_sync.credit_checks',
  'llamacloud_sync.sources',
  ...lists.flatMap(({ jobs, changes }) => [`llamacloud.${changes.table}`, `llamacloud.${jobs.table}`]),
  'llamacloud.classify_rules',
  ...lists.flatMap(({ shared }) => shared?.table ?? []),
  // After the jobs, whose removal marks their days.
  ...lists.flatMap(({ sums }) =>
    sums
      ? [sums.dirtyDays, ...sums.settled.map(([table]) => table)].map((name) => `llamacloud_sync.${name}`)
      : [],
  ),
]
/** Deleting is faster than truncating, but leaves dead rows behind. */
const TRUNCATE_EVERY = 50

/** A connection, and the number of the server's process at its other end. */
export type Backend = pg.PoolClient & { readonly processID: number }

/** A real database, used by one simulation after the other. */
export interface SimulationDatabase {
  readonly url: string
  /** Where the connections of the workers come from. */
  readonly pool: pg.Pool
  /** Connected and not in use, left by workers of this simulation and of earlier ones. */
  readonly idle: Backend[]
  /** For looking on, outside the simulated world. */
  readonly observer: pg.Pool
  readonly standby: Standby
  clear(): Promise<void>
  /** Ends a connection's backend and waits until it has gone, so that its transaction is rolled back. */
  terminate(client: Backend): Promise<void>
  isWaitingForLock(client: Backend): Promise<boolean>
  drop(): Promise<void>
}

export async function createSimulationDatabase(
  serverUrl: string,
  { lists, migration }: { readonly lists: readonly List[]; readonly migration: string } = {
    lists: LISTS,
    migration: '',
  },
): Promise<SimulationDatabase> {
  const tables = tablesOf(lists)
  const name = await createDatabase(serverUrl, 'llamacloud_simulation', 'template0')
  const url = urlOf(serverUrl, name)
  const observer = openPool(url, { max: 2, applicationName: 'simulation' })
  await migrate(observer)
  await observer.query(migration)
  await observer.query(`alter database ${name} set deadlock_timeout = '20ms'`)
  // Marks bear the real time, which is after the simulated one: days come to rest at once instead of never.
  for (const { sums } of lists)
    if (sums)
      await observer.query(
        `alter table llamacloud_sync.${sums.dirtyDays} alter column marked_at set default '-infinity'`,
      )
  const standby = await createStandby(observer, tables)
  const pool = openPool(url, { max: 40, applicationName: 'simulated worker' })
  const idle: Backend[] = []
  const gone = new WeakSet<object>()
  pool.on('connect', (client) => client.once('end', () => gone.add(client)))
  let cleared = 0
  return {
    url,
    pool,
    idle,
    observer,
    standby,
    clear: async () => {
      cleared += 1
      const statements =
        cleared % TRUNCATE_EVERY === 0
          ? [`truncate ${tables.join(', ')}`]
          : tables.map((table) => `delete from ${table}`)
      await observer.query(statements.join('; '))
    },
    terminate: async (client) => {
      if (gone.has(client)) return
      // The connection is closed by the end of the process at its other end, when all its locks are gone.
      const ended = new Promise((resolve) => client.once('end', resolve))
      await observer.query('select pg_terminate_backend($1)', [client.processID])
      await ended
    },
    isWaitingForLock: async ({ processID }) => {
      const { rows } = await observer.query<{ waits: boolean }>(
        'select cardinality(pg_blocking_pids($1)) > 0 as waits',
        [processID],
      )
      return rows[0]?.waits === true
    },
    drop: async () => {
      for (const client of idle) client.release()
      await Promise.all([pool.end(), observer.end()])
      await dropDatabase(serverUrl, name)
    },
  }
}
