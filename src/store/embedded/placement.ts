import { createHash } from 'node:crypto'
import { chmod, cp, lstat, mkdir, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EmbeddedPostgresError } from '../../errors.ts'
import { type Binaries, program } from './binaries.ts'
import { type Account, ProcessError, run } from './process.ts'

/** Only root writes here, everybody may enter: for what the server's user cannot reach in root's own directories. */
const SHARED = '/var/lib/llamacloud-sync'

type Log = (line: string) => void

/**
 * The directory of everything that belongs to the server, made when absent: `postgres` in the data directory, or a link
 * there to one that the server's user can reach. Absolute, without links.
 */
export async function prepareHome(dataDir: string, account: Account | undefined, log: Log): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const link = join(await realpath(dataDir), 'postgres')
  if (!(await exists(link))) {
    if (await canEnter(await realpath(dataDir), account)) await mkdir(link, { recursive: true })
    else await linkShared(link, log)
  }
  // A link whose directory is gone is a cluster that somebody removed: begin anew in its place.
  if (!(await stat(link).catch(() => undefined))) await makeShared(await readlink(link))
  const home = await realpath(link)
  if (await canEnter(home, account)) return home
  throw new EmbeddedPostgresError(
    `The user that PostgreSQL runs as cannot reach ${home}: move the data directory (SYNC_DATA_DIR) to a place ` +
      'whose parents everybody may enter, or set DATABASE_URL.',
  )
}

/** Binaries that the account can run: those given, or a copy made once. */
export async function reachableBinaries(
  binaries: Binaries,
  account: Account | undefined,
  log: Log,
): Promise<Binaries> {
  if (account && !(await canRun(binaries, account))) {
    const copy = { ...binaries, root: join(SHARED, `postgresql-${binaries.packageVersion}`) }
    if (!(await exists(copy.root))) {
      log(`The user that PostgreSQL runs as cannot reach its programs: copying them to ${copy.root}`)
      await copyBinaries(binaries.root, copy.root)
    }
    return copy
  }
  return binaries
}

/** The version by the program's own word, `18.4`. @throws EmbeddedPostgresError when it does not run on this system. */
export async function versionOf(binaries: Binaries, account: Account | undefined): Promise<string> {
  try {
    const text = await run(program(binaries, 'postgres'), ['--version'], account)
    return /\d+(\.\d+)?/.exec(text)?.[0] ?? text.trim()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EmbeddedPostgresError(
      `The PostgreSQL that is installed with this program does not run on this system (${reason}): run \`npm rebuild\` ` +
        'where it is installed, or set DATABASE_URL.',
      { cause },
    )
  }
}

async function linkShared(link: string, log: Log): Promise<void> {
  const id = createHash('sha256').update(link).digest('hex').slice(0, 12)
  const home = join(SHARED, id)
  await makeShared(home)
  // Two workers that start at once make the same link.
  await symlink(home, link).catch(ignore('EEXIST'))
  log(`The user that PostgreSQL runs as cannot reach ${resolve(link, '..')}: its data is in ${home}`)
}

async function makeShared(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  // Whatever the umask, or the server's user cannot enter.
  await chmod(SHARED, 0o755)
  await chmod(directory, 0o755)
}

/** Complete or not there: a copy that was cut short never has the final name. */
async function copyBinaries(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${process.pid}`
  await makeShared(SHARED)
  await rm(unfinished, { recursive: true, force: true })
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true })
  await run('chown', ['-R', '0:0', unfinished])
  await run('chmod', ['-R', 'u+rwX,go+rX,go-w', unfinished])
  try {
    await rename(unfinished, to)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    // Another worker finished first; its copy is as good.
    ignore('EEXIST', 'ENOTEMPTY')(error)
  }
}

async function canEnter(directory: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true
  return succeeds(run('/bin/sh', ['-c', 'test -x "$0"', directory], account))
}

async function canRun(binaries: Binaries, account: Account): Promise<boolean> {
  return succeeds(run(program(binaries, 'postgres'), ['--version'], account))
}

async function succeeds(running: Promise<string>): Promise<boolean> {
  try {
    await running
    return true
  } catch (error) {
    if (error instanceof ProcessError) return false
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}

function ignore(...codes: string[]): (error: unknown) => void {
  return (error) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!codes.includes(code)) throw error
  }
}
