import { describe, expect, test } from 'vitest'
import { runCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { hasPgBouncer, throughPgBouncer } from '../../support/pgbouncer.ts'
import { accounted, emptyDatabase, JOBS, settingsFor, startApi, storedRuns } from './support.ts'

describe.runIf(hasPgBouncer)('I6: through PgBouncer in transaction mode', () => {
  test('migrate, sync with eight windows side by side, reconcile, verify and status work as without it', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const url = await throughPgBouncer(database.url)
    const env = settingsFor(api, { DATABASE_URL: url, SYNC_CONCURRENCY: '8' })
    for (const command of ['migrate', 'sync', 'sync', 'reconcile', 'verify', 'status']) {
      const { code, stdout, stderr } = await runCli([command], { env })
      expect(code, `${command}: ${stdout}${stderr}`).toBe(0)
    }
    const runs = await storedRuns(database)
    expect(runs.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    for (const run of runs) expect(run.received).toBe(accounted(run))
    expect(runs[0]).toMatchObject({ inserted: JOBS })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('doctor tells that statement mode will not do, and all else that can be told', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const url = await throughPgBouncer(database.url, 'statement')
    const end = await runCli(['doctor', '--json'], { env: settingsFor(api, { DATABASE_URL: url }) })
    expect(end).toMatchObject({ code: 1, stderr: '' })
    const { findings } = JSON.parse(end.stdout) as {
      findings: { check: string; status: string; cure?: string }[]
    }
    const of = (status: string) => findings.filter((each) => each.status === status).map(({ check }) => check)
    expect(of('skipped')).toEqual(['encoding', 'rights', 'policies'])
    expect(of('failed')[0]).toBe('pooler')
    expect(findings.find(({ check }) => check === 'pooler')!.cure).toMatch(/transaction or session mode/)
    expect(of('ok')).toEqual(expect.arrayContaining(['version', 'encryption', 'api', 'key']))
  })
})
