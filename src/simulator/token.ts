import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Direction, Filters } from './listing.ts'
import type { Place } from './shelf.ts'

/**
 * Where a listing goes on. It names the direction and the kind of paging it began with, so that changing these settings
 * between two pages cannot make a listing skip jobs.
 */
export interface Position {
  readonly direction: Direction
  /** After this place in the order, or after this many jobs. */
  readonly after: Place | number
}

const MAC_BYTES = 12

/** The page token of a position: opaque, and of use only with the same filters and secret. */
export function sealToken(position: Position, filters: Filters, secret: string): string {
  const content = Buffer.from(encode(position))
  return Buffer.concat([sign(content, filters, secret), content]).toString('base64url')
}

/** The position in a token; undefined when it was not sealed with these filters and this secret. */
export function openToken(token: string, filters: Filters, secret: string): Position | undefined {
  const bytes = Buffer.from(token, 'base64url')
  const content = bytes.subarray(MAC_BYTES)
  const mac = bytes.subarray(0, MAC_BYTES)
  // Decoding forgives characters that are not base64url; a token is good only letter for letter.
  if (content.length === 0 || bytes.toString('base64url') !== token) return undefined
  return timingSafeEqual(mac, sign(content, filters, secret)) ? decode(content.toString()) : undefined
}

function sign(content: Buffer, filters: Filters, secret: string): Buffer {
  const scope = JSON.stringify(Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHmac('sha256', secret).update(`${scope}\n`).update(content).digest().subarray(0, MAC_BYTES)
}

/** [direction, count] or [direction, key, id]; JSON has no Infinity, so the key of jobs without created_at is null. */
function encode({ direction, after }: Position): string {
  if (typeof after === 'number') return JSON.stringify([direction, after])
  return JSON.stringify([direction, Number.isFinite(after.key) ? after.key : null, after.id])
}

function decode(text: string): Position {
  const [direction, first, id]: [Direction, number | null, string?] = JSON.parse(text)
  if (id === undefined) return { direction, after: first ?? 0 }
  return { direction, after: { key: first ?? Number.POSITIVE_INFINITY, id } }
}
