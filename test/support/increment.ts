import type pg from 'pg'
import { expect } from 'vitest'

/** A copy of our tables that is kept by the documented increment alone. */
export class Copy {
  readonly #pool: pg.Pool
  readonly #jobs = new Map<string, string>()
  readonly #changes = new Map<string, string>()
  #from = '-infinity'
  polls = 0

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** Takes what was added or changed since the last time. */
  async poll(): Promise<void> {
    const { rows } = await this.#pool.query<{ to: string | null }>(
      'select min(settled_until)::text as to from llamacloud.sync_freshness',
    )
    const to = rows[0]?.to
    if (!to) return
    const period = [this.#from, to]
    const jobs = await this.#pool.query<Row>(
      `select id, job::text as row from llamacloud.classify_jobs as job where synced_at >= $1 and synced_at < $2`,
      period,
    )
    for (const { id, row } of jobs.rows) this.#jobs.set(id, row)
    const changes = await this.#pool.query<Row>(
      `select id::text, change::text as row from llamacloud.classify_job_changes as change
      where observed_at >= $1 and observed_at < $2`,
      period,
    )
    for (const { id, row } of changes.rows) {
      // One that came twice would be counted twice.
      expect(this.#changes.has(id)).toBe(false)
      this.#changes.set(id, row)
    }
    this.#from = to
    this.polls += 1
  }

  /** How many rows and changes are not, or not as they are, in the copy. */
  async lost(): Promise<{ jobs: number; changes: number; surplus: number }> {
    const jobs = await this.#pool.query<Row>(
      'select id, job::text as row from llamacloud.classify_jobs as job',
    )
    const changes = await this.#pool.query<Row>(
      'select id::text, change::text as row from llamacloud.classify_job_changes as change',
    )
    return {
      jobs: jobs.rows.filter(({ id, row }) => this.#jobs.get(id) !== row).length,
      changes: changes.rows.filter(({ id, row }) => this.#changes.get(id) !== row).length,
      surplus: this.#jobs.size + this.#changes.size - jobs.rows.length - changes.rows.length,
    }
  }
}

interface Row {
  readonly id: string
  readonly row: string
}

export const NOTHING_LOST = { jobs: 0, changes: 0, surplus: 0 }
