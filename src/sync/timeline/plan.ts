import type { Bounds } from '../../store/spans.ts'
import { type Instant, SECOND } from '../../values/instant.ts'
import type { Estimate } from './estimate.ts'

/** How many pages a window should have: enough that its last, partly filled page does not count. */
const MOST_PAGES = 40
/** At first, when its size is a guess, and towards the end, where the readers should all end at the same time. */
const FEWEST_PAGES = 3
/** A window is split only when it looks this many times too large, … */
const TOLERANCE = 4
/** … and as many times as large as what was read of it, all of which a split reads again. */
const REREAD = 20
/** When nothing else is left to begin, windows are split to keep all readers busy: if they look this many pages long, … */
const TAIL_PAGES = 4
/** … and as many times as large as what was read of them. */
const TAIL_REREAD = 2
/** … as long as what is read for nothing stays below this share of all pages. */
const MOST_WASTE = 0.085
/** … and so many for each reader: in a small history waiting costs more than they do. */
const SPARE = 2
/** While nothing is known, and one reader works alone, so long a listing is worth a split. */
const LONE_PAGES = 50
/** One window may lie in a burst or in a holiday: it changes the expected density by no more than this factor. */
const MOST_CHANGE = 4
/** No window is expected to be narrower than this, however many jobs one instant holds. */
const NARROWEST = SECOND

/** How far the listing of a window got. */
interface Begun {
  readonly pages: number
}

/** How many items a span held when it was read; null: not known. */
interface Known {
  readonly items: number | null
}

export interface PlanOptions {
  readonly pageSize: number
  /** How many windows are read side by side. */
  readonly concurrency: number
  /** How many pages of a window may be read in the time that is left. */
  readonly mostPages?: number
  /** Jobs a microsecond beside the spans, as earlier readings found them; null or left out: nothing is known. */
  readonly density?: number | null
}

/**
 * Cuts spans into windows as they are needed, newest first, sized by the density that earlier windows showed. It only
 * decides how many requests are spent and how many windows run side by side; whatever it decides, the windows and the
 * gaps together always make up the spans, so nothing is left out.
 */
export class WindowPlan<Window extends Bounds & Begun> {
  readonly #options: PlanOptions
  readonly #mostPages: number
  /** Newest first. */
  #gaps: Window[]
  /** Jobs a microsecond, as the windows drained lately had them; null while nothing is known. */
  #density: number | null
  /** The density is that of the beginning of a listing, and no window was drained since. */
  #isGuess = false
  /** The upper ends of the windows that are being read. */
  readonly #active = new Set<Instant>()
  #pagesRead = 0
  /** Pages of windows that were given back, and what windows lack to be full pages. */
  #pagesWasted = 0

  constructor(spans: readonly Window[], options: PlanOptions) {
    this.#options = options
    this.#mostPages = Math.min(MOST_PAGES, options.mostPages ?? MOST_PAGES)
    this.#density = options.density ?? null
    this.#gaps = newestFirst(spans)
  }

  /** The spans that are not handed out, newest first. */
  get remaining(): readonly Window[] {
    return this.#gaps
  }

  /** Takes the next window out of the newest gap; undefined when all is handed out. */
  next(): Window | undefined {
    const width = this.#width()
    const gap = this.#gaps.shift()
    if (gap) this.#active.add(gap.upper)
    if (!gap || gap.upper - gap.lower <= width * 1.25) return gap
    const cut = gap.upper - width
    this.#gaps.unshift({ ...gap, upper: cut })
    return { ...gap, lower: cut }
  }

  /** Tells the plan what a drained window held; what comes next is expected to be alike. */
  drained(window: Window, jobs: number): void {
    this.#active.delete(window.upper)
    this.#pagesRead += 1
    this.#pagesWasted += Math.max(0, window.pages - jobs / this.#options.pageSize)
    this.#isGuess = false
    const { lower, upper } = window
    const density = jobs / Math.max(upper - lower, NARROWEST)
    const before = this.#density
    if (before === null) this.#density = jobs > 0 ? density : null
    else this.#density = Math.min(before * MOST_CHANGE, Math.max(before / MOST_CHANGE, density))
  }

  /**
   * Whether a window that is being read should be given up and read as several. To be asked for each page but the last,
   * before its progress is committed; the rows of the page are kept all the same.
   */
  shouldSplit(window: Window, estimate: Estimate): boolean {
    this.#active.add(window.upper)
    this.#pagesRead += 1
    const expected = estimate.expectedJobs(window) / this.#options.pageSize
    if (this.#gaps.length === 0 && this.#active.size < this.#options.concurrency) {
      const least = this.#density === null ? LONE_PAGES : TAIL_PAGES
      return this.#canReread(window) && expected > Math.max(least, TAIL_REREAD * window.pages)
    }
    const share = this.#expectedPages() / this.#options.concurrency
    return expected > Math.max(TOLERANCE * this.#pagesOfWindow(), REREAD * window.pages, share)
  }

  /** Takes a window back, cut by what its pages have shown. */
  giveBack(window: Window, estimate: Estimate): void {
    this.#active.delete(window.upper)
    // The page after the latest has been asked for already.
    this.#pagesWasted += window.pages + 1
    const pages = this.#pagesOfWindow()
    if (this.#density === null) {
      // Where the listing began may be a burst.
      this.#density = estimate.density(window) / MOST_CHANGE || null
      this.#isGuess = true
    }
    const jobs = Math.min(pages * this.#options.pageSize, estimate.expectedJobs(window) / 2)
    this.#gaps = newestFirst([
      ...this.#gaps,
      ...estimate.divide(window, jobs).map((part) => ({ ...window, ...part, pages: 0 })),
    ])
  }

  /** The first windows are to be small: all after them are sized by what they hold. */
  #pagesOfWindow(): number {
    return this.#density === null ? FEWEST_PAGES : this.#mostPages
  }

  #canReread(window: Window): boolean {
    const wasted = this.#pagesWasted + window.pages + 1
    return wasted <= MOST_WASTE * this.#pagesRead + SPARE * this.#options.concurrency
  }

  #width(): number {
    if (this.#density === null) return Number.POSITIVE_INFINITY
    const share = Math.ceil(this.#expectedPages() / this.#options.concurrency / 2)
    const most = this.#isGuess ? FEWEST_PAGES : this.#mostPages
    const pages = Math.min(most, Math.max(FEWEST_PAGES, share))
    return Math.max(NARROWEST, Math.ceil((pages * this.#options.pageSize) / this.#density))
  }

  /** How many pages the gaps may hold. */
  #expectedPages(): number {
    const width = this.#gaps.reduce((sum, gap) => sum + gap.upper - gap.lower, 0)
    return ((this.#density ?? 0) * width) / this.#options.pageSize
  }
}

/** Jobs a microsecond of neighbours, the nearest first; null where they are too few to tell. */
export function densityOf(neighbours: readonly (Bounds & Known)[], pageSize: number): number | null {
  let [jobs, width] = [0, 0]
  for (const { lower, upper, items } of neighbours) {
    jobs += items ?? 0
    width += upper - lower
    if (jobs >= FEWEST_PAGES * pageSize) return jobs / Math.max(width, NARROWEST)
  }
  return null
}

function newestFirst<T extends Bounds>(spans: readonly T[]): T[] {
  return spans.toSorted((left, right) => right.upper - left.upper)
}
