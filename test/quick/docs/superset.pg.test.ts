import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { TestDatabase } from '../../support/database.ts'
import { createDemoDatabase } from './demo-database.ts'

interface Dataset {
  readonly uuid: string
  readonly database_uuid: string
  readonly schema: string
  readonly table_name: string
  readonly sql: string | null
  readonly main_dttm_col: string
  readonly columns: readonly {
    readonly column_name: string
    readonly type: string
    readonly is_dttm: boolean
  }[]
  readonly metrics: readonly { readonly metric_name: string; readonly expression: string }[]
}

interface Params {
  readonly viz_type: string
  readonly x_axis?: string
  readonly groupby?: readonly string[]
  readonly all_columns?: readonly string[]
  readonly order_by_cols?: readonly string[]
  readonly metric?: string
  readonly metrics?: readonly string[]
  readonly timeseries_limit_metric?: string
  readonly adhoc_filters: readonly {
    readonly subject: string
    readonly operator: string
    readonly comparator: string
  }[]
}

interface Chart {
  readonly uuid: string
  readonly dataset_uuid: string
  readonly slice_name: string
  readonly viz_type: string
  readonly params: Params
}

interface Dashboard {
  readonly position: Readonly<Record<string, { type: string; meta: { chartId: number; uuid: string } }>>
  readonly metadata: {
    readonly native_filter_configuration: readonly {
      readonly targets: readonly {
        readonly datasetUuid?: string
        readonly column?: { readonly name: string }
      }[]
      readonly scope: { readonly excluded: readonly number[] }
    }[]
  }
}

const ROOT = join(import.meta.dirname, '../../../docs/superset/llamacloud')

function filesIn<T>(folder: string): T[] {
  const names = readdirSync(join(ROOT, folder)).toSorted()
  return names.map((name) => parse(readFileSync(join(ROOT, folder, name), 'utf8')) as T)
}

const datasets = filesIn<Dataset>('datasets/LlamaCloud')
const charts = filesIn<Chart>('charts')
const [dashboard] = filesIn<Dashboard>('dashboards')
const [connection] = filesIn<{ uuid: string; sqlalchemy_uri: string; extra: object }>('databases')

const datasetOf = (uuid: string | undefined): Dataset => datasets.find((each) => each.uuid === uuid)!
const relationOf = ({ sql, schema, table_name }: Dataset) =>
  sql === null ? `${schema}.${table_name}` : `(${sql})`

let database: TestDatabase
beforeAll(async () => {
  database = await createDemoDatabase()
})
afterAll(() => database?.drop())

async function typesOf(dataset: Dataset): Promise<Map<string, string>> {
  const { fields } = await database.pool.query(`select * from ${relationOf(dataset)} as dataset limit 0`)
  const { rows } = await database.pool.query<{ names: string[] }>(
    'select array(select upper(format_type(each, null)) from unnest($1::oid[]) as each) as names',
    [fields.map(({ dataTypeID }) => dataTypeID)],
  )
  return new Map(fields.map(({ name }, index) => [name, rows[0]!.names[index]!]))
}

/** What Superset asks for a chart, of the demo's last 30 days. */
function queryOf({ params, dataset_uuid }: Chart): string {
  const dataset = datasetOf(dataset_uuid)
  const expressionOf = (name: string) => {
    const metric = dataset.metrics.find(({ metric_name }) => metric_name === name)
    return `${metric!.expression} as "${name}"`
  }
  const keys = [
    ...(params.x_axis ? [params.x_axis] : []),
    ...(params.groupby ?? []),
    ...(params.all_columns ?? []),
  ]
  const metrics = [...(params.metrics ?? []), ...(params.metric ? [params.metric] : [])]
  const filters = params.adhoc_filters.map(({ subject, operator, comparator }) =>
    operator === 'TEMPORAL_RANGE'
      ? `${subject} >= '2026-01-19' and ${subject} < '2026-02-18'`
      : `${subject} = '${comparator}'`,
  )
  return `select ${[...keys, ...metrics.map(expressionOf)].join(', ')} from ${relationOf(dataset)} as dataset
    where ${['true', ...filters].join(' and ')}
    ${metrics.length > 0 && keys.length > 0 ? `group by ${keys.join(', ')}` : ''}`
}

describe('the Superset dashboard', () => {
  test.each(datasets)(
    '$table_name: its columns are there, of these types, and its time column is a time',
    async (dataset) => {
      const types = await typesOf(dataset)
      const declared = new Map(dataset.columns.map(({ column_name, type }) => [column_name, type]))
      expect(Object.fromEntries(types)).toMatchObject(Object.fromEntries(declared))
      if (dataset.sql !== null) expect([...declared.keys()]).toEqual([...types.keys()])
      for (const { type, is_dttm } of dataset.columns) expect(is_dttm).toBe(/^DATE|^TIMESTAMP/.test(type))
      expect(dataset.columns.find(({ column_name }) => column_name === dataset.main_dttm_col)!.is_dttm).toBe(
        true,
      )
      expect(dataset.database_uuid).toBe(connection!.uuid)
      for (const { expression } of dataset.metrics)
        await database.pool.query(`select ${expression} from ${relationOf(dataset)} as dataset`)
    },
  )

  test.each(charts)(
    '$slice_name: it goes by the time column of its dataset and answers with rows',
    async (chart) => {
      const { params, viz_type, dataset_uuid } = chart
      expect(params.viz_type).toBe(viz_type)
      const times = params.adhoc_filters.filter(({ operator }) => operator === 'TEMPORAL_RANGE')
      const { main_dttm_col, table_name, metrics } = datasetOf(dataset_uuid)
      expect(times.map(({ subject }) => subject)).toEqual(
        table_name === 'sync_freshness' ? [] : [main_dttm_col],
      )
      const { rows } = await database.pool.query(queryOf(chart))
      expect(rows.length).toBeGreaterThan(0)
      const limit = params.timeseries_limit_metric
      if (limit) expect(metrics.map(({ metric_name }) => metric_name)).toContain(limit)
      for (const order of params.order_by_cols ?? [])
        expect(params.all_columns).toContain(JSON.parse(order)[0])
    },
  )

  test('has every chart once, and its filters name columns of its datasets and charts of its own', () => {
    const placed = Object.values(dashboard!.position).filter(({ type }) => type === 'CHART')
    expect(placed.map(({ meta }) => meta.uuid).toSorted()).toEqual(charts.map(({ uuid }) => uuid).toSorted())
    const ids = placed.map(({ meta }) => meta.chartId)
    expect(new Set(ids).size).toBe(charts.length)
    for (const { targets, scope } of dashboard!.metadata.native_filter_configuration) {
      for (const id of scope.excluded) expect(ids).toContain(id)
      for (const { datasetUuid, column } of targets) {
        if (column === undefined) continue
        expect(datasetOf(datasetUuid).columns.map(({ column_name }) => column_name)).toContain(column.name)
      }
    }
  })

  test('comes without a password, and asks for days of UTC', () => {
    expect(new URL(connection!.sqlalchemy_uri).password).toBe('')
    expect(JSON.stringify(connection!.extra)).toContain('-c timezone=UTC')
  })
})
