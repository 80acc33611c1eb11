import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../../src/store/migrate.ts'
import { openPool } from '../../../src/store/pool.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createDemoDatabase } from './demo-database.ts'

interface Panel {
  readonly title: string
  readonly type: string
  readonly datasource: { readonly uid: string }
  readonly targets: readonly { readonly rawSql: string; readonly format: string }[]
}

const fileText = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
const { panels, templating } = JSON.parse(fileText('docs/grafana/dashboards/classify.json')) as {
  panels: Panel[]
  templating: { list: { name: string; query: string }[] }
}

const FROM = '2026-01-19T00:00:00Z'
const TO = '2026-02-19T00:00:00Z'

/** What Grafana makes of its macros for this span and an interval of a day. */
function withoutMacros(sql: string, [from, to]: readonly [string, string] = [FROM, TO]): string {
  return sql
    .replaceAll(/\$__timeFilter\((\w+)\)/g, (_, column) => `${column} BETWEEN '${from}' AND '${to}'`)
    .replaceAll('$__timeFrom()', `'${from}'`)
    .replaceAll('$__timeTo()', `'${to}'`)
    .replaceAll(
      /\$__timeGroupAlias\((\w+), \$__interval\)/g,
      (_, column) => `floor(extract(epoch from ${column})/86400)*86400 AS "time"`,
    )
    .replaceAll(/\$(\w+)/g, (text, name) => values.get(name) ?? text)
}

/** What Grafana puts in the place of a variable with all its values chosen. */
const values = new Map<string, string>()

let database: TestDatabase
beforeAll(async () => {
  database = await createDemoDatabase()
  for (const { name, query } of templating.list) {
    const { rows } = await database.pool.query<Record<string, string>>(query)
    const all = rows.map((row) => row.__value ?? Object.values(row)[0] ?? '')
    values.set(name, all.map((value) => pg.escapeLiteral(value)).join(','))
  }
})
afterAll(() => database?.drop())

type Row = Record<string, number | string | null>

const sqlOf = (title: string, span?: readonly [string, string]) =>
  withoutMacros(panels.find((panel) => panel.title === title)!.targets[0]!.rawSql, span)

async function rowsOf(title: string, span?: readonly [string, string]): Promise<Row[]> {
  return (await database.pool.query<Row>(sqlOf(title, span))).rows
}

const sum = (rows: readonly Row[], column: string) =>
  rows.reduce((total, row) => total + Number(row[column]), 0)

describe('the dashboard', () => {
  test.each(panels)('$title: its SQL answers', async ({ type, targets, datasource }) => {
    expect(fileText('docs/grafana/provisioning/datasources/llamacloud.yml')).toContain(
      `uid: ${datasource.uid}\n`,
    )
    for (const { rawSql, format } of targets) {
      const sql = withoutMacros(rawSql)
      expect(sql).not.toContain('$')
      const { rows, fields } = await database.pool.query(sql)
      expect(rows.length).toBeGreaterThan(0)
      if (type === 'stat') expect(Object.values(rows[0])).toEqual([expect.any(Number)])
      // Grafana wants the time first, and in order.
      expect(format).toBe(type === 'timeseries' ? 'time_series' : 'table')
      if (format === 'time_series') {
        const times = rows.map(({ time }) => Number(time))
        expect(fields[0]!.name).toBe('time')
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }
    }
  })

  test('its panels agree with each other and with the tables', async () => {
    const { rows } = await database.pool.query<{ jobs: number; review: number; failed: number }>(`
      select count(*) as jobs, count(*) filter (where status = 'FAILED') as failed,
        count(*) filter (where status = 'COMPLETED' and (result_type is null or result_confidence < 0.7)) as review
      from llamacloud.classify_jobs where created_at between '${FROM}' and '${TO}'`)
    const { jobs, review, failed } = rows[0]!
    expect(await rowsOf('Jobs')).toEqual([{ jobs }])
    expect(await rowsOf('To review')).toEqual([{ documents: review }])
    const byOutcome = await rowsOf('Jobs by outcome')
    expect(sum(byOutcome, 'jobs')).toBe(jobs)
    const ofOutcome = (name: string) =>
      sum(
        byOutcome.filter(({ metric }) => metric === name),
        'jobs',
      )
    expect(ofOutcome('failed')).toBe(failed)
    expect(sum(await rowsOf('Types'), 'jobs')).toBe(ofOutcome('matched'))
    expect(sum(await rowsOf('Failures by cause'), 'jobs')).toBe(failed)
    expect(await rowsOf('Review queue')).toHaveLength(Math.min(review, 200))
    expect((await rowsOf('Freshness')).map(({ source }) => source)).toEqual([
      'demo',
      'demo/extract',
      'demo/parse',
    ])
  })
})

