/** Writes into the documentation what its queries answer on the demo's world: after a change of a query, or of the world. */
import { readFile, writeFile } from 'node:fs/promises'
import { answer } from '../src/commands/answer.ts'
import { demoCycles, demoSettings, startDemoWorld } from '../src/commands/demo-world.ts'
import { createLogger } from '../src/log.ts'
import { withMigratedDatabase } from './database.ts'
import { queriesIn, withAnswers } from './doc-queries.ts'

const PAGES = ['docs/cookbook.md', 'README.md']

await withMigratedDatabase(async (pool) => {
  const demo = await startDemoWorld()
  try {
    const settings = demoSettings(demo, {})
    const log = createLogger({ ...settings.log, secrets: settings.secrets })
    const worker = { settings, database: { url: '', pool }, log, signal: new AbortController().signal }
    for await (const { outcome } of demoCycles(demo, worker)) log.info(`cycle ${outcome}`)
  } finally {
    await demo.api.close()
  }
  for (const page of PAGES) {
    const file = new URL(`../${page}`, import.meta.url)
    const markdown = await readFile(file, 'utf8')
    const answers: string[] = []
    for (const { sql } of queriesIn(markdown)) answers.push(await answer(pool, sql))
    await writeFile(file, withAnswers(markdown, answers))
  }
})
