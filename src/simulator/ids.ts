import { deriveSeed, type Random, randomFrom, type SeedWords } from './random.ts'

/** A number of 0 to 1 that follows from a UUID: what it decides costs no further draw. */
export function shareOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) / 2 ** 32
}

/** A random UUID, version 4. */
export function uuid(random: Random): string {
  return formatUuid(random.bits(), random.bits(), random.bits(), random.bits())
}

/**
 * The id of the generated job with this index (below 2^32). The index is in it, scrambled, so that `indexOfJobId` needs
 * no table: a million ids would take more memory than all else.
 */
export function jobId(seed: SeedWords, index: number, prefix = 'cls'): string {
  const rest = randomFrom(deriveSeed(seed, index))
  return `${prefix}-${formatUuid(scramble(index, seed), rest.bits(), rest.bits(), rest.bits())}`
}

/** The index that a job's id would have under this seed; undefined when the id is not one of this seed's. */
export function indexOfJobId(seed: SeedWords, id: string, prefix = 'cls'): number | undefined {
  const digits = id.slice(prefix.length + 1, prefix.length + 9)
  if (!id.startsWith(`${prefix}-`) || !/^[0-9a-f]{8}$/.test(digits)) return undefined
  const index = unscramble(Number.parseInt(digits, 16), seed)
  return jobId(seed, index, prefix) === id ? index : undefined
}

/** All groups of four hexadecimal digits: several ids a job are made on each read, and a look-up is the cheapest way. */
const GROUPS = Array.from({ length: 0x10000 }, (_, bits) => bits.toString(16).padStart(4, '0'))

function formatUuid(a: number, b: number, c: number, d: number): string {
  const version = GROUPS[(b & 0x0fff) | 0x4000]
  const variant = GROUPS[((c >>> 16) & 0x3fff) | 0x8000]
  const last = `${GROUPS[c & 0xffff]}${GROUPS[d >>> 16]}${GROUPS[d & 0xffff]}`
  return `${GROUPS[a >>> 16]}${GROUPS[a & 0xffff]}-${GROUPS[b >>> 16]}-${version}-${variant}-${last}`
}

/** A four-round Feistel network over the halves of a 32-bit integer: whatever the round function, it can be undone. */
function scramble(value: number, seed: SeedWords): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (const word of seed) [left, right] = [right, left ^ round(right, word)]
  return ((left << 16) | right) >>> 0
}

function unscramble(value: number, seed: SeedWords): number {
  let left = value >>> 16
  let right = value & 0xffff
  for (const word of seed.toReversed()) [left, right] = [right ^ round(left, word), left]
  return ((left << 16) | right) >>> 0
}

function round(half: number, word: number): number {
  const bits = Math.imul(half ^ word, 0x45d9f3b)
  return ((bits >>> 16) ^ bits) & 0xffff
}
