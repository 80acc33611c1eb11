import type pg from 'pg'
import { formatInstant, type Instant } from '../../src/values/instant.ts'

const CLOCK = /\b(?:pg_catalog\.)?(?:clock_timestamp|statement_timestamp|transaction_timestamp|now)\(\)/gi

/** A definition outlives its statement, and so does the clock in it. */
const DEFINITION = /\bcreate\s+(?:or\s+replace\s+)?(?:view|function|table)\b/i

/** The statement as a server would run it at this time: the calls for the time give place to the time itself. */
export function atTime(statement: string, now: Instant): string {
  return DEFINITION.test(statement)
    ? statement
    : statement.replaceAll(CLOCK, `(timestamptz '${formatInstant(now)}')`)
}

/** The arguments of `client.query`, its statement run at this time. */
export function queryAtTime(query: readonly unknown[], now: Instant): unknown[] {
  const [first, ...others] = query
  if (typeof first === 'string') return [atTime(first, now), ...others]
  const isConfig = typeof first === 'object' && first !== null && 'text' in first
  return isConfig ? [{ ...first, text: atTime(String(first.text), now) }, ...others] : [...query]
}

type Query = (...query: unknown[]) => Promise<unknown>

export interface ClockedPool {
  readonly pool: pg.Pool
  /** How many connections and answers it waits for. */
  readonly waiting: () => number
}

/** The same pool, where the time of the database is ours. What is defined by a view keeps the real one. */
export function clockedPool(real: pg.Pool, now: () => Instant): ClockedPool {
  let waiting = 0
  async function awaited<T>(answer: Promise<T>): Promise<T> {
    waiting += 1
    try {
      return await answer
    } finally {
      waiting -= 1
    }
  }
  const clocked =
    (target: pg.Pool | pg.PoolClient): Query =>
    (...query) =>
      awaited((target.query as Query).apply(target, queryAtTime(query, now())))
  const connect = async () => {
    const client = await awaited(real.connect())
    return replacing(client, { query: clocked(client) })
  }
  return { pool: replacing(real, { connect, query: clocked(real) }), waiting: () => waiting }
}

/** The same object, with other methods for some of its own. */
export function replacing<T extends object>(object: T, methods: Record<string, unknown>): T {
  return new Proxy(object, {
    get: (target, name) =>
      typeof name === 'string' && Object.hasOwn(methods, name)
        ? methods[name]
        : Reflect.get(target, name, target),
  })
}
