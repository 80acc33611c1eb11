import type { Window } from '../store/coverage.ts'
import type { Committer, PageCommits } from './committer.ts'
import { Evidence } from './evidence.ts'
import { type JudgedPage, type Listing, listPages, readWithRestarts } from './listing.ts'
import type { WindowPlan } from './plan.ts'
import { apiTimeAt, isPast, type RunContext } from './run.ts'
import type { WindowProgress } from './window-progress.ts'

/** What the windows that are read side by side have in common. */
export interface Pass {
  readonly plan: WindowPlan
  readonly committer: Committer<WindowProgress>
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
  /** In milliseconds of `clock.monotonic()`; before the first request. */
  readonly startedAt: number
}

/**
 * Reads a window from where it stands, page by page, and commits each page with the window's progress. The next page is
 * asked for while one is being committed. When the page token has expired (A2) the window is begun again.
 *
 * @returns false when it stopped at a page boundary because of the deadline; it then goes on from its token.
 * @throws ApiProtocolError when the token expires again and again, and what the listing and the commit throw.
 */
export function readWindow(run: RunContext, window: Window, pass: Pass): Promise<boolean> {
  return readWithRestarts((again) => {
    if (again) run.log.info({ window }, 'the page token expired: the window is begun again')
    const begun = again ? { ...window, reach: null, pageToken: null, pages: 0 } : window
    return new WindowReading(run, begun, pass)
  })
}

class WindowReading implements Listing {
  readonly #run: RunContext
  readonly #pass: Pass
  readonly #commits: PageCommits<WindowProgress>
  readonly #evidence = new Evidence()
  #window: Window

  constructor(run: RunContext, window: Window, pass: Pass) {
    this.#run = run
    this.#window = window
    this.#pass = pass
    this.#commits = pass.committer.open()
  }

  /** Whether the request that failed went by a token: the first request of a fresh window does not. */
  get hadToken(): boolean {
    return this.#window.pageToken !== null
  }

  async read(): Promise<boolean> {
    try {
      const last = await this.#readPages()
      await this.#commits.flush()
      // Only now: what the plan hands out next must not be committed before this window's end is.
      if (last?.kind === 'drained') this.#pass.plan.drained(last.window, this.#evidence.jobs)
      if (last?.kind === 'abandoned') this.#pass.plan.giveBack(last.window, this.#evidence)
      return last?.kind !== 'read-on'
    } finally {
      await this.#commits.settle()
    }
  }

  /** Up to the window's end or the deadline. */
  async #readPages(): Promise<WindowProgress | undefined> {
    const { lower, upper, pageToken } = this.#window
    let progress: WindowProgress | undefined
    for await (const page of listPages(this.#run, { lower, upper }, pageToken)) {
      progress = await this.#add(page)
      if (progress.kind !== 'read-on' || isPast(this.#pass.deadline, this.#run)) break
    }
    return progress
  }

  async #add(page: JudgedPage): Promise<WindowProgress> {
    this.#evidence.add(
      page.jobs.map(({ job }) => job),
      page.nextPageToken !== null,
    )
    const progress = this.#progressAfter(page)
    this.#window = progress.window
    await this.#commits.add(page, progress)
    return progress
  }

  #progressAfter({ nextPageToken }: JudgedPage): WindowProgress {
    const { pages, reach } = this.#window
    const window = {
      ...this.#window,
      pageToken: nextPageToken,
      pages: pages + 1,
      // From before all listings of the pass: the watermark must not run ahead of any of them by more than the overlap
      // can make up for, and the Date of the reply itself may be later than what the reply shows.
      reach: reach ?? apiTimeAt(this.#run, this.#pass.startedAt),
    }
    // The API's clock is behind the window: what is created in it later would be missed if it counted as read.
    if (window.reach < window.lower) return { kind: 'abandoned', window }
    if (nextPageToken === null) return { kind: 'drained', window: { ...window, drained: true } }
    const abandon = this.#pass.plan.shouldSplit(window, this.#evidence)
    return { kind: abandon ? 'abandoned' : 'read-on', window }
  }
}
