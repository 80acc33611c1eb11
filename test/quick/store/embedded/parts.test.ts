import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { psqlLine, quote, readAccess, urlOf, writeAccess } from '../../../../src/store/embedded/access.ts'
import { freePort, isFree } from '../../../../src/store/embedded/port.ts'
import { forgetDeadPostmaster, isPostgres } from '../../../../src/store/embedded/postmaster.ts'
import { ProcessError, run } from '../../../../src/store/embedded/process.ts'

async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'llamacloud-sync-parts-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('port and password are read as they were written', async () => {
  await inDirectory(async (home) => {
    expect(await readAccess(home)).toBeUndefined()
    await writeAccess(home, { port: 15_432, password: 'secret' })
    expect(await readAccess(home)).toEqual({ port: 15_432, password: 'secret' })
    await writeAccess(home, { port: 15_433, password: 'secret' })
    expect(await readAccess(home)).toEqual({ port: 15_433, password: 'secret' })
  })
})

test('the psql line can be pasted whatever the path, and the URL is for this machine only', () => {
  const access = { port: 15_432, password: 'secret' }
  expect(psqlLine('/data', access)).toBe(
    'PGPASSFILE=/data/pgpass psql postgres://llamacloud@127.0.0.1:15432/llamacloud',
  )
  expect(psqlLine("/it's here", access)).toMatch(/^PGPASSFILE='\/it'\\''s here\/pgpass' psql /)
  expect(quote('')).toBe("''")
  expect(urlOf(access)).toBe('postgres://llamacloud:secret@127.0.0.1:15432/llamacloud?sslmode=disable')
})

test('a port in use is not free, and another is found', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  expect(await isFree(port)).toBe(false)
  expect(await freePort(port)).not.toBe(port)
  await new Promise((resolve) => server.close(resolve))
  expect(await freePort(port)).toBe(port)
})

test.each([
  ['28153 (postgres) S 1 28153', true],
  ['28153 (postgres) Z 1 28153', false],
  ['28153 (node) S 1 28153', false],
  ['28153 (a) (postgres) b) S 1', false],
])('a process that may hold the data: %s is %s', (stat, expected) => {
  expect(isPostgres(stat)).toBe(expected)
})

// Without /proc there is nothing to judge by, and the file must stay as it is.
test.runIf(process.platform === 'linux')(
  'postmaster.pid: the number of another program is struck out',
  async () => {
    await inDirectory(async (cluster) => {
      const file = join(cluster, 'postmaster.pid')
      await forgetDeadPostmaster(cluster)
      await writeFile(file, `${process.pid}\n/data\n1700000000\n`)
      await forgetDeadPostmaster(cluster)
      expect(await readFile(file, 'utf8')).toBe('2147483647\n/data\n1700000000\n')
      await forgetDeadPostmaster(cluster)
      expect(await readFile(file, 'utf8')).toBe('2147483647\n/data\n1700000000\n')
    })
  },
)

test('a program that fails is reported by its name, its code and its last words', async () => {
  const failing = run('/bin/sh', ['-c', 'echo no good >&2; exit 3'])
  await expect(failing).rejects.toThrow('sh: no good')
  await expect(failing).rejects.toMatchObject({ exitCode: 3 })
  await expect(run('/no/such/program', [])).rejects.toThrow(ProcessError)
  await expect(run('/no/such/program', [])).rejects.toMatchObject({ exitCode: null })
})

test('I10: a child process does not inherit our environment', async () => {
  process.env.LLAMA_CLOUD_API_KEY = 'llx-secret'
  try {
    expect(await run('env', [])).not.toContain('llx-secret')
  } finally {
    delete process.env.LLAMA_CLOUD_API_KEY
  }
})
