import { type FileHandle, open, rm } from 'node:fs/promises'
import { SettingsError } from '../errors.ts'
import { importRows } from '../store/import-rows.ts'
import { exportRows } from '../store/transfer.ts'
import { type CommandContext, type ExitCode, onDatabase } from './context.ts'

/** Writes all rows of the tables to a new file, which only its owner can read. */
export function runExport({ print }: CommandContext, path: string): Promise<ExitCode> {
  return onDatabase({ apiKey: false }, async ({ pool }) => {
    const rows = await toNewFile(path, (write) => exportRows(pool, write))
    print(`Exported ${rows} rows to ${path}.`)
    return 0
  })
}

/** Fills an empty database with what `export` wrote. */
export function runImport({ print }: CommandContext, path: string): Promise<ExitCode> {
  return onDatabase({ apiKey: false }, async ({ pool }) => {
    await using file = await open(path).catch(cannot('read', path))
    const { rows, leftOut } = await importRows(pool, linesOf(file, path))
    print(`Imported ${rows} rows.`)
    if (leftOut.length > 0) print(`Left out, because this program did not make it: ${leftOut.join(', ')}.`)
    return 0
  })
}

/** A file that did not get all of its lines is removed: the next export is not in its way. */
async function toNewFile<T>(
  path: string,
  work: (write: (line: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  await using file = await open(path, 'wx', 0o600).catch(cannot('write', path))
  try {
    const result = await work((line) => file.appendFile(`${line}\n`).catch(cannot('write', path)))
    await file.sync().catch(cannot('write', path))
    return result
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** Begins to read when the first line is asked for: lines that come before are lost. */
async function* linesOf(file: FileHandle, path: string): AsyncGenerator<string> {
  try {
    yield* file.readLines()
  } catch (error) {
    cannot('read', path)(error)
  }
}

/** It is the file's fault: the database has no part in it. */
function cannot(verb: 'read' | 'write', path: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SettingsError(`Cannot ${verb} ${path} (${reason}). Name another file.`, { cause })
  }
}
