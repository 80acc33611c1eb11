import type { Pool, PoolClient } from 'pg'
import { transaction } from '../store/pool.ts'
import { DAYS, FAILURES, FRESHNESS, PERIOD, REVIEW, RULES, TO_REVIEW, TOTALS, TYPES } from './queries.ts'

/** Days of UTC, both inclusive, as `2026-02-18`. */
export interface Period {
  readonly from: string
  readonly to: string
  readonly days: number
  /** The days before it that it is compared with. */
  readonly fromBefore: string
  readonly toBefore: string
}

export type Outcome = 'matched' | 'unmatched' | 'failed' | 'cancelled' | 'open'

/** Jobs by outcome. */
export type Counts = Readonly<Record<Outcome, number>>

export interface Day extends Counts {
  readonly day: string
  /** Seconds; null on a day on which nothing was finished. */
  readonly p50: number | null
  readonly p95: number | null
}

export interface Totals extends Counts {
  /** Seconds. */
  readonly p50: number | null
}

export interface TypeFigures {
  /** Null: no rule matched. */
  readonly type: string | null
  readonly jobs: number
  readonly confidenceP10: number | null
  readonly confidenceP50: number | null
  readonly lowConfidenceJobs: number
}

export interface Failure {
  readonly error: string | null
  readonly jobs: number
  readonly lastAt: string | null
  readonly exampleJobId: string
}

export interface RuleFigures {
  /** Of the saved configurations that have these rules. Null where no saved one is used, or its name is not known. */
  readonly names: string | null
  /** The types of its first two rules. */
  readonly firstTypes: string | null
  readonly rules: number
  readonly configuration: string
  readonly type: string | null
  readonly description: string | null
  readonly completedJobs: number
  readonly matchedJobs: number
  /** How many rules there are that matched nothing. */
  readonly neverMatching: number
}

export interface ReviewItem {
  readonly id: string
  readonly createdAt: string | null
  readonly reason: string
  readonly type: string | null
  readonly confidence: number | null
  readonly file: string | null
  readonly reasoning: string | null
}

export interface Freshness {
  readonly source: string
  readonly list: string
  readonly coveredFrom: string | null
  readonly watermark: string | null
  /** Seconds. */
  readonly lag: number | null
  readonly openJobs: number
  readonly rejects: number
  readonly lastSuccessAt: string | null
}

/** All that the report shows. Times are UTC, as `2026-02-18 16:09`. */
export interface Figures {
  readonly period: Period
  readonly totals: Totals
  /** Of as many days before the period. */
  readonly before: Totals
  readonly days: readonly Day[]
  readonly types: readonly TypeFigures[]
  readonly failures: readonly Failure[]
  readonly rules: readonly RuleFigures[]
  readonly toReview: number
  /** The review threshold that is set. */
  readonly reviewBelow: number
  readonly review: readonly ReviewItem[]
  readonly freshness: readonly Freshness[]
}

/** The figures of so many whole days before the newest watermark's, or before today where nothing was synced; from one snapshot. */
export async function loadFigures(pool: Pool, days: number): Promise<Figures> {
  const load = async (client: PoolClient): Promise<Figures> => {
    const [period] = await rowsOf<Period>(client, PERIOD, [days])
    if (!period) throw new Error('the period has no row')
    const { from, to, fromBefore, toBefore } = period
    const [totals] = await rowsOf<Totals>(client, TOTALS, [from, to])
    const [before] = await rowsOf<Totals>(client, TOTALS, [fromBefore, toBefore])
    const [toReview] = await rowsOf<{ jobs: number; below: number }>(client, TO_REVIEW, [from, to])
    if (!totals || !before || !toReview) throw new Error('an aggregate has no row')
    return {
      period,
      totals,
      before,
      toReview: toReview.jobs,
      reviewBelow: toReview.below,
      days: await rowsOf<Day>(client, DAYS, [from, to]),
      types: await rowsOf<TypeFigures>(client, TYPES, [from, to]),
      failures: await rowsOf<Failure>(client, FAILURES, [from, to]),
      rules: await rowsOf<RuleFigures>(client, RULES, [from, to]),
      review: await rowsOf<ReviewItem>(client, REVIEW, [from, to]),
      freshness: await rowsOf<Freshness>(client, FRESHNESS),
    }
  }
  return transaction(pool, load, { snapshot: true })
}

async function rowsOf<T extends object>(
  client: PoolClient,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  return (await client.query<T>(sql, values)).rows
}
