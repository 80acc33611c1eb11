import { type FileHandle, open } from 'node:fs/promises'
import { exportRows, importRows } from '../store/transfer.ts'
import { type CommandContext, type ExitCode, withDatabase, withSettings } from './context.ts'

/** Writes all rows of the tables to a new file, which only its owner can read. */
export function runExport({ print }: CommandContext, path: string): Promise<ExitCode> {
  return withSettings({ apiKey: false }, (session) =>
    withDatabase(session, async ({ pool }): Promise<ExitCode> => {
      await using file = await open(path, 'wx', 0o600)
      const rows = await exportRows(pool, (line) => file.appendFile(`${line}\n`))
      await file.sync()
      print(`Exported ${rows} rows to ${path}.`)
      return 0
    }),
  )
}

/** Fills an empty database with what `export` wrote. */
export function runImport({ print }: CommandContext, path: string): Promise<ExitCode> {
  return withSettings({ apiKey: false }, (session) =>
    withDatabase(session, async ({ pool }): Promise<ExitCode> => {
      await using file = await open(path)
      print(`Imported ${await importRows(pool, linesOf(file))} rows.`)
      return 0
    }),
  )
}

/** Begins to read when the first line is asked for: lines that come before are lost. */
async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  yield* file.readLines()
}
