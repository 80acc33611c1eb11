import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { generate } from '../../src/simulator/generate.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { DAY, MILLISECOND } from '../../src/values/instant.ts'
import { emptyDatabase, holdAfter, KEY, settingsFor } from '../quick/commands/support.ts'
import { logLines, runCli, startCli, temporaryDirectory } from '../support/cli.ts'
import { compareWithWorld, EQUAL } from '../support/compare.ts'
import type { TestDatabase } from '../support/database.ts'
import { unaccountedRuns } from '../support/sync-tables.ts'

const JOBS = 15

const nameOf = (index: number) => `source-${String(index).padStart(3, '0')}`
const projectOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

/** One API with a project, and a few jobs, for each source. */
async function startProjects(count: number): Promise<Simulator> {
  const now = () => Date.now() * MILLISECOND
  const world = new World({ now })
  const [from, to] = [now() - 10 * DAY, now() - 2 * DAY]
  for (let index = 0; index < count; index++) {
    const projectId = projectOf(index)
    generate(world, { seed: nameOf(index), jobs: JOBS, from, to, projectId, fate: { stuckShare: 0 } })
  }
  const api = await startSimulator({ world, apiKey: KEY })
  onTestFinished(() => api.close())
  return api
}

/** Settings whose sources are in a file. */
async function settingsForSources(
  api: Simulator,
  database: TestDatabase,
  sources: readonly object[],
): Promise<Record<string, string>> {
  const file = join(await temporaryDirectory(), 'sources.json')
  await writeFile(file, JSON.stringify(sources))
  return settingsFor(api, { DATABASE_URL: database.url, SYNC_SOURCES_FILE: file })
}

const sourcesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: nameOf(index), projectId: projectOf(index) }))

async function outcomes({ pool }: TestDatabase): Promise<{ source: string; outcome: string }[]> {
  const { rows } = await pool.query(
    'select source, outcome from llamacloud_sync.runs group by source, outcome order by source, outcome',
  )
  return rows
}

async function heldLeases({ pool }: TestDatabase): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    'select name from llamacloud_sync.sources where lease_owner is not null order by name',
  )
  return rows.map(({ name }) => name)
}

describe('several sources', () => {
  test('I6, I7, I8: a hundred, shared by three workers through leases alone; one summary line a source', async () => {
    const count = 100
    const [api, database] = [await startProjects(count), await emptyDatabase()]
    const env = await settingsForSources(api, database, sourcesOf(count))
    const workers = await Promise.all(Array.from({ length: 3 }, () => startCli(['sync'], { env })))
    const ends = await Promise.all(workers.map(({ finished }) => finished))
    for (const end of ends) {
      expect(end).toMatchObject({ code: 0, stdout: '' })
      const summaries = logLines(end).slice(-count)
      expect(summaries.map(({ source }) => source)).toEqual(sourcesOf(count).map(({ name }) => name))
      for (const { outcome } of summaries) expect(['succeeded', 'busy']).toContain(outcome)
    }
    expect(await outcomes(database)).toEqual(
      sourcesOf(count).map(({ name }) => ({ source: name, outcome: 'succeeded' })),
    )
    expect(await unaccountedRuns(database)).toEqual([])
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
    expect(await heldLeases(database)).toEqual([])
    const { rows } = await database.pool.query(
      `select count(*) as jobs from llamacloud.classify_jobs
      group by source having count(*) <> ${JOBS} or count(distinct project_id) <> 1`,
    )
    expect(rows).toEqual([])
  })

  test('I2, I6: what a killed worker held is taken over once its lease has run out', async () => {
    const count = 8
    const [api, database] = [await startProjects(count), await emptyDatabase()]
    const env = { ...(await settingsForSources(api, database, sourcesOf(count))), SYNC_LEASE: '3s' }
    const hold = holdAfter(api, 10)
    const worker = await startCli(['sync'], { env })
    await worker.until(hold.reached)
    worker.kill('SIGKILL')
    await worker.finished
    const held = await heldLeases(database)
    expect(held.length).toBeGreaterThan(0)
    hold.release()

    const early = await runCli(['sync'], { env })
    expect(early).toMatchObject({ code: 0 })
    await database.pool.query(
      'select pg_sleep(greatest(0, extract(epoch from max(lease_expires_at) - clock_timestamp()))) from llamacloud_sync.sources',
    )
    expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
    const abandoned = (await outcomes(database)).filter(({ outcome }) => outcome === 'abandoned')
    expect(abandoned.length).toBeGreaterThan(0)
    // The last one it took may not have got as far as a run.
    for (const { source } of abandoned) expect(held).toContain(source)
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })

  test('I10, I12: one that fails does not stop the others; the exit code tells, and its line names the cure', async () => {
    const [api, database] = [await startProjects(6), await emptyDatabase()]
    const wrongKey = 'llx-wrong-key-of-one-source'
    const sources = sourcesOf(6).map((source, index) =>
      index === 1 ? { ...source, apiKeyVariable: 'KEY_OF_ONE' } : source,
    )
    const env = { ...(await settingsForSources(api, database, sources)), KEY_OF_ONE: wrongKey }
    const end = await runCli(['sync'], { env })
    expect(end).toMatchObject({ code: 1, stdout: '' })
    const summaries = logLines(end).slice(-6)
    expect(summaries.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'failed',
      'succeeded',
      'succeeded',
      'succeeded',
      'succeeded',
    ])
    expect(summaries[1]).toMatchObject({ level: 'error', source: nameOf(1) })
    expect(summaries[1]!.msg).toContain('refused KEY_OF_ONE (401')
    expect(end.stderr).not.toContain(wrongKey)
    expect(await outcomes(database)).toContainEqual({ source: nameOf(1), outcome: 'failed' })

    const repaired = { env: { ...env, KEY_OF_ONE: KEY } }
    expect(await runCli(['sync'], repaired)).toMatchObject({ code: 0 })
    await database.pool.query('update llamacloud.classify_jobs set status = $1 where source = $2', [
      'ODD',
      nameOf(4),
    ])
    const verified = await runCli(['verify', '--json', '--limit', '3'], repaired)
    expect(verified).toMatchObject({ code: 1 })
    const { differences, received, shown } = JSON.parse(verified.stdout)
    expect({ differences, received }).toEqual({ differences: JOBS, received: 6 * JOBS })
    expect(shown.map(({ source }: { source: string }) => source)).toEqual(Array(3).fill(nameOf(4)))
  })

  test('--max-runtime holds for all of them together; the next run goes on', async () => {
    const [api, database] = [await startProjects(6), await emptyDatabase()]
    const env = await settingsForSources(api, database, sourcesOf(6))
    let requests = 0
    api.settings.intercept = () => {
      requests += 1
      return requests > 6 ? { kind: 'delay', ms: 700 } : undefined
    }
    const first = await runCli(['sync', '--max-runtime', '600ms'], { env })
    expect(first).toMatchObject({ code: 0 })
    const outcomesOfFirst = logLines(first)
      .slice(-6)
      .map(({ outcome }) => outcome)
    expect(outcomesOfFirst).toContain('stopped')
    api.settings.intercept = undefined
    expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
    expect(await compareWithWorld(database, api.world)).toEqual(EQUAL)
  })
})
