import type { PoolClient } from 'pg'
import type { ListedPage } from '../../api/pages.ts'
import type { Page } from '../../api/request.ts'
import type { Written } from '../job-list.ts'
import type { RunContext } from '../run.ts'
import { commitPages, type Decoded } from './commit.ts'

/** A transaction of about this many rows costs least per row; larger ones gain nothing more. */
const MOST_ROWS = 1_000
/** Of the pages' JSON, in bytes: what a statement sends is in memory several times (A23). */
const MOST_SIZE = 4 * 1_024 * 1_024
/** While one transaction waits for the disk, the other works. */
const SIDE_BY_SIDE = 2
/** So many pages of one listing may wait; then it has to. Bounds the memory (I11). */
const MOST_WAITING = 2

/** A page as it is committed. */
export interface DecodedPage extends Decoded, ListedPage, Pick<Page, 'hold'> {}

/**
 * Writes the progress of the pages of a commit, for each listing in their order. Comes last in their transaction: progress
 * must never be ahead of the rows (I2).
 */
export type SaveProgress<P> = (
  client: PoolClient,
  progress: readonly (readonly P[])[],
  written: Written,
) => Promise<void>

interface Waiting<P> {
  readonly listing: object
  readonly page: Decoded
  readonly progress: P
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Commits the pages of several listings, as many as wait in one transaction: a page alone costs a dozen round trips and a
 * wait for the disk. The pages of one listing are committed in their order, and never in two transactions at once: were
 * the earlier one to fail, the later one's progress would hide a hole (I2). After a failure nothing more is committed.
 */
export class Committer<P> {
  readonly #run: RunContext
  readonly #save: SaveProgress<P>
  readonly #waiting: Waiting<P>[] = []
  /** Listings with pages in a transaction. */
  readonly #busy = new Set<object>()
  #groups = 0
  #failure: { readonly error: unknown } | null = null

  /** @param save left out where the pages are all there is to store */
  constructor(run: RunContext, save: SaveProgress<P> = async () => {}) {
    this.#run = run
    this.#save = save
  }

  /** For the pages of one listing. */
  open(): PageCommits<P> {
    const listing = {}
    return new PageCommits((page, progress) => this.#commit(listing, page, progress))
  }

  #commit(listing: object, page: Decoded, progress: P): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ listing, page, progress, resolve, reject })
      this.#begin()
    })
  }

  #begin(): void {
    while (this.#groups < SIDE_BY_SIDE) {
      const group = this.#take()
      if (group.length === 0) return
      void this.#commitGroup(group)
    }
  }

  /** The next group: whatever waits, the longest waiting first, but for listings that are in a transaction. */
  #take(): Waiting<P>[] {
    const group: Waiting<P>[] = []
    let [rows, size] = [0, 0]
    for (const each of this.#waiting) {
      if (this.#busy.has(each.listing)) continue
      rows += each.page.jobs.length + each.page.rejects.length
      size += each.page.size
      if (group.length > 0 && (rows > MOST_ROWS || size > MOST_SIZE)) break
      group.push(each)
    }
    for (const each of group) this.#waiting.splice(this.#waiting.indexOf(each), 1)
    return group
  }

  async #commitGroup(group: readonly Waiting<P>[]): Promise<void> {
    const byListing = Map.groupBy(group, ({ listing }) => listing)
    this.#groups += 1
    for (const listing of byListing.keys()) this.#busy.add(listing)
    try {
      const progress = [...byListing.values()].map((pages) => pages.map((each) => each.progress))
      await commitPages(
        this.#run,
        group.map(({ page }) => page),
        (client, written) => this.#save(client, progress, written),
      )
      for (const { resolve } of group) resolve()
    } catch (error) {
      this.#failure ??= { error }
      for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(error)
    } finally {
      this.#groups -= 1
      for (const listing of byListing.keys()) this.#busy.delete(listing)
      this.#begin()
    }
  }
}

/** The pages of one listing on their way into the database. */
export class PageCommits<P> {
  readonly #commit: (page: Decoded, progress: P) => Promise<void>
  #pending: Promise<void>[] = []

  constructor(commit: (page: Decoded, progress: P) => Promise<void>) {
    this.#commit = commit
  }

  /**
   * Hands a page over, with its room; waits only while too many of the listing are on their way.
   * @throws what an earlier page's commit throws
   */
  async add(page: DecodedPage, progress: P): Promise<void> {
    const commit = this.#commit(page, progress)
    page.hold.keepUntil(commit)
    commit.catch(() => {}) // thrown where it is waited for
    this.#pending.push(commit)
    while (this.#pending.length > MOST_WAITING) await this.#pending.shift()
  }

  /**
   * Waits until all are committed. When one fails, the others have ended as well: an earlier page may still be in a
   * transaction when a later one, which waits, fails with another listing's.
   * @throws what the first commit to fail throws
   */
  async flush(): Promise<void> {
    const ended = await Promise.allSettled(this.#pending.splice(0))
    for (const each of ended) if (each.status === 'rejected') throw each.reason
  }

  /** Waits until all have ended, one way or the other: nothing may be committed behind the listing's back. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#pending.splice(0))
  }
}
