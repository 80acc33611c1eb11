import { cureByWords, RESTORE_SCHEMA } from './cures.ts'
import { CuredError, routineOf, sqlState } from './database-error.ts'

const IN_THE_WAY =
  'Something of that name exists that no migration created: rename or drop it, and start again. ' +
  'If the tables were restored without llamacloud_sync.migrations, restore that too.'
const ALTERED = `Somebody renamed or dropped what an earlier migration created. ${RESTORE_SCHEMA}`
const DEPENDED_ON = 'Drop what depends on it, start again, and create it again afterwards.'
const OWNER =
  'Connect as the owner of the schemas llamacloud and llamacloud_sync, or make the user of DATABASE_URL their owner: `doctor` names the statements.'

const CURES: Readonly<Record<string, string>> = {
  '42P07': IN_THE_WAY,
  '42710': IN_THE_WAY,
  '42701': IN_THE_WAY,
  '42P06': IN_THE_WAY,
  '42P01': ALTERED,
  '42703': ALTERED,
  '42704': ALTERED,
  '42809': ALTERED,
  '42804': ALTERED,
  '3F000': ALTERED,
  '42P16': ALTERED,
  '2BP01': DEPENDED_ON,
  '0A000': DEPENDED_ON,
  '55000':
    'Undo what it names (`alter publication … drop table …` takes a table out of a publication), and start again.',
  '42501': OWNER,
  P0001:
    'An event trigger of this database refuses this: have it let the user of DATABASE_URL pass, or disable it meanwhile (alter event trigger NAME disable), and start again.',
}

/** A migration that the server refused: nothing of it was applied. It carries its cure. */
export class MigrationError extends CuredError {}

/** Names the migration, what the server said about it, and the cure. An error that is not about the schema stays as it is. */
export function explainMigrationError(name: string, error: unknown): unknown {
  const code = sqlState(error)
  if (!(error instanceof Error) || code === undefined || CURES[code] === undefined) return error
  const cure = cureByWords({ code, words: error.message, routine: routineOf(error) }) ?? CURES[code]
  const detail = 'detail' in error && typeof error.detail === 'string' ? ` (${error.detail})` : ''
  return new MigrationError(`the migration ${name} failed: ${error.message}${detail}`, cure, code)
}
