import { knownMigrations } from '../store/migrate.ts'
import { type CommandContext, type ExitCode, sayDatabase, withDatabase, withSettings } from './context.ts'
import { createPreparation } from './preparation.ts'

/** Applies the migrations that the database lacks. */
export function runMigrate({ print, signal }: CommandContext): Promise<ExitCode> {
  return withSettings({ apiKey: false }, (session) => {
    sayDatabase(session)
    return withDatabase(session, async ({ pool }): Promise<ExitCode> => {
      const applied = await createPreparation(session, signal)(pool)
      for (const name of applied) print(`applied ${name}`)
      print(`The database is up to date: ${(await knownMigrations()).length} migrations.`)
      return 0
    })
  })
}
