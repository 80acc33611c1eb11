import { chmod, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lock } from '../../src/embedded-postgres/lock.ts'
import {
  dataDirectory,
  isPermitted,
  postmaster,
  query,
  start,
  startWorker,
} from '../quick/embedded-postgres/support.ts'

const OWN_PROCESSES = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const
const OWN_NETWORK = ['unshare', '--net'] as const
const OWN_MOUNTS = ['unshare', '--mount'] as const
const REFUSED =
  /^EmbeddedPostgresError: PostgreSQL already runs on .* in another container .* SYNC_DATA_DIR.* DATABASE_URL/

/** To make namespaces takes Linux, and in most places root. */
const worksHere = (around: readonly string[]) => isPermitted([...around, 'true'])

describe.runIf(worksHere(OWN_PROCESSES) && worksHere(OWN_NETWORK))('in other namespaces', () => {
  test.each([
    ['process numbers', OWN_PROCESSES],
    ['a network', OWN_NETWORK],
  ])('a second worker with %s of its own refuses, and nothing of the first is lost', async (_, around) => {
    const dataDir = await dataDirectory()
    const first = await start(dataDir)
    await query(first.url, 'create table kept as select generate_series(1, 40000) as id')
    const pid = await postmaster(dataDir)
    for (let attempt = 1; attempt <= 2; attempt++) {
      expect((await startWorker(dataDir, around)).said).toMatch(REFUSED)
      await query(first.url, 'insert into kept select generate_series(1, 20000)')
    }
    expect(await postmaster(dataDir)).toBe(pid)
    await first.stop()
    const again = await start(dataDir)
    expect(await query(again.url, 'select count(*)::int from kept')).toEqual([{ count: 80_000 }])
  })

  test('a container that was killed leaves its data to the next, in which the same numbers are other processes', async () => {
    const dataDir = await dataDirectory()
    for (const count of [1, 2, 3]) {
      const worker = await startWorker(dataDir, OWN_PROCESSES)
      await query(worker.said, 'create table if not exists kept (id int)')
      await query(worker.said, 'insert into kept values (1)')
      expect(await query(worker.said, 'select count(*)::int from kept')).toEqual([{ count }])
      await worker.kill()
      // A container is gone when its last process is: until then the next one is refused.
      const lock = join(dataDir, 'postgres', 'server.lock')
      await expect.poll(() => isPermitted(['flock', '--nonblock', lock, 'true'])).toBe(true)
    }
    const next = await start(dataDir)
    expect(await query(next.url, 'select count(*)::int from kept')).toEqual([{ count: 3 }])
  })
})

// Where nobody may make a namespace, what the second would find is put there.
test.each([
  ['another boot', 1],
  ['other namespaces', 2],
])('a server that was started under %s is refused, and works on', async (_, line) => {
  const dataDir = await dataDirectory()
  const first = await start(dataDir)
  const file = join(dataDir, 'postgres', 'cluster', 'running')
  const own = await readFile(file, 'utf8')
  await writeFile(file, own.split('\n').with(line, 'other').join('\n'))
  expect((await startWorker(dataDir)).said).toMatch(REFUSED)
  expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await writeFile(file, own)
})

