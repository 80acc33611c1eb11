/**
 * Errors are classes by what the operator does next, not by where they arose. Messages name the cause and the cure and
 * never hold a secret (I10); the original is in `cause`.
 */
export abstract class AppError extends Error {
  /** 1: trying again may help. 2: it will not, something has to be changed first. */
  abstract readonly exitCode: 1 | 2
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** Whoever started the work wants it to end: a signal, or a reader of its output who left. */
export class StoppedError extends AppError {
  readonly exitCode = 1
}

/** The settings or the command line are wrong: correct them. */
export class SettingsError extends AppError {
  readonly exitCode = 2
}

/** The source's name is stored with another scope: pick another name, or restore the scope. */
export class ScopeChangedError extends AppError {
  readonly exitCode = 2
}

/** The database was migrated by a newer version: upgrade this one. */
export class SchemaTooNewError extends AppError {
  readonly exitCode = 2
}

/** The API does not let us in (401, 403): correct the key, the region or the key's rights. */
export class ApiRefusedError extends AppError {
  readonly exitCode = 1
  readonly status: 401 | 403
  constructor(message: string, status: 401 | 403) {
    super(message)
    this.status = status
  }
}

/** The API rejected the request itself (400, 404, 422, …): the scope or a setting does not fit, or a bug of ours. */
export class ApiRequestError extends AppError {
  readonly exitCode = 1
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
export class ApiUnavailableError extends AppError {
  readonly exitCode = 1
}

/** Something on the way to the API refuses, and will again: correct the proxy, the authorities or the address. */
export class ApiUnreachableError extends ApiUnavailableError {}

/** One item alone is too large to be read: it is set aside, and all others go on. */
export class ApiReplyTooLargeError extends AppError {
  readonly exitCode = 1
}

/** The API broke a promise that every paged listing keeps (A4): nothing here can help; report it upstream. */
export class ApiProtocolError extends AppError {
  readonly exitCode = 1
}

/** Something between the worker and the API ignores a filter: look for a cache or a proxy. */
export class FilterIgnoredError extends ApiProtocolError {}

/** The key shows another project than the source has stored: correct the key, or name another source. */
export class WrongProjectError extends AppError {
  readonly exitCode = 1
}

/** What is stored was removed by somebody else, and cannot be read again as it is: follow the message. */
export class StoredJobsLostError extends AppError {
  readonly exitCode = 1
}

/** The database lost commits that it had acknowledged: nothing to do, the next run reads again what is missing. */
export class LostCommitsError extends AppError {
  readonly exitCode = 1
}

/** The database cannot be reached or used: check that it runs, its address and its rights. */
export class DatabaseError extends AppError {
  readonly exitCode = 1
}

/** Another worker took the source over: nothing to do, it carries on. */
export class LeaseLostError extends AppError {
  readonly exitCode = 1
}

/** The embedded PostgreSQL cannot be started: read its log, or set DATABASE_URL. */
export class EmbeddedPostgresError extends AppError {
  readonly exitCode = 1
}
