import { describe, expect, test } from 'vitest'
import { runCli } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { accounted, emptyDatabase, JOBS, settingsFor, startApi, storedRuns, summaryOf } from './support.ts'

const ENV = { LLAMA_CLOUD_API_KEY: 'llx-none', DATABASE_URL: 'postgres://app@127.0.0.1:1/warehouse' }

async function synced() {
  const [api, database] = [await startApi(), await emptyDatabase()]
  const env = settingsFor(api, { DATABASE_URL: database.url })
  const run = async (...args: string[]) => {
    const end = await runCli(args, { env })
    expect(end).toMatchObject({ code: 0, stdout: '' })
    return summaryOf(end)
  }
  await run('sync')
  return { api, database, env, run }
}

describe('backfill', () => {
  test.each([
    [[], /required option '--from <time>' not specified/],
    [['--from', 'yesterday'], /'yesterday' is invalid.*Expected a date or a date-time/],
    [['--from', '2026-02-30'], /'2026-02-30' is invalid/],
    [['--from', '2026-01-01', '--to', 'never'], /'never' is invalid/],
    [['--from', '2026-01-02', '--to', '2026-01-01T23:59:59Z'], /--to must not be earlier than --from/],
    [['--from', '2099-01-02'], /--from lies in the future/],
    [['--from', '2099-01-02', '--to', '2099-01-03'], /--from lies in the future/],
    [['--from', '2026-01-01', '--max-runtime', 'soon'], /'soon' is invalid/],
  ])('%j is a fault of usage: exit code 2 and what is wrong', async (flags, problem) => {
    const end = await runCli(['backfill', ...flags], { env: ENV })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toMatch(problem)
  })

  test('I1, I7: reads a span again, with --to and without', async () => {
    const { api, database, run } = await synced()
    const lose = (where: string) => database.pool.query(`delete from llamacloud.classify_jobs where ${where}`)
    const middle = new Date(Date.now() - 6 * 86_400_000).toISOString().slice(0, 19)
    const older = (await lose(`created_at <= '${middle}Z'`)).rowCount!
    const newer = (await lose(`created_at > '${middle}Z'`)).rowCount!
    expect(older + newer).toBe(JOBS)
    const first = await run('backfill', '--from', '2025-01-01', '--to', `${middle}Z`)
    expect(first).toMatchObject({ outcome: 'succeeded', inserted: older })
    expect(first.received).toBe(accounted(first))
    expect(first.msg).toMatch(/^backfill of 2025-01-01T00:00:00\.000000Z \.\. \S+ succeeded$/)
    const second = await run('backfill', '--from', '2025-01-01')
    expect(second).toMatchObject({ outcome: 'succeeded', inserted: newer })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
    expect(await storedRuns(database)).toMatchObject([
      { kind: 'sync' },
      { kind: 'backfill' },
      { kind: 'backfill' },
    ])
  })

  test('--max-runtime stops it at a page boundary; the same command goes on', async () => {
    const { api, database, run } = await synced()
    await database.pool.query('delete from llamacloud.classify_jobs')
    const flags = ['backfill', '--from', '2025-01-01']
    let requests = 0
    api.settings.intercept = () => {
      requests += 1
      return requests > 5 ? { kind: 'delay', ms: 600 } : undefined
    }
    const first = await run(...flags, '--max-runtime', '500ms')
    expect(first.outcome).toBe('stopped')
    expect(first.msg).toMatch(/stopped early; the next sync continues where it stopped$/)
    api.settings.intercept = undefined
    expect(await run(...flags)).toMatchObject({ outcome: 'succeeded', inserted: JOBS - first.inserted })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })
})

describe('reconcile', () => {
  test('A8: repairs, finds what was deleted, and the status tells when; a wrong key is told as such', async () => {
    const began = Date.now()
    const { api, database, env, run } = await synced()
    const [{ id }] = [...api.world.all()] as [{ id: string }]
    await database.pool.query(
      `update llamacloud.classify_jobs set error_message = 'planted' where id <> $1`,
      [id],
    )
    api.world.remove(id)
    // What was stored just now may yet be hidden by a replica that is behind; this was not.
    await database.pool.query(
      `update llamacloud.classify_jobs set first_seen_at = first_seen_at - interval '1 day'`,
    )
    expect(await run('reconcile')).toMatchObject({ outcome: 'succeeded', repairs: JOBS - 1, deletions: 0 })
    // An hour later, by the database.
    await database.pool.query(
      `update llamacloud_sync.rechecks set missed_at = missed_at - interval '1 hour', due_at = now()`,
    )
    expect(await run('reconcile')).toMatchObject({ outcome: 'succeeded', repairs: 0, deletions: 1 })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)

    const status = await runCli(['status', '--json'], { env })
    const [source] = JSON.parse(status.stdout).sources
    expect(Date.parse(source.lastReconcileAt)).toBeGreaterThan(began - 60_000)
    expect((await runCli(['status'], { env })).stdout).toContain(
      `  all read since  ${source.lastReconcileAt}\n`,
    )

    api.settings.intercept = () => ({
      kind: 'page',
      change: (page) => ({ ...page, items: [], next_page_token: null }),
    })
    const end = await runCli(['reconcile'], { env })
    expect(end).toMatchObject({ code: 0, stdout: '' })
    expect(end.stderr).toMatch(/returns none of the known jobs\. Nothing is marked as deleted/)
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })
})
