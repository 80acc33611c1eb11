import { SECOND } from '../../values/instant.ts'

/** What was known of a density before counts as much as a reading of so many pages. */
const WEIGHT_PAGES = 8
/** With each window that is read, what was read before counts for this much of what it did. */
const FADING = 0.65
/** No window is taken for narrower than this, however many jobs one instant holds. */
const NARROWEST = SECOND

/** So many jobs were read on so many microseconds. */
export interface Sample {
  readonly jobs: number
  readonly width: number
}

/** How densely the jobs of one stretch of time lie, as its windows have shown lately. */
export class Density {
  readonly #pageSize: number
  #sample: Sample | null

  constructor(pageSize: number, sample: Sample | null) {
    this.#pageSize = pageSize
    this.#sample = sample && this.#weighed(sample)
  }

  get isKnown(): boolean {
    return this.#sample !== null
  }

  /** Takes in a window that was read to its end. */
  add(window: Sample): void {
    const read = { jobs: window.jobs, width: Math.max(window.width, NARROWEST) }
    if (this.#sample) this.#sample = sum(scaled(this.#sample, FADING), read)
    else if (read.jobs > 0) this.#sample = this.#weighed(read)
  }

  /** The density where the beginning of a listing has shown this much. */
  beside(sample: Sample): Density {
    const before = this.#sample && this.#weighed(this.#sample)
    return new Density(this.#pageSize, before ? sum(before, sample) : sample)
  }

  /** How many pages lie on so many microseconds; 0 while nothing is known. */
  pagesOn(width: number): number {
    return this.#sample ? (width * this.#sample.jobs) / this.#sample.width / this.#pageSize : 0
  }

  /** On how many microseconds so many pages lie; infinity while nothing is known. */
  widthOf(pages: number): number {
    if (!this.#sample) return Number.POSITIVE_INFINITY
    const width = (pages * this.#pageSize * this.#sample.width) / this.#sample.jobs
    return Math.max(NARROWEST, Math.ceil(width))
  }

  #weighed(sample: Sample): Sample | null {
    return sample.jobs > 0 ? scaled(sample, (WEIGHT_PAGES * this.#pageSize) / sample.jobs) : null
  }
}

function sum(left: Sample, right: Sample): Sample {
  return { jobs: left.jobs + right.jobs, width: left.width + right.width }
}

function scaled({ jobs, width }: Sample, factor: number): Sample {
  return { jobs: jobs * factor, width: width * factor }
}
