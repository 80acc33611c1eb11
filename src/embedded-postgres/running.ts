/**
 * The file `running` lies in the cluster from before a server is started until it was stopped in good order. It tells
 * what the locks cannot: where the server is, and whether postmaster.pid is its own.
 */
import { appendFile, readFile, readlink, rm, statfs, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { EmbeddedPostgresError } from '../errors.ts'
import { unlessMissing } from './process.ts'

/** Each can be mounted by one machine at a time: ext2 to ext4, XFS, Btrfs, tmpfs, overlayfs, F2FS, ZFS. */
const LOCAL = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1]

/** @throws EmbeddedPostgresError when the server that runs is where we cannot reach it. */
export async function refuseElsewhere(cluster: string): Promise<void> {
  const [own, running] = [await here(), await readRunning(cluster)]
  // Process numbers and addresses of another namespace mean nothing here.
  if (!running || (running.boot === own.boot && running.namespaces === own.namespaces)) return
  throw new EmbeddedPostgresError(
    `PostgreSQL already runs on ${cluster} in another container or on another machine (host ${running.host}): stop what ` +
      'uses it there, choose another directory with SYNC_DATA_DIR, or let both use one server with DATABASE_URL.',
  )
}

/**
 * Makes way for a new server when no process of an old one lives, as far as this machine can tell.
 * @throws EmbeddedPostgresError when another machine, or a server that we did not start, may be at the data.
 */
export async function claim(cluster: string): Promise<void> {
  const [own, old, postmaster] = [await here(), await readRunning(cluster), await readPostmaster(cluster)]
  const doubt = (who: string, file: string) => {
    const cure = `stop it. If you are sure that it no longer runs, remove ${join(cluster, file)}.`
    return new EmbeddedPostgresError(`PostgreSQL of ${who} was started here and not stopped: ${cure}`)
  }
  if (old && old.boot !== own.boot && !LOCAL.includes((await statfs(cluster)).type)) {
    throw doubt(`another machine (host ${old.host})`, 'running')
  }
  if (postmaster && postmaster === old?.server) await rm(join(cluster, 'postmaster.pid'))
  // Of a server that was killed while it was started we know no more; then PostgreSQL judges by itself.
  else if (postmaster && old?.server !== '') throw doubt('another program', 'postmaster.pid')
  const text = [own.host, own.boot, own.namespaces, ''].join('\n')
  // On a share without locks another machine may be as far as we are: its file is not replaced.
  await writeFile(join(cluster, 'running'), text, { mode: 0o600, flag: old ? 'w' : 'wx' })
}

/** Notes which server was started. */
export async function confirm(cluster: string): Promise<void> {
  await appendFile(join(cluster, 'running'), await readPostmaster(cluster))
}

export function unclaim(cluster: string): Promise<void> {
  return rm(join(cluster, 'running'), { force: true })
}

/** Process number, directory and time of start: of one server only. Empty when there is none. */
export async function readPostmaster(cluster: string): Promise<string> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(unlessMissing)
  return text?.split('\n').slice(0, 3).join('\n') ?? ''
}

async function readRunning(cluster: string) {
  const text = await readFile(join(cluster, 'running'), 'utf8').catch(unlessMissing)
  const [host, boot, namespaces, ...server] = text?.split('\n') ?? []
  return text === undefined ? undefined : { host, boot, namespaces, server: server.join('\n') }
}

async function here() {
  const host = hostname()
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => host)
  const links = ['pid', 'net'].map((name) => readlink(`/proc/self/ns/${name}`).catch(() => ''))
  return { host, boot: boot.trim(), namespaces: (await Promise.all(links)).join(' ') }
}
