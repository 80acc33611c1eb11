import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { generate } from '../../src/simulator/generate.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { migrate } from '../../src/store/migrate.ts'
import { DAY, MILLISECOND } from '../../src/values/instant.ts'
import { emptyDatabase, KEY, settingsFor } from '../quick/commands/support.ts'
import { runCli, startCli, temporaryDirectory } from '../support/cli.ts'
import { DbtProject, installDbt } from '../support/dbt.ts'

const PROJECTS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
const JOBS = 400
/** Of so many requests one is answered only when the next build has ended. */
const EACH = 9

const dbt = await installDbt()
if (dbt.missing !== null)
  console.warn(`THE DBT PACKAGE IS NOT TESTED: dbt cannot be installed (${dbt.missing})`)

async function serve(): Promise<Simulator> {
  const now = () => Date.now() * MILLISECOND
  const world = new World({ now })
  for (const projectId of PROJECTS)
    generate(world, { seed: projectId, jobs: JOBS, from: now() - 20 * DAY, to: now(), projectId })
  const api = await startSimulator({ world, apiKey: KEY })
  onTestFinished(() => api.close())
  return api
}

/** Holds replies back until it is called. */
function slowReplies({ settings }: Simulator): () => void {
  let requests = 0
  let held = Promise.withResolvers<void>()
  settings.intercept = async () => {
    requests += 1
    if (requests % EACH === 0) await held.promise
    return undefined
  }
  return () => {
    held.resolve()
    held = Promise.withResolvers<void>()
  }
}

/** Rows of ours that a model has not, or not as they are, and the other way round. */
const LOST = (model: string) => `
with ours as (select id, synced_at, status, result_type, updated_at from llamacloud.classify_jobs),
theirs as (select id, synced_at, status, result_type, updated_at from ${model})
select count(*)::int as lost
from ((table ours except all table theirs) union all (table theirs except all table ours)) as difference`

test.skipIf(dbt.missing !== null)(
  `I15: dbt builds the package and a model of one's own all through a first sync with slow replies, and nothing is lost${dbt.missing === null ? '' : `, skipped: ${dbt.missing}`}`,
  async () => {
    const api = await serve()
    const database = await emptyDatabase()
    await migrate(database.pool)
    const file = join(await temporaryDirectory(), 'sources.json')
    await writeFile(
      file,
      JSON.stringify(PROJECTS.map((projectId, index) => ({ name: `source-${index}`, projectId }))),
    )
    const env = settingsFor(api, {
      DATABASE_URL: database.url,
      SYNC_SOURCES_FILE: file,
      SYNC_PAGE_SIZE: '10',
      SYNC_REQUEST_TIMEOUT: '5m',
      // Renewed each second: that is how often it tells how far it has come.
      SYNC_LEASE: '3s',
    })
    const project = await DbtProject.create(dbt.missing === null ? dbt.program : '', database.url)
    onTestFinished(() => project.remove())
    await project.dbt('deps')
    const release = slowReplies(api)
    const cli = await startCli(['sync'], { env })
    let done = false
    const finished = cli.finished.finally(() => {
      done = true
    })
    let builds = 0
    // A build before the first settled time has nothing to test, and takes nothing.
    while (!done) {
      await project.dbt('run')
      builds += 1
      release()
    }
    expect((await finished).code).toBe(0)
    expect(builds).toBeGreaterThan(1)
    // Tells of the last of them that they are settled.
    api.settings.intercept = undefined
    expect(await runCli(['sync'], { env })).toMatchObject({ code: 0 })
    const built = await project.dbt('build')
    expect(built).toMatch(/Completed successfully/)
    expect(await project.dbt('source', 'freshness')).toMatch(/PASS freshness of llamacloud\.sync_freshness/)
    for (const model of ['analytics.stg_classify_jobs', 'analytics.own_jobs'])
      expect((await database.pool.query(LOST(model))).rows[0]).toEqual({ lost: 0 })
    const { rows } = await database.pool.query('select count(*)::int as jobs from analytics.own_jobs')
    expect(rows[0]).toEqual({ jobs: PROJECTS.length * JOBS })
  },
)
