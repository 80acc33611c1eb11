import { createHash } from 'node:crypto'
import { ApiProtocolError, ApiRequestError } from '../errors.ts'

export interface ListedPage {
  /** How many items it brought. */
  readonly received: number
  readonly nextPageToken: string | null
}

/**
 * A listing of more pages than this is taken for an endless one: it is 100 million jobs at 100 a page. The tokens of so
 * many pages, hashed, take some 40 MB (I11).
 */
const MAX_PAGES = 1_000_000
/** So is one with more empty pages than this in a row. */
const MAX_EMPTY_PAGES = 1_000

/**
 * Drives a listing by its tokens, page by page, to its end; an empty page with a token is not the end (A3). Throws an
 * ApiProtocolError when a token repeats (A4) or the listing does not end. The page that brought such a token is not
 * handed out: whoever stored its token as progress would run into the same circle again.
 *
 * @param from where to go on in a listing begun earlier; null: at its first page
 */
export async function* readPages<P extends ListedPage>(
  fetchPage: (token: string | null) => Promise<P>,
  from: string | null = null,
): AsyncGenerator<P, void, void> {
  const seen = new Set<number>(from === null ? [] : [hashOf(from)])
  let token = from
  let emptyPages = 0
  for (let pages = 1; ; pages++) {
    const page = await fetchPage(token)
    const next = page.nextPageToken
    emptyPages = page.received === 0 ? emptyPages + 1 : 0
    if (next !== null) guard(next, seen, pages >= MAX_PAGES, emptyPages >= MAX_EMPTY_PAGES)
    yield page
    if (next === null) return
    token = next
  }
}

function guard(next: string, seen: Set<number>, tooMany: boolean, tooEmpty: boolean): void {
  const hash = hashOf(next)
  // Its hash only: a token is the API's text, and may hold what is secret (I10).
  if (seen.has(hash))
    throw new ApiProtocolError(
      `The API's listing loops: it returned the same page token twice (hash ${hash.toString(16)})`,
    )
  if (tooEmpty) throw new ApiProtocolError("The API's listing does not end: too many empty pages in a row")
  if (tooMany)
    throw new ApiProtocolError(`The API's listing does not end: ${seen.size + 1} different page tokens`)
  seen.add(hash)
}

/** The first 53 bits of SHA-256: a Set of numbers is small, and a million tokens collide once in 18,000 listings. */
function hashOf(token: string): number {
  const digest = createHash('sha256').update(token).digest()
  return digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) >> 3)
}

const EXPIRED_STATUSES: readonly number[] = [400, 404, 410, 422]

/** Whether a failed request only shows that its page token expired (A2): the listing is then to be begun again. */
export function isExpiredToken(error: unknown, hadToken: boolean): boolean {
  return hadToken && error instanceof ApiRequestError && EXPIRED_STATUSES.includes(error.status)
}
