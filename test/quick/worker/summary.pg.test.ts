import { expect, test } from 'vitest'
import { createLogger } from '../../../src/log.ts'
import { NOT_DONE } from '../../../src/sync/under-lease.ts'
import { MINUTE } from '../../../src/values/instant.ts'
import { summarize } from '../../../src/worker/summary.ts'
import { createHarness } from '../../support/harness.ts'

const used = {
  requests: 1,
  retries: 0,
  bytes: 2_600,
  apiMs: 10.4,
  databaseMs: 5,
  ownMs: 7,
  durationMs: 20,
}

function logged() {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => lines.push(JSON.parse(line))
  const log = createLogger({ level: 'info', format: 'json', secrets: () => [], stream: { write } })
  return { lines, log, redact: (text: string) => text, signal: new AbortController().signal }
}

test('I12: a run with something in quarantine ends well, and warns with how much it is', async () => {
  const harness = await createHarness()
  const { database, sync, source } = harness
  await sync()
  await database.pool.query(
    `insert into llamacloud_sync.rechecks (source, job_id, noted_at, due_at, reason, quarantined_at)
    select 'default', 'job-' || number, now(), now() + interval '1 hour', '500', now() from generate_series(1, 2) as number`,
  )
  harness.advance(5 * MINUTE)
  const result = await sync()
  expect(result).toMatchObject({ outcome: 'degraded', quarantined: { jobs: 2, spans: 0 } })
  const { lines, ...parts } = logged()
  expect(summarize({ source, result, used }, { name: 'sync', byAnyone: true, ...parts })).toBe(0)
  expect(lines).toMatchObject([
    {
      level: 'warn',
      outcome: 'degraded',
      apiMs: 10,
      quarantined: { jobs: 2, spans: 0 },
      msg: expect.stringMatching(/2 jobs in quarantine.*`llamacloud-sync status`/),
    },
  ])
  const spans = { ...result, quarantined: { jobs: 1, spans: 1 } }
  summarize({ source, result: spans, used }, { name: 'sync', byAnyone: true, ...parts })
  expect(lines.at(-1)).toMatchObject({ msg: expect.stringMatching(/1 job and 1 span in quarantine/) })
})

test('I6: a source that another worker has is no failure of a sync, and one of what somebody asked for', async () => {
  const { source, sync } = await createHarness()
  const result = { ...(await sync()), outcome: 'busy', heldBy: 'the other one' } as const
  const { lines, ...parts } = logged()
  expect(summarize({ source, result, used }, { name: 'sync', byAnyone: true, ...parts })).toBe(0)
  expect(summarize({ source, result, used }, { name: 'reconcile', byAnyone: false, ...parts })).toBe(1)
  expect(lines).toMatchObject([
    { level: 'info', msg: expect.stringMatching(/another worker .*the other one.*nothing to do/) },
    {
      level: 'warn',
      msg: expect.stringMatching(/another worker .*the other one.*reconcile did nothing.*--wait/),
    },
  ])
})

test('a source that had no turn before the time was over: a sync leaves it to the next, what somebody asked for was not done', async () => {
  const { source } = await createHarness()
  const { lines, ...parts } = logged()
  expect(summarize({ source, result: NOT_DONE, used }, { name: 'sync', byAnyone: true, ...parts })).toBe(0)
  expect(summarize({ source, result: NOT_DONE, used }, { name: 'backfill', byAnyone: false, ...parts })).toBe(
    1,
  )
  expect(lines).toMatchObject([
    {
      level: 'info',
      outcome: 'stopped',
      msg: expect.stringMatching(/ran out of time before the turn of this source.*next sync/),
    },
    { level: 'warn', outcome: 'stopped', msg: expect.stringMatching(/nothing was done\. Run it again/) },
  ])
  for (const { coverage } of lines) expect(coverage).toBe('not looked at')
})
