import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { isFree, readAccess, writeAccess } from '../../../src/embedded-postgres/access.ts'
import { type Embedded, startEmbedded } from '../../../src/embedded-postgres/embedded.ts'
import { EmbeddedPostgresError } from '../../../src/errors.ts'
import { dataDirectory, postmaster, query, start as startAt, startWorker } from './support.ts'

let dataDir: string
const running = new Set<Embedded>()

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'llamacloud-sync-embedded-'))
  await chmod(dataDir, 0o755)
})

afterAll(async () => {
  await Promise.all([...running].map((server) => server.stop()))
  await rm(dataDir, { recursive: true, force: true })
})

async function start(): Promise<Embedded> {
  const server = await startEmbedded({ dataDir, clock: systemClock })
  running.add(server)
  return server
}

test('first use makes the database, the next run finds it as it was, at the same address', async () => {
  const first = await start()
  await query(first.url, 'create table kept (id int)')
  await query(first.url, 'insert into kept values (1)')
  await first.stop()
  await expect(query(first.url, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' })

  const second = await start()
  expect(await query(second.url, 'select id from kept')).toEqual([{ id: 1 }])
  expect(second.psql).toBe(first.psql)
  expect(second.version).toMatch(/^\d+\.\d+\.\d+-beta\.\d+$/)
  await second.stop()
})

test('it is UTF-8, sorts by code point, shows times in UTC and asks for a password', async () => {
  const server = await start()
  const rows = await query(
    server.url,
    `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone,
       'B' < 'a' as by_code_point, upper('é') as upper, current_setting('listen_addresses') as listens`,
  )
  expect(rows).toEqual([
    { encoding: 'UTF8', zone: 'UTC', by_code_point: true, upper: 'É', listens: '127.0.0.1' },
  ])
  const wrong = new URL(server.url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select')).rejects.toMatchObject({ code: '28P01' })
  await server.stop()
})

test('I10: what is shown to people holds no password; the file that does is its owner’s alone', async () => {
  const server = await start()
  const { password, hostname, port, username } = new URL(server.url)
  expect(password.length).toBeGreaterThan(20)
  expect(server.psql).not.toContain(password)
  const file = /^PGPASSFILE='(\S+)' psql /.exec(server.psql)?.[1] ?? ''
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).toBe(`${hostname}:${port}:*:${username}:${password}\n`)
  await server.stop()
})

test('two processes that start at once share one server; the last to leave stops it', async () => {
  const [worker, server] = await Promise.all([startWorker(dataDir), start()])
  expect(worker.said).toBe(server.url)
  expect(await worker.leave()).toBe('left')
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
  await expect(query(server.url, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('stopping twice is stopping once; a session left open does not keep the server up', async () => {
  const server = await start()
  const session = new pg.Client({ connectionString: server.url })
  session.on('error', () => {})
  await session.connect()
  await Promise.all([server.stop(), server.stop()])
  await server.stop()
  await expect(query(server.url, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a worker that was killed leaves the server to the next one, who can stop it', async () => {
  const worker = await startWorker(dataDir)
  const before = await postmaster(dataDir)
  await worker.kill()
  const server = await start()
  expect(await postmaster(dataDir)).toBe(before)
  await server.stop()
  await expect(query(server.url, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('after the server was killed, its worker stops in peace, and the next start has what was committed', async () => {
  const server = await start()
  await query(server.url, 'insert into kept values (2)')
  process.kill(await postmaster(dataDir), 'SIGKILL')
  await expect.poll(() => isFree(Number(new URL(server.url).port))).toBe(true)
  await server.stop()
  const next = await start()
  expect(await query(next.url, 'select id from kept order by id')).toEqual([{ id: 1 }, { id: 2 }])
  await next.stop()
})

test('a server that was killed is lost to whoever uses it; the first to start anew has it back', async () => {
  const told: string[] = []
  const server = await startEmbedded({ dataDir, clock: systemClock, log: (line) => told.push(line) })
  running.add(server)
  expect(server.isLost()).toBe(false)
  process.kill(await postmaster(dataDir), 'SIGKILL')
  await expect.poll(() => server.isLost()).toBe(true)
  expect(told).toEqual([expect.stringMatching(/stopped unexpectedly/)])
  const anew = await start()
  expect(await query(anew.url, 'select count(*)::int as count from kept')).toEqual([{ count: 2 }])
  // Of two users, one of them of the server before, the last stops it.
  await anew.stop()
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
  await expect(query(server.url, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a port taken by another program is left to it: the server moves, and stays where it moved to', async () => {
  const first = await start()
  await first.stop()
  const other = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
  await once(other, 'listening')
  const second = await start()
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
  expect(await query(second.url, 'select count(*)::int as count from kept')).toEqual([{ count: 2 }])
  await second.stop()
  await new Promise((resolve) => other.close(resolve))
  const third = await start()
  expect(third.psql).toBe(second.psql)
  await third.stop()
})

test('I12: two servers that are after one port both start: the one that finds it taken moves', async () => {
  const homes = [await dataDirectory(), await dataDirectory()]
  const [first] = await Promise.all(
    homes.map(async (home) => {
      const server = await startAt(home)
      await server.stop()
      return server
    }),
  )
  const port = Number(new URL(first?.url ?? '').port)
  for (const home of homes) {
    const place = join(home, 'postgres')
    await writeAccess(place, { ...(await readAccess(place)), port })
  }
  const urls = (await Promise.all(homes.map(startAt))).map((server) => server.url)
  expect(await Promise.all(urls.map((url) => query(url, 'select 1 as one')))).toEqual([
    [{ one: 1 }],
    [{ one: 1 }],
  ])
})

test('data of another major version is refused, with what to do', async () => {
  const file = join(dataDir, 'postgres', 'cluster', 'PG_VERSION')
  const own = await readFile(file, 'utf8')
  await writeFile(file, '17\n')
  await expect(start()).rejects.toThrow(EmbeddedPostgresError)
  await expect(start()).rejects.toThrow(
    /was created by another major version: see docs\/embedded-postgres\.md, .* SYNC_DATA_DIR, or set DATABASE_URL\.$/,
  )
  await writeFile(file, own)
})

test('a server that cannot start says why', async () => {
  const settings = { shared_buffers: 'none' }
  await expect(startEmbedded({ dataDir, clock: systemClock, settings })).rejects.toThrow(
    /does not start.*postgres\.log:.*invalid value for parameter "shared_buffers"/s,
  )
})
