import type pg from 'pg'
import { replacing } from './database-clock.ts'

/** A statement as it was run, and what PostgreSQL did for it. */
export interface Explained {
  readonly statement: string
  readonly scans: readonly Scan[]
}

/** How a table was read: once for each loop. */
export interface Scan {
  readonly kind: string
  readonly table: string
  /** Of all loops, those that a filter removed included. */
  readonly rows: number
}

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly Plan[]
}

type Query = (...query: unknown[]) => Promise<unknown>

/** The same pool, which has each statement explained, with its parameters and inside its transaction, before it is run. */
export function explainingPool(real: pg.Pool): { readonly pool: pg.Pool; readonly explained: Explained[] } {
  const explained: Explained[] = []
  const explain = async (client: pg.PoolClient, query: readonly unknown[]) => {
    const { text, values } = partsOf(query)
    if (!/^\s*(?:select|with|insert|update|delete)\b/i.test(text)) return
    await client.query('savepoint explaining')
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, timing off, format json) ${text}`,
      values,
    )
    await client.query('rollback to savepoint explaining')
    explained.push({ statement: text, scans: rows[0]!['QUERY PLAN'].flatMap(({ Plan }) => scansOf(Plan)) })
  }
  const connect = async () => {
    const client = await real.connect()
    const query: Query = async (...given) => {
      await explain(client, given)
      return (client.query as Query).apply(client, given)
    }
    return replacing(client, { query })
  }
  const query: Query = async (...given) => {
    const client = await real.connect()
    try {
      await client.query('begin')
      await explain(client, given)
      await client.query('rollback')
    } finally {
      client.release()
    }
    return (real.query as Query).apply(real, given)
  }
  return { pool: replacing(real, { connect, query }), explained }
}

function partsOf([first, second]: readonly unknown[]): { text: string; values: unknown[] } {
  if (typeof first === 'string') return { text: first, values: (second as unknown[] | undefined) ?? [] }
  const config = first as { text: string; values?: unknown[] }
  return { text: config.text, values: config.values ?? (second as unknown[] | undefined) ?? [] }
}

function scansOf(plan: Plan): Scan[] {
  const table = plan['Relation Name']
  const read =
    plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)
  const kind = plan['Node Type']
  const own =
    table === undefined || kind === 'ModifyTable' || kind === 'LockRows'
      ? []
      : [{ kind, table, rows: Math.round(read * plan['Actual Loops']) }]
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)]
}
