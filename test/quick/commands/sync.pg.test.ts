import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli, startCli, temporaryDirectory } from '../../support/cli.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import {
  accounted,
  allRows,
  emptyDatabase,
  holdAfter,
  JOBS,
  KEY,
  leaseOwner,
  settingsFor,
  startApi,
  storedRuns,
  summaryOf,
} from './support.ts'

describe('sync', () => {
  test('I1, I7, I10: makes the tables, stores every job, sums up in its last line and prints nothing', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    const first = await runCli(['sync'], { env })
    expect(first).toMatchObject({ code: 0, stdout: '' })
    const summary = summaryOf(first)
    expect(summary).toMatchObject({ level: 'info', source: 'default', outcome: 'succeeded', inserted: JOBS })
    expect(summary.received).toBe(accounted(summary))
    expect(summary.coverage).toMatch(/^2024-01-01T00:00:00\S* \.\. \S+, complete$/)
    expect(summary.requests).toBe(api.requests.total)
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)

    const second = await runCli(['sync'], { env })
    expect(second).toMatchObject({ code: 0, stdout: '' })
    expect(summaryOf(second)).toMatchObject({ outcome: 'succeeded', inserted: 0, updated: 0, rejected: 0 })
    expect(await storedRuns(database)).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'succeeded' }])
    for (const text of [first.stderr, second.stderr, await allRows(database)]) expect(text).not.toContain(KEY)
    expect(first.stderr + second.stderr).not.toContain(database.url)
  })

  test('I6, I7: of two at once one works and the other says so; every job is stored once', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    // The API answers no further until one of the two has ended, so they overlap however fast either starts.
    const hold = holdAfter(api, 3)
    const both = [await startCli(['sync'], { env }), await startCli(['sync'], { env })]
    const early = await Promise.race(both.map(({ finished }) => finished))
    hold.release()
    const ends = await Promise.all(both.map(({ finished }) => finished))
    expect(ends).toMatchObject([
      { code: 0, stdout: '' },
      { code: 0, stdout: '' },
    ])
    expect(summaryOf(early)).toMatchObject({ outcome: 'busy' })
    expect(summaryOf(early).msg).toMatch(/another worker holds this source/)
    expect(ends.map((end) => summaryOf(end).outcome).sort()).toEqual(['busy', 'succeeded'])

    const [run, ...others] = await storedRuns(database)
    expect(others).toEqual([])
    expect(run).toMatchObject({ outcome: 'succeeded', inserted: JOBS })
    expect(run!.received).toBe(accounted(run!))
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('I7: --max-runtime stops at a page boundary, and the next run goes on', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    let requests = 0
    // From the fifth on, one answer alone takes longer than the whole run may.
    api.settings.intercept = () => {
      requests += 1
      return requests > 4 ? { kind: 'delay', ms: 600 } : undefined
    }
    const first = await runCli(['sync', '--max-runtime', '500ms'], { env })
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect(summaryOf(first)).toMatchObject({ outcome: 'stopped' })
    expect(summaryOf(first).msg).toMatch(/the next sync continues/)
    const [stopped] = await storedRuns(database)
    expect(stopped).toMatchObject({ outcome: 'stopped', error: null })
    expect(stopped!.received).toBe(accounted(stopped!))
    expect(stopped!.pages).toBeGreaterThan(0)
    expect(stopped!.inserted).toBeLessThan(JOBS)
    expect(await leaseOwner(database)).toBeNull()

    api.settings.intercept = undefined
    const second = await runCli(['sync'], { env })
    expect(second).toMatchObject({ code: 0 })
    expect(summaryOf(second)).toMatchObject({ outcome: 'succeeded', inserted: JOBS - stopped!.inserted })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('reads the settings of a .env file in the working directory', async () => {
    const [api, database, cwd] = [await startApi(), await emptyDatabase(), await temporaryDirectory()]
    const settings = settingsFor(api, { DATABASE_URL: database.url, SYNC_SOURCE: 'from-dot-env' })
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    await writeFile(join(cwd, '.env'), lines.join('\n'))
    const end = await runCli(['sync'], { cwd })
    expect(end).toMatchObject({ code: 0 })
    expect(summaryOf(end)).toMatchObject({ source: 'from-dot-env', outcome: 'succeeded', inserted: JOBS })
  })
})
