/**
 * Locks of the kernel on files in the server's home. One belongs to whoever has the file open: this process and those that
 * inherited the descriptor. The kernel frees it when the last of them dies, by whatever cause, and shows it to all users
 * and containers that share the directory. Node.js cannot take one; a helper does, on the descriptor that it shares with us.
 */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './process.ts'

/** For what ends soon unless something hangs. */
export const PATIENCE_SECONDS = 600

type Mode = 'shared' | 'exclusive'
/** `starting`: who starts or stops the server. `users`, shared: who uses it. `server`: the server's own processes. */
type Name = 'starting' | 'users' | 'server'

/** macOS has no `flock`, but perl. Both end with 1 when another has the lock after this many seconds. */
const TAKE = `
if command -v flock >/dev/null; then exec flock --"$0" --timeout "$1" 3; fi
exec perl -e 'use Fcntl ":flock"; open F, ">>&=3" or die $!; $SIG{ALRM} = sub { exit 1 }; alarm $ARGV[1];
  flock F, ($ARGV[0] eq "shared" ? LOCK_SH : LOCK_EX) | ($ARGV[1] ? 0 : LOCK_NB) or $!{EWOULDBLOCK} ? exit 1 : die $!' "$0" "$1"`

/** Undefined when others have it. The caller calls `release`. */
export async function lock(home: string, name: Name, mode: Mode, seconds = 0) {
  const descriptor = openSync(join(home, `${name}.lock`), 'a', 0o600)
  const release = () => closeSync(descriptor)
  let taken = false
  try {
    taken = await take(descriptor, mode, seconds)
    return taken ? { descriptor, release } : undefined
  } finally {
    if (!taken) release()
  }
}

/** Takes a lock, or makes a shared one exclusive: when others have it too, false, and it is gone. */
export async function take(descriptor: number, mode: Mode, seconds = 0): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', TAKE, mode, `${seconds}`], undefined, descriptor)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1) return false
    throw error
  }
}
