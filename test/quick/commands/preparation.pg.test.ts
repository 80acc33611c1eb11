import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { createPreparation } from '../../../src/commands/preparation.ts'
import { loadSettings } from '../../../src/config.ts'
import { createLogger } from '../../../src/log.ts'
import { logLines, runCli } from '../../support/cli.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { emptyDatabase } from './support.ts'

const BELOW = 'select review_below as below from llamacloud.sync_settings'

test('a worker stores the review threshold that is set, and warns when another was set; without one it stays', async () => {
  const { pool, url } = await emptyDatabase()
  const migrate = async (more: Readonly<Record<string, string>>) => {
    const done = await runCli(['migrate'], { env: { DATABASE_URL: url, LOG_FORMAT: 'json', ...more } })
    const warnings = logLines(done).filter(({ level }) => level === 'warn')
    return { code: done.code, warnings: warnings.map(({ msg }) => msg), ...(await pool.query(BELOW)).rows[0] }
  }
  expect(await migrate({})).toEqual({ code: 0, warnings: [], below: 0.7 })
  expect(await migrate({ SYNC_REVIEW_BELOW: '.85' })).toEqual({ code: 0, warnings: [], below: 0.85 })
  expect(await migrate({ SYNC_REVIEW_BELOW: '0.85' })).toEqual({ code: 0, warnings: [], below: 0.85 })
  expect(await migrate({})).toEqual({ code: 0, warnings: [], below: 0.85 })
  expect(await migrate({ SYNC_REVIEW_BELOW: '0.7' })).toEqual({
    code: 0,
    warnings: [
      expect.stringMatching(
        /^The review threshold of this database was 0.85 and is now 0.7 \(SYNC_REVIEW_BELOW\)/,
      ),
    ],
    below: 0.7,
  })
})

test('of two workers that are at work with different thresholds the one that began last wins, whoever ticks', async () => {
  const { pool, drop } = await createMigratedDatabase()
  onTestFinished(drop)
  const lines: string[] = []
  const preparationOf = (below: string) => {
    const settings = loadSettings({ SYNC_REVIEW_BELOW: below }, { readFile: () => '' }, { apiKey: false })
    const stream = { write: (line: string) => lines.push(line) }
    const log = createLogger({ level: 'warn', format: 'json', secrets: () => [], stream })
    return createPreparation({ settings, clock: systemClock, log }, new AbortController().signal)
  }
  const [first, second] = [preparationOf('0.6'), preparationOf('0.8')]
  for (const tick of [first, second, first, second, first]) await tick(pool)
  expect((await pool.query(BELOW)).rows).toEqual([{ below: 0.8 }])
  expect(lines).toEqual([expect.stringContaining('was 0.6 and is now 0.8')])
})
