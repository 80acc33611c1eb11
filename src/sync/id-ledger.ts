import { createHash } from 'node:crypto'

const BUCKETS = 65_536

/**
 * Compares two sets of ids of any size in constant memory (I11): each id is added to one of 65,536 sums by its hash. A
 * bucket whose sums differ holds an id that is on one side only, or one that came twice; the few ids of such a bucket
 * are then looked at one by one. That equal sums hide a difference has a chance of 1 in 2^64.
 */
export class IdLedger {
  readonly #sums = new BigUint64Array(BUCKETS)

  add(id: string): void {
    this.#put(id, 1n)
  }

  subtract(id: string): void {
    this.#put(id, -1n)
  }

  /** Whether the bucket of an id does not balance. */
  isSuspect(id: string): boolean {
    return this.#sums[bucketOf(digestOf(id))] !== 0n
  }

  #put(id: string, sign: bigint): void {
    const digest = digestOf(id)
    const bucket = bucketOf(digest)
    // The array wraps at 64 bits, so adding and subtracting the same id cancel out whatever the order.
    this.#sums[bucket] = (this.#sums[bucket] ?? 0n) + sign * digest.readBigUInt64BE(0)
  }
}

function digestOf(id: string): Buffer {
  return createHash('sha256').update(id).digest()
}

function bucketOf(digest: Buffer): number {
  return digest.readUInt16BE(8)
}
