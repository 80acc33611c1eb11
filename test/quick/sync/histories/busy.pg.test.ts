import { expect, test } from 'vitest'
import { emptyDatabase, holdAfter, settingsFor, startApi } from '../../commands/support.ts'
import { logLines, runCli, startCli } from '../../../support/cli.ts'

test('the lease is taken: sync ends with 0, reconcile and backfill with 1, and say that nothing was done', async () => {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url })
  const hold = holdAfter(api, 5)
  const worker = await startCli(['sync'], { env })
  await worker.until(hold.reached)
  const [sync, reconcile, backfill] = await Promise.all([
    runCli(['sync'], { env }),
    runCli(['reconcile'], { env }),
    runCli(['backfill', '--from', '2026-01-01', '--to', '2026-01-02'], { env }),
  ])
  expect(sync.code).toBe(0)
  expect(reconcile.code).toBe(1)
  expect(backfill.code).toBe(1)
  for (const end of [reconcile, backfill]) {
    const last = logLines(end).at(-1)!
    expect(['warn', 'error']).toContain(last.level)
    expect(String(last.msg)).toMatch(/another worker/)
    expect(String(last.msg)).toMatch(/--wait/)
  }
  hold.release()
  expect((await worker.finished).code).toBe(0)
})
