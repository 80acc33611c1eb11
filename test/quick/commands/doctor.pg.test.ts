import { describe, expect, onTestFinished, test } from 'vitest'
import { runCli } from '../../support/cli.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { emptyDatabase, KEY, settingsFor, startApi } from './support.ts'

interface Report {
  readonly healthy: boolean
  readonly findings: readonly { check: string; status: string; found: string; cure?: string }[]
}

async function examine(
  env: Readonly<Record<string, string>>,
): Promise<Report & { readonly code: number | null }> {
  const end = await runCli(['doctor', '--json'], { env })
  expect(end.stderr).toBe('')
  expect(end.stdout).not.toContain(KEY)
  return { ...JSON.parse(end.stdout), code: end.code }
}

const failures = ({ findings }: Report) => findings.filter(({ status }) => status === 'failed')

describe('doctor', () => {
  test('all is well on an empty database: every check in its order, and nothing is changed', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    const end = await runCli(['doctor'], { env })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    const lines = end.stdout.trimEnd().split('\n')
    expect(lines.at(-1)).toBe('All checks passed.')
    const names = lines.slice(0, -1).map((line) => /^ok +(\S.*?) {2}/.exec(line)?.[1])
    const ofSource = ['api', 'key', 'region', 'scope', 'clock'].map((check) => `default: ${check}`)
    expect(names).toEqual([
      ...[
        'settings',
        'database',
        'version',
        'encryption',
        'session',
        'pooler',
        'encoding',
        'rights',
        'policies',
      ],
      ...['migrations', 'proxy'],
      ...ofSource,
    ])
    const schemas = await database.pool.query(`select from pg_namespace where nspname like 'llamacloud%'`)
    expect(schemas.rowCount).toBe(0)
  })

  test.each([
    ['llamacloud_sync', 'migrations'],
    ['llamacloud', 'tables'],
  ])(
    'a backup without the schema %s: each sync fails, doctor does too and says why',
    async (schema, check) => {
      const [api, database] = [await startApi(), await createMigratedDatabase()]
      onTestFinished(() => database.drop())
      await database.pool.query(`drop schema ${schema} cascade`)
      const report = await examine(settingsFor(api, { DATABASE_URL: database.url }))
      expect(report).toMatchObject({ code: 1, healthy: false })
      expect(failures(report)).toMatchObject([{ check, cure: expect.stringMatching(/restore/i) }])
    },
  )

  test('wrong settings: exit code 2, each with its variable', async () => {
    const report = await examine({
      LLAMA_CLOUD_API_KEY: KEY,
      SYNC_OVERLAP: 'soon',
      SYNC_SCHEDULE: '61 * * * *',
    })
    expect(report).toMatchObject({ code: 2, healthy: false })
    expect(failures(report)).toMatchObject([{ check: 'settings' }])
    expect(failures(report)[0]!.found).toContain('SYNC_OVERLAP')
    expect(failures(report)[0]!.found).toContain('SYNC_SCHEDULE: "61 * * * *" is not a cron expression')
    const schedule = await examine({ LLAMA_CLOUD_API_KEY: KEY, SYNC_SCHEDULE: '61 * * * *' })
    expect(failures(schedule)).toMatchObject([{ check: 'settings' }])
  })

  test('I10: no database: the API is examined all the same', async () => {
    const api = await startApi()
    const env = settingsFor(api, { DATABASE_URL: 'postgres://app:hunter22hunter@127.0.0.1:1/warehouse' })
    const report = await examine(env)
    expect(report).toMatchObject({ code: 1, healthy: false })
    expect(failures(report)).toMatchObject([
      { check: 'database', cure: 'Start PostgreSQL there, or correct DATABASE_URL.' },
    ])
    expect(JSON.stringify(report)).not.toContain('hunter22')
    expect(report.findings.filter(({ status }) => status === 'ok')).toHaveLength(7)
  })

  test('a user without rights: what to grant', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const url = new URL(database.url)
    const user = `reader_${url.pathname.replaceAll(/\D/g, '')}`
    await database.pool.query(`create role ${user} login password 'pass-of-the-reader'`)
    Object.assign(url, { username: user, password: 'pass-of-the-reader' })
    const report = await examine(settingsFor(api, { DATABASE_URL: url.href }))
    expect(failures(report)).toMatchObject([{ check: 'rights' }])
    expect(failures(report)[0]!.cure).toContain(`grant create on database`)
    await database.pool.query(`drop role ${user}`)
  })

  test('a database of a newer version', async () => {
    const [api, database] = [await startApi(), await createMigratedDatabase()]
    onTestFinished(() => database.drop())
    await database.pool.query(`insert into llamacloud_sync.migrations (name) values ('9999_of_the_future')`)
    const report = await examine(settingsFor(api, { DATABASE_URL: database.url }))
    expect(failures(report)).toMatchObject([
      { check: 'migrations', cure: expect.stringMatching(/^Upgrade this one/) },
    ])
  })
})