test('a time within one day is that whole day of UTC, in every panel', async () => {
  const hour = ['2026-02-17T11:00:00Z', '2026-02-17T12:00:00Z'] as const
  const day = ['2026-02-17T00:00:00Z', '2026-02-17T23:59:59.999Z'] as const
  for (const { title } of panels.filter(({ title }) => title !== 'Lag' && title !== 'Freshness')) {
    const [ofHour, ofDay] = [await rowsOf(title, hour), await rowsOf(title, day)]
    expect(ofHour.length, title).toBeGreaterThan(0)
    expect(ofHour.map((row) => JSON.stringify(row)).toSorted(), title).toEqual(
      ofDay.map((row) => JSON.stringify(row)).toSorted(),
    )
  }
})

test('the days are those of UTC for a session in another zone', async () => {
  const client = await database.pool.connect()
  try {
    for (const { title } of panels.filter(({ type }) => type === 'timeseries')) {
      await client.query(`set timezone = 'America/New_York'`)
      const { rows } = await client.query<Row>(sqlOf(title))
      expect(rows, title).toEqual(await rowsOf(title))
      for (const { time } of rows) expect(Number(time) % 86_400, title).toBe(0)
    }
  } finally {
    client.release(true)
  }
})

test('each panel but those of the sources follows the variables', async () => {
  const chosen = panels.filter(({ title }) => !['Lag', 'Freshness'].includes(title))
  for (const { title, targets } of chosen)
    for (const name of ['source', 'project', 'configuration'])
      expect(targets[0]!.rawSql, title).toContain(`in ($${name})`)
  const all = Number((await rowsOf('Jobs'))[0]!.jobs)
  const types = values.get('type')!
  let sum = 0
  for (const type of types.split(',')) {
    values.set('type', type)
    sum += Number((await rowsOf('Jobs'))[0]!.jobs)
  }
  values.set('type', types)
  expect(sum).toBe(all)
})

test('the role that compose makes ahead of the tables reads them once they are there, and nothing else', async () => {
  const [role, password] = [`reader_${randomUUID().replaceAll('-', '')}`, randomUUID()]
  const fresh = await createTestDatabase()
  const sql = fileText('docs/grafana/reader.sql')
    .replaceAll(/^\\.*$/gm, '')
    .replaceAll(/\breader\b/g, role)
    .replace(":'password'", `'${password}'`)
  await fresh.pool.query(sql)
  const url = new URL(fresh.url)
  const asReader = openPool(Object.assign(url, { username: role, password }).href, {
    max: 1,
    applicationName: 'reader',
  })
  try {
    await migrate(fresh.pool)
    const { rows } = await asReader.query<{ name: string }>(
      `select relname as name from pg_class
      where relnamespace = 'llamacloud'::regnamespace and relkind in ('r', 'v')`,
    )
    expect(rows.length).toBeGreaterThan(10)
    for (const { name } of rows) await asReader.query(`select from llamacloud.${pg.escapeIdentifier(name)}`)
    const denied = { code: '42501' }
    await expect(asReader.query('select from llamacloud_sync.sources')).rejects.toMatchObject(denied)
    await expect(asReader.query('delete from llamacloud.classify_jobs')).rejects.toMatchObject(denied)
  } finally {
    await asReader.end()
    await fresh.pool.query(`drop owned by ${role}; drop role ${role}`)
    await fresh.drop()
  }
})

test('compose: images are pinned and no port is open to other machines', () => {
  const compose = fileText('docker-compose.yml')
  expect(compose).toMatch(/image: grafana\/grafana:\d+\.\d+\.\d+\n/)
  const ports = [...compose.matchAll(/^ +- (.*:\d+)$/gm)].map(([, port]) => port)
  expect(ports.length).toBeGreaterThan(1)
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
})
