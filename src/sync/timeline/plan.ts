import type { Bounds } from '../../store/spans.ts'
import type { Instant } from '../../values/instant.ts'
import { Density, type Sample } from './density.ts'
import type { Estimate } from './estimate.ts'

/** How many pages a window should have: enough that its last, partly filled page does not count. */
const MOST_PAGES = 40
/** At first, when its size is a guess, and towards the end, where the readers should all end at the same time. */
const FEWEST_PAGES = 2
/** While nothing was known beforehand, no more is believed to be left than so many times what was read. */
const MOST_BELIEVED = 10
/** A window is split only if more than so many pages of it lie ahead, and more than a reader's share of all that is left … */
const LEAST_AHEAD = 6
/** … or than so many windows of full size hold, … */
const MOST_WINDOWS = 4
/** … if that is so many times what a split reads again, unless a reader has nothing else to do, … */
const GAIN = 3
/** … and as long as what splits read again stays below this share of all pages … */
const MOST_REREAD = 0.035
/** … and so many for each reader: in a small history waiting costs more than they do. */
const SPARE = 2
/** While nothing is known, and one reader works alone, so long a listing is worth a split. */
const LONE_PAGES = 40

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
  /** What earlier readings found beside the spans; null or left out: nothing is known. */
  readonly beside?: Sample | null
}

/** What was not handed out yet, or given back, in one piece. */
interface Gap<Window> {
  readonly window: Window
  /** Shared by all windows that are cut from it. */
  readonly density: Density
}

/** A window that is being read. */
interface Open {
  readonly density: Density
  /** How many of its pages seem to lie ahead. */
  ahead: number
}

/**
 * Cuts spans into windows as they are needed, newest first, sized by the density of what was read near them. It only
 * decides how many requests are spent and how many windows run side by side; whatever it decides, the windows and the
 * gaps together always make up the spans, so nothing is left out.
 */
export class WindowPlan<Window extends Bounds & Begun> {
  readonly #options: PlanOptions
  readonly #mostPages: number
  /** Of the spans as they were given. */
  readonly #density: Density
  /** Newest first. */
  #gaps: readonly Gap<Window>[]
  /** By their upper ends. */
  readonly #open = new Map<Instant, Open>()
  #pagesRead = 0
  /** Of windows that were given back. */
  #pagesReread = 0

  constructor(spans: readonly Window[], options: PlanOptions) {
    this.#options = options
    this.#mostPages = Math.min(MOST_PAGES, options.mostPages ?? MOST_PAGES)
    this.#density = new Density(options.pageSize, options.beside ?? null)
    this.#gaps = newestFirst(spans.map((window) => ({ window, density: this.#density })))
  }

  /** The spans that are not handed out, newest first. */
  get remaining(): readonly Window[] {
    return this.#gaps.map(({ window }) => window)
  }

  /** Takes the next window out of the newest gap; undefined when all is handed out. */
  next(): Window | undefined {
    const [gap, ...others] = this.#gaps
    if (!gap) return undefined
    const { window, density } = gap
    const width = density.widthOf(this.#pagesOfWindow())
    const isWhole = widthOf(window) <= width * 1.25
    const taken = isWhole ? window : { ...window, lower: window.upper - width }
    this.#gaps = isWhole ? others : [{ density, window: { ...window, upper: taken.lower } }, ...others]
    this.#open.set(taken.upper, { density, ahead: density.pagesOn(widthOf(taken)) })
    return taken
  }

  /**
   * Tells the plan what a window held that was read to its end; what is cut from the same gap is expected to be alike. Spans
   * that are read again beside the plan say nothing of its gaps.
   */
  drained(window: Window, jobs: number): void {
    const open = this.#open.get(window.upper)
    if (!open) return
    this.#open.delete(window.upper)
    this.#pagesRead += 1
    open.density.add({ jobs, width: widthOf(window) })
  }

  /**
   * Whether a window that is being read should be given up and read as several. To be asked for each page but the last,
   * before its progress is committed; the rows of the page are kept all the same.
   */
  shouldSplit(window: Window, estimate: Estimate): boolean {
    const open = this.#openOf(window)
    const course = estimate.courseIn(window)
    this.#pagesRead += 1
    open.ahead = course ? open.density.beside(course.sample).pagesOn(widthOf(course.ahead)) : 0
    const { concurrency } = this.#options
    const reread = window.pages + 1
    if (this.#pagesReread + reread > MOST_REREAD * this.#pagesRead + SPARE * (concurrency + 1)) return false
    const isIdle = this.#gaps.length === 0 && this.#open.size < concurrency
    if (isIdle && !open.density.isKnown) return open.ahead > LONE_PAGES
    const share = (this.#pagesLeft() + window.pages) / concurrency
    const most = Math.max(LEAST_AHEAD, Math.min(share, MOST_WINDOWS * this.#mostPages))
    return open.ahead > Math.max(most, isIdle ? 0 : GAIN * window.pages)
  }

  /** Takes a window back, cut where its listing is: what it has shown, and what lies ahead. */
  giveBack(window: Window, estimate: Estimate): void {
    const { density } = this.#openOf(window)
    this.#open.delete(window.upper)
    // The page after the latest has been asked for already.
    this.#pagesReread += window.pages + 1
    const course = estimate.courseIn(window)
    const parts = course
      ? [
          { ...course.read, density: new Density(this.#options.pageSize, course.read) },
          { ...course.ahead, density: density.beside(course.sample) },
        ].filter((part) => widthOf(part) > 0)
      : [{ ...window, density }]
    const gaps = parts.map(({ lower, upper, density }) => ({
      window: { ...window, lower, upper, pages: 0 },
      density,
    }))
    this.#gaps = newestFirst([...this.#gaps, ...gaps])
  }

  /** One that was not taken from a gap goes on where an earlier reading of it had stopped. */
  #openOf({ upper }: Window): Open {
    const open = this.#open.get(upper) ?? { density: this.#density, ahead: 0 }
    this.#open.set(upper, open)
    return open
  }

  #pagesOfWindow(): number {
    const believed = this.#options.beside ? Number.POSITIVE_INFINITY : MOST_BELIEVED * this.#pagesRead
    const left = Math.min(this.#pagesLeft(), believed)
    const share = Math.ceil(left / this.#options.concurrency / 2)
    return Math.min(this.#mostPages, Math.max(FEWEST_PAGES, share))
  }

  /** How many pages the gaps, and the windows that are being read, may still hold. */
  #pagesLeft(): number {
    let pages = 0
    for (const { window, density } of this.#gaps) pages += density.pagesOn(widthOf(window))
    for (const { ahead } of this.#open.values()) pages += ahead
    return pages
  }
}

/** What the nearest neighbours held; null where they are too few to tell. */
export function sampleOf(neighbours: readonly (Bounds & Known)[], pageSize: number): Sample | null {
  let [jobs, width] = [0, 0]
  for (const span of neighbours) {
    jobs += span.items ?? 0
    width += widthOf(span)
    if (jobs >= FEWEST_PAGES * pageSize) return { jobs, width }
  }
  return null
}

function newestFirst<T extends { readonly window: Bounds }>(gaps: readonly T[]): T[] {
  return gaps.toSorted((left, right) => right.window.upper - left.window.upper)
}

function widthOf({ lower, upper }: Bounds): number {
  return upper - lower
}
