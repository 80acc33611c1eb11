import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { logLines, runCli } from '../../support/cli.ts'
import { emptyDatabase, JOBS, settingsFor, startApi } from './support.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/output.md'), 'utf8')

/** The fields in the table below a heading. */
function documented(heading: string): string[] {
  const section = PAGE.split('\n## ').find((part) => part.startsWith(heading))!
  const firstCells = [...section.matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell]) => cell!)
  return firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)).sort()
}

/** The paths to all values: `sources[].runs[].id`. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, member]) =>
    fieldsOf(member, path === '' ? name : `${path}.${name}`),
  )
}

const fields = (...values: unknown[]) => [...new Set(values.flatMap((value) => fieldsOf(value)))].sort()

describe('docs/output.md names each field that is printed, and no other', () => {
  test("a run's last line, of runs that succeed, are degraded, fail; it says what they used", async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    const lastLine = async () => logLines(await runCli(['sync'], { env })).at(-1)!
    const succeeded = await lastLine()
    expect(succeeded).toMatchObject({ outcome: 'succeeded', inserted: JOBS })
    const { requests, bytes, apiMs, databaseMs, ownMs, durationMs } = succeeded as Record<string, number>
    expect(requests).toBeGreaterThan(JOBS / 20)
    // A simulated job is some kilobytes of JSON.
    expect(bytes).toBeGreaterThan(JOBS * 500)
    for (const ms of [apiMs, databaseMs, ownMs]) {
      expect(ms).toBeGreaterThan(0)
      expect(ms).toBeLessThanOrEqual(durationMs!)
    }
    await database.pool.query(
      `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, reason, quarantined_at)
      values ('default', 'job', now(), now() + interval '1 hour', '500', now())`,
    )
    const degraded = await lastLine()
    const { quarantined, ...others } = degraded
    expect(quarantined).toEqual({ jobs: 1, spans: 0 })
    expect(Object.keys({ ...succeeded, ...others, quarantined }).sort()).toEqual(
      documented("A run's last line"),
    )
    const status = JSON.parse((await runCli(['status', '--json'], { env })).stdout)
    const pending = { pendingMigrations: ['0000_name'] }
    expect(fields(status, pending)).toEqual(documented('`status --json`'))
    api.settings.apiKey = 'another'
    const failed = await lastLine()
    expect(failed).toMatchObject({ outcome: 'failed', requests: 1, bytes: 0, durationMs: expect.any(Number) })
    const report = JSON.parse((await runCli(['doctor', '--json'], { env })).stdout)
    expect(fields(report)).toEqual(documented('`doctor --json`'))
  })

  test('verify --json', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    await runCli(['sync'], { env })
    await database.pool.query(
      `update llamacloud.classify_jobs set status = 'CANCELLED' where id = (select min(id) from llamacloud.classify_jobs)`,
    )
    const report = JSON.parse((await runCli(['verify', '--json'], { env })).stdout)
    expect(fields(report)).toEqual(documented('`verify --json`'))
  })

  test('settings --json', async () => {
    const { settings } = JSON.parse((await runCli(['settings', '--json'])).stdout)
    expect(fields({ settings })).toEqual(documented('`settings --json`'))
  })
})
