import { APIConnectionError, APIError } from '@llamaindex/llama-cloud'
import { errorMessages, shorten } from '../error-text.ts'
import { ApiRefusedError, ApiRequestError, ApiUnreachableError } from '../errors.ts'
import type { Redactor } from '../redact.ts'
import { MILLISECOND, parseHttpDate } from '../values/instant.ts'
import { REGION_BASE_URLS } from './regions.ts'
import { BadReplyError, RequestTimeoutError } from './request.ts'
import { wayCure } from './way-cure.ts'

/** What to do about a failed attempt. */
export type Verdict =
  | {
      readonly retry: true
      /** What went wrong, without secrets. */
      readonly reason: string
      /** How long the API asked us to wait, capped; undefined when it did not say, or said "at once". */
      readonly retryAfterMs: number | undefined
      /** The reply concerns everyone who calls this API: all requests to it wait, not this one alone. */
      readonly pauseAll: boolean
      /** It was refused for the rate (429), whatever it asked for. */
      readonly isThrottled: boolean
    }
  | { readonly retry: false; readonly error: unknown }

export interface VerdictContext {
  readonly baseUrl: string
  /** Where the key comes from. */
  readonly keyVariable: string
  /** What is between here and the API, without secrets. */
  readonly proxy: string | undefined
  /** The API's own words may echo the key back, and errors are stored as well as logged (I10). */
  readonly redact: Redactor
  /** Wall clock in milliseconds, for a Retry-After date in a reply without a Date header. */
  readonly now: () => number
}

/** Statuses below 500 that say "later", not "no" (A12). */
const RETRIED_STATUSES: readonly number[] = [408, 409, 425, 429]
const LONGEST_RETRY_AFTER_MS = 300_000
const LONGEST_DETAIL = 300
/** Of the API's words. */
const LONGEST_READ = 4_096

/** Tells failures that are worth a retry from those that are not. An error that is not the API's is passed on. */
export function verdictOn(error: unknown, context: VerdictContext): Verdict {
  const reason = () => shorten(context.redact(errorMessages(error).join(': ').trim()), LONGEST_DETAIL)
  if (error instanceof RequestTimeoutError || error instanceof BadReplyError) return later(reason())
  if (error instanceof APIConnectionError) return noConnection(error, reason(), context)
  if (!(error instanceof APIError) || error.status === undefined) return { retry: false, error }
  const { status } = error
  if (status < 500 && !RETRIED_STATUSES.includes(status))
    return { retry: false, error: refusal(error, context) }
  const retryAfterMs = readRetryAfter(error.headers, context.now())
  const isThrottled = status === 429
  const pauseAll = isThrottled || (status === 503 && retryAfterMs !== undefined)
  return {
    ...later(`status ${status}: ${detailOf(error, context.redact)}`),
    retryAfterMs,
    pauseAll,
    isThrottled,
  }
}

/** What is certain to fail again is not retried: the sooner it is told, the better. */
function noConnection(error: unknown, reason: string, { baseUrl, proxy }: VerdictContext): Verdict {
  const told = proxy === undefined ? reason : `${reason} (via ${proxy})`
  const cure = wayCure(error)
  if (cure === undefined) return later(told)
  return { retry: false, error: new ApiUnreachableError(`${baseUrl} cannot be reached: ${told}. ${cure}`) }
}

function later(reason: string) {
  return { retry: true, reason, retryAfterMs: undefined, pauseAll: false, isThrottled: false } as const
}

/** The errors carry no cause: the client's own would bring the API's words back unredacted. */
function refusal(error: APIError, { baseUrl, redact, keyVariable }: VerdictContext): Error {
  const status = error.status ?? 0
  const detail = detailOf(error, redact)
  const said = `${status}: ${detail}`
  if (status !== 401 && status !== 403) {
    const cure = 'Check LLAMA_CLOUD_PROJECT_ID, LLAMA_CLOUD_ORGANIZATION_ID and LLAMA_CLOUD_CONFIGURATION_ID.'
    return new ApiRequestError(`${baseUrl} rejected the request (${said}). ${cure}`, status, detail)
  }
  const regions = Object.entries(REGION_BASE_URLS).map(([region, url]) => `${region}: ${url}`)
  return new ApiRefusedError(
    `${baseUrl} refused ${keyVariable} (${said}). A key works only in the region where it was created ` +
      `(${regions.join(', ')}; set LLAMA_CLOUD_REGION) and only for its own project; it may also have been revoked.`,
    status,
  )
}

/** The API's own explanation: `detail` as text or as FastAPI's list of faults, else the start of the body. */
function detailOf(error: APIError, redact: Redactor): string {
  const body: unknown = error.error
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : undefined
  const words = Array.isArray(detail) ? detail.map(faultText).join('; ') : detail
  const text = typeof words === 'string' ? words : withoutStatus(error)
  // Redacted before it is cut: half a key would not be recognised. The end of a long reply was cut off already, and is not
  // to come near by spaces that go.
  return shorten(redact(text).slice(0, LONGEST_READ).replaceAll(/\s+/g, ' '), LONGEST_DETAIL)
}

function faultText(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null || !('msg' in fault)) return String(JSON.stringify(fault))
  const where = 'loc' in fault && Array.isArray(fault.loc) ? `${fault.loc.join('.')}: ` : ''
  return `${where}${String(fault.msg)}`
}

function withoutStatus(error: APIError): string {
  return error.message.replace(/^\d{3} /, '')
}

/**
 * `Retry-After` in milliseconds, at most 5 minutes; undefined when absent, unreadable or not in the future. A date is
 * taken relative to the reply's own Date header, since our clock may be wrong (A14); `now` stands in for a missing one.
 */
export function readRetryAfter(headers: Headers | undefined, now: number): number | undefined {
  const text = headers?.get('retry-after')?.trim() ?? ''
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : untilDate(text, headers, now)
  return waitMs !== undefined && waitMs > 0 ? Math.min(waitMs, LONGEST_RETRY_AFTER_MS) : undefined
}

function untilDate(text: string, headers: Headers | undefined, now: number): number | undefined {
  // An HTTP date begins with the day's name. The parser below is lenient and would find a year in "-5".
  const at = /^[A-Z][a-z]+,? /.test(text) ? parseHttpDate(text) : undefined
  if (at === undefined) return undefined
  const sent = parseHttpDate(headers?.get('date') ?? '') ?? now * MILLISECOND
  return (at - sent) / MILLISECOND
}
