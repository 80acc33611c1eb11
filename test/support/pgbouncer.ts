import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const BINARY = '/usr/sbin/pgbouncer'
/** It refuses to run as root. */
const NOBODY = 65_534

export const hasPgBouncer = existsSync(BINARY)

/**
 * Starts PgBouncer before the server of a database, and returns the URL of the database through it.
 * Fewer server connections than a worker has clients, and each handed to another client after every transaction, so that
 * state which is left in a session comes to light. It ends with the test.
 */
export async function throughPgBouncer(
  databaseUrl: string,
  mode: 'transaction' | 'statement' = 'transaction',
  /** The only ones it knows. */
  databases: readonly string[] = ['*'],
  /** Lines of its settings, in place of ours. */
  settings: readonly string[] = [],
): Promise<string> {
  const target = new URL(databaseUrl)
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'llamacloud-sync-pgbouncer-'))
  await chmod(directory, 0o755)
  const file = join(directory, 'pgbouncer.ini')
  const users = join(directory, 'users')
  await writeFile(users, `"${target.username}" ""\n`, { mode: 0o644 })
  const ours = configuration(target, port, mode, databases, users)
  await writeFile(file, [ours, ...settings, ''].join('\n'), { mode: 0o644 })
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const child = spawn(BINARY, [file], { ...identity, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    await rm(directory, { recursive: true, force: true })
  })
  await listening(child.stderr)
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  return url.href
}

function configuration(
  { hostname, port, username, password }: URL,
  listenPort: number,
  mode: 'transaction' | 'statement',
  databases: readonly string[],
  users: string,
): string {
  const user = `user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}`
  return [
    '[databases]',
    ...databases.map((name) => `${name} = host=${hostname} port=${port || 5432} ${user}`),
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${listenPort}`,
    'unix_socket_dir =',
    // Who takes anybody has no words of its own for a database that is missing.
    ...(databases.includes('*') ? ['auth_type = any'] : ['auth_type = trust', `auth_file = ${users}`]),
    `pool_mode = ${mode}`,
    'default_pool_size = 3',
    // The next transaction goes to the connection that has rested longest: never the same one twice in a row.
    'server_round_robin = 1',
    '',
  ].join('\n')
}

async function listening(log: NodeJS.ReadableStream): Promise<void> {
  let text = ''
  for await (const chunk of log) {
    text += chunk
    if (/process up/.test(text)) return void log.resume()
  }
  throw new Error(`PgBouncer did not start: ${text}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}
