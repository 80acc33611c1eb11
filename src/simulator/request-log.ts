import type { Fault } from './faults.ts'

export interface LoggedRequest {
  readonly path: string
  readonly query: URLSearchParams
  /** Undefined while there is no answer, and if there never is one. */
  status?: number
  /** How many items the answer held; for 200 only. */
  items?: number
  /** What the intercept asked for. */
  fault?: Fault['kind']
}

const MOST_KEPT = 10_000

/** The requests in the order in which they came, and how they were answered. */
export class RequestLog {
  #entries: LoggedRequest[] = []
  #total = 0
  #byStatus = new Map<number, number>()

  /** The latest, at least the last 5,000. */
  get entries(): readonly LoggedRequest[] {
    return this.#entries
  }

  /** All since the start or the last reset, answered or not. */
  get total(): number {
    return this.#total
  }

  /** Number of answers by status, since the start or the last reset. */
  get byStatus(): Readonly<Record<number, number>> {
    return Object.fromEntries(this.#byStatus)
  }

  reset(): void {
    this.#entries = []
    this.#total = 0
    this.#byStatus.clear()
  }

  begin(url: URL): LoggedRequest {
    // A copy: an intercept may rewrite the query, and the log is to say what was asked.
    const entry: LoggedRequest = { path: url.pathname, query: new URLSearchParams(url.searchParams) }
    if (this.#entries.length === MOST_KEPT) this.#entries.splice(0, MOST_KEPT / 2)
    this.#entries.push(entry)
    this.#total++
    return entry
  }

  end(entry: LoggedRequest, status: number, items: number | undefined): void {
    entry.status = status
    if (items !== undefined) entry.items = items
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1)
  }
}
