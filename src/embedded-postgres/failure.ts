import { AppError, EmbeddedPostgresError } from '../errors.ts'

/** What Node.js and PostgreSQL say of a place that they cannot work in, and the sentence instead. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|EDQUOT|No space left on device/, 'The disk of HOME is full: free some of it,'],
  // The last is how Node.js makes directories on one.
  [/EROFS|Read-only file system|ENOENT.*mkdir/, 'HOME is on a read-only file system:'],
  [
    /EACCES|EPERM|Permission denied/,
    'HOME belongs to another user, or may not be written: start as its user,',
  ],
  [/look up effective user ID/, 'PostgreSQL needs a user with a name: add a line for yours to /etc/passwd,'],
  [
    /initialized by PostgreSQL version/,
    'HOME holds data of another major version of PostgreSQL: move it away, and what LlamaCloud has is synced anew, take ' +
      'all along by `export` and `import` (docs/embedded-postgres.md),',
  ],
]

/** One sentence with the cause and what to do. */
export function explain(error: unknown, home: string): AppError {
  const text = error instanceof Error ? error.message : String(error)
  const known = SENTENCES.find(([pattern]) => pattern.test(text))?.[1].replace('HOME', home)
  if (!known && error instanceof AppError) return error
  const sentence = known ?? `The embedded PostgreSQL in ${home} cannot be used (${text}): remove the cause,`
  const cure = 'name another directory in SYNC_DATA_DIR, or set DATABASE_URL.'
  return new EmbeddedPostgresError(`${sentence} ${cure}`, { cause: error })
}

/** For a file that need not be there. */
export function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
