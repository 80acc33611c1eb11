import { stat } from 'node:fs/promises'
import { EmbeddedPostgresError } from '../../errors.ts'
import { type Account, ProcessError, run } from './process.ts'

const USER = 'postgres'

/**
 * Whom the server runs as. PostgreSQL refuses to run as root: as root it is the owner of the cluster that is there, else
 * the user `postgres`, created when absent. Undefined means our own user.
 */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  return (await ownerOf(cluster)) ?? (await lookUp()) ?? (await create())
}

async function ownerOf(directory: string): Promise<Account | undefined> {
  const found = await stat(directory).catch(() => undefined)
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', USER]), run('id', ['-g', USER])])
    return { uid: Number(uid), gid: Number(gid) }
  } catch (error) {
    if (error instanceof ProcessError && error.exitCode !== null) return undefined
    throw error
  }
}

async function create(): Promise<Account> {
  try {
    await createBy([
      ['groupadd', '--system', '--force', USER],
      ['useradd', '--system', '--gid', USER, '--no-create-home', '--shell', '/bin/false', USER],
    ])
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error
    // Another worker may have been faster; Alpine has other commands.
    if (error.exitCode === null) await createOnAlpine()
  }
  const account = await lookUp()
  if (account) return account
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and the user ${USER} cannot be created: create it, start as another user, ` +
      'or set DATABASE_URL.',
  )
}

async function createOnAlpine(): Promise<void> {
  await createBy([
    ['addgroup', '-S', USER],
    ['adduser', '-S', '-D', '-H', '-G', USER, USER],
  ]).catch(() => {})
}

async function createBy(commands: readonly (readonly [string, ...string[]])[]): Promise<void> {
  for (const [command, ...args] of commands) await run(command, args)
}
