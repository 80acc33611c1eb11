/** A seed, or a stream derived from one: four 32-bit words. */
export type SeedWords = readonly [number, number, number, number]

export function createRandom(seed: number | string): Random {
  return randomFrom(seedWords(seed))
}

/** The words of a seed, to derive many streams from without hashing the seed's text again. */
export function seedWords(seed: number | string): SeedWords {
  const text = typeof seed === 'number' ? `#${seed}` : seed
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return [mix(hash), mix(hash + 0x9e3779b9), mix(hash + 0x3c6ef372), mix(hash ^ text.length)]
}

/** The words of the stream that belongs to `key`, independent of the streams of all other keys. */
export function deriveSeed(words: SeedWords, key: number): SeedWords {
  const low = mix(key ^ words[0])
  const high = mix(low ^ words[1] ^ Math.floor(key / 2 ** 32))
  return [low, high, mix(high ^ words[2]), mix(low ^ words[3] ^ 0x9e3779b9)]
}

export function randomFrom(words: SeedWords): Random {
  return new Random(words)
}

/** Spreads each bit of a 32-bit integer over all 32; a bijection, so different keys never share a stream. */
function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}

/** A stream of numbers that the same seed always repeats: Chris Doty-Humphrey's "small fast counting" generator, 32-bit variant. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor([a, b, c, d]: SeedWords) {
    this.#a = a
    this.#b = b
    this.#c = c ^ d
    // Without these rounds, seeds that differ in few bits would give similar first numbers.
    for (let round = 0; round < 8; round++) this.bits()
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** A number in [0, 1) with 32 random bits. */
  next(): number {
    return this.bits() / 2 ** 32
  }

  /** An integer in [min, max], both inclusive. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** One of the values; throws RangeError when there is none. */
  pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new RangeError('nothing to pick from')
    return values[this.int(0, values.length - 1)] as T
  }

  /** A new array with the values in another order. */
  shuffle<T>(values: readonly T[]): T[] {
    const shuffled = [...values]
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.int(0, last)
      const moved = shuffled[last] as T
      shuffled[last] = shuffled[other] as T
      shuffled[other] = moved
    }
    return shuffled
  }

  /** True with the given probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A number of the exponential distribution with the given mean. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }

  /** A number of the standard normal distribution. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }
}
