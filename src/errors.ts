/**
 * One class for each thing that the operator does next, not for each place where errors arise. Messages name the cause and the cure and
 * never hold a secret (I10); the original is in `cause`.
 */
export abstract class AppError extends Error {
  /** 1: a retry may help. 2: it will not help, something has to be changed first. */
  readonly exitCode: 1 | 2 = 1
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** The work is to end: a signal came, or nobody reads the output any more. */
export class StoppedError extends AppError {}

/** The settings or the command line are wrong: correct them. */
export class SettingsError extends AppError {
  override readonly exitCode = 2
}

/** Another program has the port, or the address is not there yet: free it, wait, or choose another. */
export class CannotListenError extends AppError {}

/** The source is stored with another scope: choose another name, or restore the scope. */
export class ScopeChangedError extends AppError {
  override readonly exitCode = 2
}

/** The database was migrated by a newer version: upgrade this one. */
export class SchemaTooNewError extends AppError {
  override readonly exitCode = 2
}

/** The API refused the key (401, 403): correct the key, its rights or the region. */
export class ApiRefusedError extends AppError {
  readonly status: 401 | 403
  constructor(message: string, status: 401 | 403) {
    super(message)
    this.status = status
  }
}

/** The API rejected the request itself (400, 404, 422, …): the scope or a setting is wrong, or this program has a bug. */
export class ApiRequestError extends AppError {
  readonly status: number
  /** The API's own words. */
  readonly detail: string
  constructor(message: string, status: number, detail = '') {
    super(message)
    this.status = status
    this.detail = detail
  }
}

/** The API did not give a usable answer within the retry budget: wait, or look at its status page. */
export class ApiUnavailableError extends AppError {}

/** The API refuses all requests for longer than one is retried, for their rate or for maintenance: wait, or lower SYNC_RATE_LIMIT. */
export class ApiThrottledError extends ApiUnavailableError {}

/** Something on the way to the API refuses, and a retry does not help: correct the proxy, the authorities or the address. */
export class ApiUnreachableError extends ApiUnavailableError {}

/** One item is too large to be read: it is set aside, and all others are synced. */
export class ApiReplyTooLargeError extends AppError {}

/** The API broke a promise that every paged listing keeps (A4): report it upstream. */
export class ApiProtocolError extends AppError {}

/** Something between the worker and the API ignores a filter: look for a cache or a proxy. */
export class FilterIgnoredError extends ApiProtocolError {}

export function filterIgnored(filter: string): FilterIgnoredError {
  return new FilterIgnoredError(
    `The API returned jobs that were not asked for: something on the way ignores the filter ${filter}. ` +
      'Look for a cache or a proxy in front of LLAMA_CLOUD_BASE_URL.' +
      (filter === 'project_id' ? ' Or the key belongs to another project than LLAMA_CLOUD_PROJECT_ID.' : ''),
  )
}

/** The key belongs to another project than the stored jobs: correct the key, or name another source. */
export class WrongProjectError extends AppError {}

/** Somebody removed stored tables: restore a backup, or start again from nothing, as the message says. */
export class StoredJobsLostError extends AppError {}

/** The database lost commits that it had acknowledged: nothing to do, the next run reads again what is missing. */
export class LostCommitsError extends AppError {}

/** The database cannot be reached or used: check that it runs, its address and its rights. */
export class DatabaseError extends AppError {}

/** Another worker took the source over: nothing to do, it continues. */
export class LeaseLostError extends AppError {}

/** The embedded PostgreSQL cannot be started: read its log, or set DATABASE_URL. */
export class EmbeddedPostgresError extends AppError {}
