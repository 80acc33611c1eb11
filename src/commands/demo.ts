import { once } from 'node:events'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { systemClock } from '../clock.ts'
import type { Settings } from '../config.ts'
import { createLogger, type Logger } from '../log.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { dropEverything, migrate } from '../store/migrate.ts'
import { answer } from './answer.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { QUESTIONS } from './demo-questions.ts'
import {
  type DemoCycle,
  type DemoWorker,
  type DemoWorld,
  demoCycles,
  demoSettings,
  startDemoWorld,
} from './demo-world.ts'

/**
 * The main job from end to end without an account: real PostgreSQL, real HTTP, real syncs, against a simulated API.
 * Its database is its own, in `SYNC_DATA_DIR/demo`, and is created again each time.
 */
export async function runDemo(
  context: CommandContext,
  { keep }: { readonly keep: boolean },
): Promise<ExitCode> {
  const { print, signal } = context
  const demo = await startDemoWorld()
  try {
    const settings = demoSettings(demo, process.env)
    const log = createLogger({ ...settings.log, secrets: settings.secrets })
    await withDemoDatabase(settings, log, async (database) => {
      await fill(demo, { database, settings, log, signal }, print)
      await answerQuestions(database.pool, print)
      print(lookAround(database, keep))
      if (keep && !signal.aborted) await once(signal, 'abort')
    })
    return signal.aborted && !keep ? 1 : 0
  } finally {
    await demo.api.close()
  }
}

async function withDemoDatabase(
  { database: { dataDir } }: Settings,
  log: Logger,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const database = await openDatabase({
    url: undefined,
    dataDir: join(dataDir, 'demo'),
    clock: systemClock,
    log: (line) => log.info(line),
  })
  try {
    await dropEverything(database.pool)
    await migrate(database.pool)
    await work(database)
  } finally {
    await database.close()
  }
}

async function fill(demo: DemoWorld, worker: DemoWorker, print: (text: string) => void): Promise<void> {
  const seen = new Set<string>()
  for await (const cycle of demoCycles(demo, worker)) {
    const when = seen.has(cycle.list) ? 'Second cycle, 10 minutes later' : 'First cycle, the whole history'
    print(describeCycle(`${when}, ${cycle.list}`, cycle))
    seen.add(cycle.list)
  }
}

function describeCycle(name: string, { counts, requests }: DemoCycle): string {
  const { received, inserted, updated, unchanged } = counts
  return (
    `${name}: ${requests} requests, ${received} items received: ` +
    `${inserted} new, ${updated} changed, ${unchanged} unchanged.`
  )
}

async function answerQuestions(pool: Pool, print: (text: string) => void): Promise<void> {
  for (const { question, sql } of QUESTIONS) {
    print(`\n${question}\n\n${sql};\n\n${await answer(pool, sql)}`)
  }
}

function lookAround({ psql }: Database, keep: boolean): string {
  const line = `  ${psql}`
  if (keep) return `\nPostgreSQL runs until you press Ctrl-C. Look around with\n${line}`
  return `\nPostgreSQL stops with the demo. To look around, run the demo with --keep (npm run demo -- --keep), then\n${line}`
}
