import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LISTS } from '../../src/lists/lists.ts'
import { generate } from '../../src/simulator/generate.ts'
import { DEFAULT_PROJECT } from '../../src/simulator/job.ts'
import { batches } from '../../src/simulator/lists/batches.ts'
import { extract } from '../../src/simulator/lists/extract.ts'
import { parse } from '../../src/simulator/lists/parse.ts'
import { split } from '../../src/simulator/lists/split.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { DEFAULT_ORGANIZATION, World } from '../../src/simulator/world.ts'
import { DAY, MILLISECOND } from '../../src/values/instant.ts'
import { emptyDatabase, KEY, settingsFor } from '../quick/commands/support.ts'
import { runCli, temporaryDirectory } from '../support/cli.ts'
import type { TestDatabase } from '../support/database.ts'
import { installPrism, startPrism } from '../support/prism.ts'

const JOBS = 150

/** The vendor's own description, which is kept beside the clone where there is one. */
const CONTRACT = new URL('../../../shared/contract/lists.openapi.json', import.meta.url)

const missing = existsSync(CONTRACT)
  ? await installPrism()
  : "the vendor's description of the API is not here"
if (missing !== null) console.warn(`THE CONTRACT IS NOT TESTED WITH PRISM: ${missing}`)
const skipped = missing === null ? '' : `, skipped: ${missing}`

/** The description, with a part of its schemas changed, and with what Prism does not understand or has become of them since. */
async function describedBut(change: (name: string, value: unknown) => unknown): Promise<string> {
  const adapt = (name: string, value: unknown) => {
    if (name === 'schema') return withoutNull(value)
    // The client knows a later split job, which has file_input instead.
    const isLater = name === 'required' && Array.isArray(value)
    return change(name, isLater ? value.filter((each) => each !== 'document_input') : value)
  }
  const file = join(await temporaryDirectory(), 'openapi.json')
  await writeFile(file, JSON.stringify(JSON.parse(readFileSync(CONTRACT, 'utf8'), adapt)))
  return file
}

/** Of a parameter, which is no JSON. Prism takes one value for a list only where nothing else is possible. */
function withoutNull(schema: unknown): unknown {
  const { anyOf = [] } = schema as { anyOf?: { type?: string }[] }
  const [only, ...others] = anyOf.filter(({ type }) => type !== 'null')
  return only && others.length === 0 ? only : schema
}

function environment(url: string, database: TestDatabase, more: Record<string, string>) {
  return settingsFor({ url } as Simulator, {
    DATABASE_URL: database.url,
    SYNC_LISTS: LISTS.map(({ name }) => name).join(),
    SYNC_LOOKUPS: 'projects,configurations,files,usage',
    ...more,
  })
}

/** Every way to read the API; what is stored then is what it shows. */
async function readInEveryWay(env: Record<string, string>): Promise<void> {
  for (const command of [['sync'], ['reconcile', '--whole'], ['sync'], ['verify']])
    expect(await runCli(command, { env })).toMatchObject({ code: 0 })
}

async function jobsOf({ pool }: TestDatabase): Promise<number[]> {
  const counts = LISTS.map(({ jobs }) =>
    pool.query(`select count(*)::int as jobs from llamacloud.${jobs.table}`),
  )
  return (await Promise.all(counts)).map(({ rows }) => rows[0].jobs)
}

/** Lookups that failed, rejected items, and how many rows each table of names has. */
async function namesOf({ pool }: TestDatabase) {
  const { rows } = await pool.query(`select
    (select count(*)::int from llamacloud_sync.rejects) as rejects,
    array(select lookup || ': ' || reason from llamacloud_sync.lookups where reason is not null) as failed,
    (select count(*)::int from llamacloud.projects) as projects,
    (select count(*)::int from llamacloud.saved_configurations) as configurations,
    (select count(*)::int from llamacloud.files) as files,
    (select count(*)::int from llamacloud.usage_metrics) as usage`)
  return rows[0]
}

test.skipIf(missing !== null)(
  `every list is synced from a mock server that knows the vendor's description only${skipped}`,
  async () => {
    // It gives each text as 'string', and a token that comes again has no end.
    const description = await describedBut((name, value) =>
      name === 'next_page_token' ? { type: 'null' } : value,
    )
    const prism = await startPrism(description)
    const database = await emptyDatabase()
    // It dates everything 2019-08-24.
    await readInEveryWay(
      environment(prism.url, database, {
        SYNC_START_AT: '2019-08-01T00:00:00Z',
        LLAMA_CLOUD_ORGANIZATION_ID: DEFAULT_ORGANIZATION,
      }),
    )
    expect(await jobsOf(database)).toEqual(LISTS.map(() => 1))
    expect(prism.requests()).toBeGreaterThan(4 * LISTS.length)
    expect(prism.complaints()).toEqual([])
    expect(await namesOf(database)).toEqual({
      rejects: 0,
      failed: [],
      projects: 1,
      configurations: 1,
      files: 1,
      usage: 1,
    })
  },
)

/** One of each list, some of its jobs open. */
function worlds(): [World, ...World[]] {
  const now = () => Date.now() * MILLISECOND
  // The description is older than the client, by which classify jobs may be cancelled.
  const fate = { stuckShare: 0.1, cancelledShare: 0 }
  const fill = (world: World) => {
    const seed = world.simulates.product
    generate(world, { seed, jobs: JOBS, from: now() - 10 * DAY, to: now() - DAY, fate })
    return world
  }
  const others = [parse, extract, split, batches].map((simulates) => fill(new World({ now, simulates })))
  return [fill(new World({ now })), ...others]
}

test.skipIf(missing !== null)(
  `every request and every reply of the simulated API is as the vendor's description says${skipped}`,
  async () => {
    const [world, ...others] = worlds()
    const api = await startSimulator({ world, others, apiKey: KEY })
    onTestFinished(() => api.close())
    const description = await describedBut((_, value) => value)
    const prism = await startPrism(description, api.url)
    const database = await emptyDatabase()
    const scope = {
      LLAMA_CLOUD_PROJECT_ID: DEFAULT_PROJECT,
      LLAMA_CLOUD_ORGANIZATION_ID: DEFAULT_ORGANIZATION,
    }
    await readInEveryWay(environment(prism.url, database, scope))
    expect(await jobsOf(database)).toEqual(LISTS.map(() => JOBS))
    const parameters = new Set(api.requests.entries.flatMap(({ query }) => [...query.keys()]))
    expect([...parameters].sort()).toEqual([
      'created_at_on_or_after',
      'created_at_on_or_before',
      'day_on_or_after',
      'day_on_or_before',
      'file_ids',
      'job_ids',
      'organization_id',
      'page_size',
      'page_token',
      'project_id',
    ])
    expect(prism.requests()).toBe(api.requests.total)
    expect(prism.complaints()).toEqual([])
    expect(await namesOf(database)).toMatchObject({ rejects: 0, failed: [] })
  },
)
