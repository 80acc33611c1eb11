import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  freePort,
  isFree,
  psqlLine,
  readAccess,
  urlOf,
  writeAccess,
} from '../../../src/embedded-postgres/access.ts'
import { run } from '../../../src/embedded-postgres/process.ts'

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
    await writeAccess(home, { port: 15_432, password: 'secret' })
    expect(await readAccess(home)).toEqual({ port: 15_432, password: 'secret' })
    await writeAccess(home, { port: 15_433, password: 'secret' })
    expect(await readAccess(home)).toEqual({ port: 15_433, password: 'secret' })
  })
})

test('the psql line can be pasted whatever the path, and the URL is for this machine only', () => {
  const access = { port: 15_432, password: 'secret' }
  expect(psqlLine('/data', access)).toBe(
    "PGPASSFILE='/data/pgpass' psql postgres://llamacloud@127.0.0.1:15432/llamacloud",
  )
  expect(psqlLine("/it's here", access)).toMatch(/^PGPASSFILE='\/it'\\''s here\/pgpass' psql /)
  expect(urlOf(access, 'llamacloud')).toBe(
    'postgres://llamacloud:secret@127.0.0.1:15432/llamacloud?sslmode=disable',
  )
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

test('a program that fails is reported by its name and its last words', async () => {
  const failing = ['-c', 'echo no good >&2; exit 3']
  await expect(run('/bin/sh', failing)).rejects.toThrow('sh: no good')
  await expect(run('/bin/sh', failing)).rejects.toMatchObject({ code: 3 })
  await expect(run('/no/such/program', [])).rejects.toThrow(/no\/such\/program ENOENT/)
})

test('I10: a child process does not inherit our environment', async () => {
  process.env.LLAMA_CLOUD_API_KEY = 'llx-secret'
  try {
    expect(await run('env', [])).not.toContain('llx-secret')
  } finally {
    delete process.env.LLAMA_CLOUD_API_KEY
  }
})
