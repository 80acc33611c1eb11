import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { demoCycles, demoSettings, startDemoWorld } from '../../src/commands/demo-world.ts'
import { type Embedded, startEmbedded } from '../../src/embedded-postgres/embedded.ts'
import { CLASSIFY_SUMS } from '../../src/lists/classify/sums.ts'
import { createLogger } from '../../src/log.ts'
import { loadFigures } from '../../src/report/figures.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openPool, transaction } from '../../src/store/pool.ts'
import { loadStatus } from '../../src/store/status.ts'
import { sumUpDay } from '../../src/store/sums.ts'

/** Nobody waits for the standby that is away but who asks for it. */
const SETTINGS = {
  wal_level: 'logical',
  synchronous_standby_names: 'away',
  synchronous_commit: 'local',
  fsync: 'off',
}

let folder: string
let primary: Embedded
let pool: pg.Pool
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-replicas-'))
  chmodSync(folder, 0o755)
  primary = await startEmbedded({ dataDir: join(folder, 'primary'), clock: systemClock, settings: SETTINGS })
  pool = openPool(primary.url, { max: 5, applicationName: 'primary' })
  await migrate(pool)
  const demo = await startDemoWorld()
  const settings = demoSettings(demo, { LOG_LEVEL: 'error' })
  const log = createLogger({ ...settings.log, secrets: settings.secrets })
  const { signal } = new AbortController()
  const database = { url: primary.url, pool }
  for await (const _ of demoCycles(demo, { settings, database, log, signal }));
  await demo.api.close()
})
afterAll(async () => {
  await pool?.end()
  await primary?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A statement of docs/scaling.md, by its first line. */
function documented(firstLine: string): string {
  const page = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8')
  const block = [...page.matchAll(/```sql\n(.*?)\n```/gs)].find(([, sql]) => sql!.startsWith(firstLine))
  if (!block) throw new Error(`docs/scaling.md has no statement that begins with ${firstLine}`)
  return block[1]!
}

const views = async (client: pg.Pool) =>
  (
    await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'v') order by 1`,
    )
  ).rows.map(({ name }) => name)

/** What a reader sees of everything, ages aside. */
async function seen(client: pg.Pool) {
  const counts: Record<string, number> = {}
  for (const name of await views(client)) {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from llamacloud.${name}`,
    )
    counts[name] = rows[0]!.count
  }
  const settled = await client.query(
    'select source, watermark, settled_until from llamacloud.sync_freshness order by source',
  )
  const days = await client.query(
    'select day, project_id, outcome, result_type, jobs from llamacloud.classify_daily order by 1, 2, 3, 4',
  )
  const { freshness: _, ...figures } = await loadFigures(client, 30)
  return { counts, settled: settled.rows, days: days.rows, figures }
}

/** Something of every kind: a row that changes, a day that is marked, and one that is summed up, which deletes. */
async function workOn(): Promise<void> {
  await pool.query(
    `update llamacloud.classify_jobs set result_confidence = 0.5, synced_at = now() where result_confidence > 0.9`,
  )
  const { rows } = await pool.query<{ day: string }>(
    'select day::text from llamacloud_sync.classify_dirty_days order by day limit 1',
  )
  await transaction(pool, (client) => sumUpDay(client, CLASSIFY_SUMS, rows[0]!.day))
}

test('a hot standby: the views, the report and status answer as the primary does', async () => {
  const home = join(folder, 'standby')
  const backup = await pool.connect()
  await backup.query(`select pg_backup_start('standby', true)`)
  execFileSync('cp', ['-a', join(folder, 'primary'), home])
  const { rows } = await backup.query<{ label: string }>('select labelfile as label from pg_backup_stop()')
  backup.release()
  const cluster = join(home, 'postgres', 'cluster')
  rmSync(join(cluster, 'postmaster.pid'))
  const files = { backup_label: rows[0]!.label, 'standby.signal': '' }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(cluster, name), text)
    // The server may be another user.
    chmodSync(join(cluster, name), 0o666)
  }
  const { hostname, port, username, password } = new URL(primary.url)
  const standby = await startEmbedded({
    dataDir: home,
    clock: systemClock,
    settings: {
      ...SETTINGS,
      primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password}`,
    },
  })
  const reader = openPool(standby.url, { max: 5, applicationName: 'reader' })
  try {
    await workOn()
    const { rows: at } = await pool.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
    const isThere = async () =>
      (await reader.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [at[0]!.lsn])).rows[0]
        .there
    await expect.poll(isThere).toBe(true)
    expect(await seen(reader)).toEqual(await seen(pool))
    expect((await loadStatus(reader)).map(({ name }) => name)).toEqual(
      (await loadStatus(pool)).map(({ name }) => name),
    )
    await expect(
      transaction(reader, (client) => client.query('truncate llamacloud.classify_jobs')),
    ).rejects.toThrow('is a standby')
  } finally {
    await reader.end()
    await standby.stop()
  }
})

test('a logical subscriber, as documented: the views and the report answer as the publisher does, and the worker goes on', async () => {
  await pool.query(documented('-- On the publisher'))
  await pool.query('create database subscriber')
  const reader = openPool(Object.assign(new URL(primary.url), { pathname: '/subscriber' }).href, {
    max: 5,
    applicationName: 'reader',
  })
  try {
    await migrate(reader)
    // Both are of one server, which could not wait for itself to make the slot.
    await pool.query(`select pg_create_logical_replication_slot('llamacloud', 'pgoutput')`)
    const subscribe = documented('-- On the subscriber').replace(
      'host=publisher dbname=llamacloud',
      primary.url,
    )
    await reader.query(subscribe.replace(/;$/, ` with (create_slot = false);`))
    const isCopied = async () =>
      (await reader.query(`select bool_and(srsubstate = 'r') as copied from pg_subscription_rel`)).rows[0]
        .copied
    await expect.poll(isCopied).toBe(true)
    await workOn()
    const { rows: at } = await pool.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
    const isThere = async () =>
      (
        await pool.query(
          `select confirmed_flush_lsn >= $1::pg_lsn as there from pg_replication_slots where slot_name = 'llamacloud'`,
          [at[0]!.lsn],
        )
      ).rows[0].there
    await expect.poll(isThere).toBe(true)
    expect(await seen(reader)).toEqual(await seen(pool))
    await reader.query(
      'alter subscription llamacloud disable; alter subscription llamacloud set (slot_name = none); drop subscription llamacloud',
    )
  } finally {
    await reader.end()
  }
})

test('I11: a commit that waits for a synchronous standby that is away ends, and says so', async () => {
  await pool.query('create table public.item (id int)')
  const impatient = openPool(primary.url, { max: 1, applicationName: 'impatient', queryTimeout: 10_000 })
  try {
    const waiting = transaction(impatient, async (client) => {
      await client.query('set local synchronous_commit = on')
      await client.query('insert into public.item values (1)')
    })
    await expect(waiting).rejects.toMatchObject({
      message: expect.stringContaining('SyncRep'),
      cure: expect.stringContaining('synchronous_standby_names'),
    })
    expect((await pool.query('select * from public.item')).rows).toEqual([])
  } finally {
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'impatient'`,
    )
    await impatient.end()
  }
})