test.each(['the worker', 'the server', 'both'])(
  'after %s was killed the next start has all',
  async (which) => {
    const dataDir = await dataDirectory()
    const worker = await startWorker(dataDir)
    await query(worker.said, 'create table kept as select 1 as id')
    if (which !== 'the worker') process.kill(await postmaster(dataDir), 'SIGKILL')
    if (which !== 'the server') await worker.kill()
    const next = await startWorker(dataDir)
    expect(await query(next.said, 'select id from kept')).toEqual([{ id: 1 }])
    if (which === 'the server') expect(await worker.leave()).toBe('left')
    expect(await next.leave()).toBe('left')
    await expect(query(next.said, 'select')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  },
)

test.each(['unfinished', 'cluster', 'cluster/running', 'cluster/postmaster.pid'])(
  'a worker that is killed as soon as %s is there keeps nobody from starting',
  async (name) => {
    const dataDir = await dataDirectory()
    const killer = `"$@" & until [ -e '${join(dataDir, 'postgres', name)}' ]; do :; done; kill -9 $!; wait`
    await startWorker(dataDir, ['/bin/sh', '-c', killer, 'sh'])
    const next = await startWorker(dataDir)
    expect(await query(next.said, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await next.leave()).toBe('left')
  },
)

test('a server that another program started, or left, is not touched', async () => {
  const dataDir = await dataDirectory()
  await (await start(dataDir)).stop()
  const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
  await writeFile(file, `1\n${dataDir}\n1700000000\n`)
  await expect(start(dataDir)).rejects.toThrow(
    /of another program was started .*: stop it\. .* remove .*postmaster\.pid\.$/,
  )
  await rm(file)
  const server = await start(dataDir)
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

async function isUnlocked(home: string): Promise<boolean> {
  const free = await lock(home, 'server', 'exclusive')
  free?.release()
  return free !== undefined
}

test('after a restart of the machine the data on its disk is used again', async () => {
  const dataDir = await dataDirectory()
  const worker = await startWorker(dataDir)
  await query(worker.said, 'create table kept as select 1 as id')
  process.kill(await postmaster(dataDir), 'SIGKILL')
  await worker.kill()
  // A restart ends the postmaster's children too; here they see that it is gone a moment later.
  await expect.poll(() => isUnlocked(join(dataDir, 'postgres'))).toBe(true)
  const file = join(dataDir, 'postgres', 'cluster', 'running')
  await writeFile(file, (await readFile(file, 'utf8')).split('\n').with(1, 'the boot before').join('\n'))
  const next = await start(dataDir)
  expect(await query(next.url, 'select id from kept')).toEqual([{ id: 1 }])
})

describe.runIf(worksHere(OWN_MOUNTS))('on a file system of its own', () => {
  /** A worker that sees another file system at `place`, in which `script` ran first. */
  const startOn = (dataDir: string, mount: string, place = dataDir, script = '') => {
    const shell = `mount ${mount} '${place}' && cd '${place}' && ${script || 'true'} && exec "$@"`
    return startWorker(dataDir, [...OWN_MOUNTS, '/bin/sh', '-c', shell, 'sh'])
  }

  test('a full disk is told in one sentence', async () => {
    const { said } = await startOn(await dataDirectory(), '-t tmpfs -o size=8m,mode=755 tmpfs')
    expect(said).toMatch(
      /: The disk of .* is full: free some space, choose .* SYNC_DATA_DIR, or set DATABASE_URL\.$/,
    )
  })

  test('a read-only file system is told in one sentence', async () => {
    const { said } = await startOn(await dataDirectory(), '-t tmpfs -o ro,mode=755 tmpfs')
    expect(said).toMatch(
      /: .* is on a read-only file system,? .*choose .* SYNC_DATA_DIR, or set DATABASE_URL\.$/,
    )
  })

  test('data that another machine may use, for its file system may be shared, is refused', async () => {
    const script =
      '(mkdir -p postgres/cluster; printf "far\\nboot\\nnamespaces\\n" >postgres/cluster/running; ' +
      'printf 127.0.0.1:1:*:llamacloud:x >postgres/pgpass; chmod -R 777 .)'
    const { said } = await startOn(await dataDirectory(), '-t ramfs ramfs', undefined, script)
    expect(said).toMatch(/of another machine \(host far\) was started .* stop it\. .* remove .*running\.$/)
  })

  test('64 KB of shared memory in /dev/shm are enough, for parallel queries too', async () => {
    const worker = await startOn(await dataDirectory(), '-t tmpfs -o size=64k tmpfs', '/dev/shm')
    await query(worker.said, 'create table many as select generate_series(1, 300000) as id')
    const settings = '-c parallel_setup_cost=0 -c parallel_tuple_cost=0 -c min_parallel_table_scan_size=0'
    const url = `${worker.said}&options=${encodeURIComponent(settings)}`
    const join = 'select count(*)::int from many as a join many as b using (id)'
    expect(JSON.stringify(await query(url, `explain ${join}`))).toContain('Parallel Hash')
    expect(await query(url, join)).toEqual([{ count: 300_000 }])
    expect(await worker.leave()).toBe('left')
  })
})

test.each([
  ['a file', (place: string) => writeFile(place, ''), /cannot be made: on the way to it is a file/],
  [
    'a link',
    (place: string) => symlink('/nonexistent/place', place),
    /, or is a link that leads nowhere: choose/,
  ],
])('%s in the place of the directory is told in one sentence', async (_, make, told) => {
  const dataDir = await dataDirectory()
  await make(join(dataDir, 'postgres'))
  await expect(start(dataDir)).rejects.toThrow(told)
})

test('too few open files are told in one sentence, not in a page of initdb', async () => {
  const shell = ['/bin/sh', '-c', 'ulimit -n 40; exec "$@"', 'sh']
  expect((await startWorker(await dataDirectory(), shell)).said).toMatch(
    /: The limit of open files is too low: raise it \(ulimit -n\), choose .* DATABASE_URL\.$/,
  )
})

describe.runIf(process.getuid?.() === 0)('as other users', () => {
  const STRANGER = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups']

  test('the data of one user is refused to another', async () => {
    const dataDir = await dataDirectory()
    await start(dataDir)
    expect((await startWorker(dataDir, STRANGER)).said).toMatch(
      /belongs to another user, .*: start as its owner, .* DATABASE_URL\.$/,
    )
  })

  test('a user without a name, as OpenShift gives one, is told so', async () => {
    const dataDir = await dataDirectory()
    await chmod(dataDir, 0o777)
    expect((await startWorker(dataDir, STRANGER)).said).toMatch(
      /needs a user with a name: .* \/etc\/passwd, .* DATABASE_URL\.$/,
    )
  })

  test('root is told where the server, which is not root, cannot reach the data', async () => {
    const dataDir = await dataDirectory()
    await chmod(dataDir, 0o700)
    await expect(start(dataDir)).rejects.toThrow(
      /does not run as root, and user \d+ cannot reach .*chmod o\+x.*DATABASE_URL\.$/,
    )
  })
})
