import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { DAY, HOUR, MILLISECOND, MINUTE } from '../../src/values/instant.ts'
import { emptyDatabase, KEY, settingsFor, summaryOf } from '../quick/commands/support.ts'
import { runCli, temporaryDirectory } from '../support/cli.ts'

const USAGE = new URL('../../bench/support/usage.mjs', import.meta.url).href
const MEGABYTE = 1_024 * 1_024
/** Text of a document's language: half of it is outside of Latin-1, which takes V8 two bytes a character. */
const REASONING = '“Größe” — 数量 '.repeat(75_000)

/** 100 jobs of 1.5 MB, some unfinished, 300 normal ones around them, and one that is larger than any reply may be. */
async function startApiOfLargeJobs(): Promise<Simulator> {
  const now = () => Date.now() * MILLISECOND
  const world = new World({ now })
  const at = now() - 3 * DAY
  for (let index = 0; index < 400; index += 1) {
    const isLarge = index >= 100 && index < 200
    world.put({
      id: `job-${index}`,
      createdAt: at + index * MINUTE,
      fields: {
        status: index % 10 === 0 ? 'RUNNING' : 'COMPLETED',
        ...(isLarge && { result: { type: 'letter', confidence: 0.5, reasoning: `${index} ${REASONING}` } }),
      },
    })
  }
  world.put({ id: 'giant', createdAt: at - HOUR, fields: { error_message: 'x'.repeat(20 * MEGABYTE) } })
  const api = await startSimulator({ world, apiKey: KEY })
  onTestFinished(() => api.close())
  return api
}

test('I11, A23: with a heap of 256 MB, 100 jobs of 1.5 MB and one of 20: all are stored or set aside, and move to another database', async () => {
  const [api, database, folder] = [
    await startApiOfLargeJobs(),
    await emptyDatabase(),
    await temporaryDirectory(),
  ]
  const [usageFile, exported] = [join(folder, 'usage.json'), join(folder, 'rows.jsonl')]
  const other = await emptyDatabase()
  const env = settingsFor(api, {
    DATABASE_URL: database.url,
    SYNC_PAGE_SIZE: '100',
    SYNC_CONCURRENCY: '8',
    NODE_OPTIONS: `--max-old-space-size=256 --import ${USAGE}`,
    BENCH_USAGE_FILE: usageFile,
  })
  const moved = { ...env, DATABASE_URL: other.url }
  for (const [command, ...args] of [['sync'], ['verify'], ['export', exported], ['import', exported]]) {
    const end = await runCli([command!, ...args], { env: command === 'import' ? moved : env })
    expect({ command, ...end }).toMatchObject({ command, code: 0, signal: null })
    if (command === 'sync') expect(summaryOf(end)).toMatchObject({ outcome: 'degraded' })
    const { maxRssKb } = JSON.parse(await readFile(usageFile, 'utf8'))
    expect(maxRssKb * 1_024).toBeLessThan(512 * MEGABYTE)
  }
  const { rows } = await other.pool.query(
    `select count(*)::int as jobs, count(*) filter (where octet_length(result_reasoning) > 1500000)::int as large,
      (select array_agg(reason) from llamacloud_sync.spans where reason is not null) as reasons
    from llamacloud.classify_jobs`,
  )
  expect(rows).toEqual([{ jobs: 400, large: 100, reasons: [expect.stringContaining('larger than 16 MB')] }])
})
