import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SettingsError } from '../errors.ts'
import { loadFigures } from '../report/figures.ts'
import { reportPage } from '../report/page.ts'
import { type CommandContext, type ExitCode, onDatabase } from './context.ts'

export interface ReportOptions {
  /** Where the page is written to. */
  readonly out: string
  /** How many days up to the newest watermark. */
  readonly days: number
}

/** Writes what a team lead looks at on Monday as one HTML file. */
export function runReport({ print }: CommandContext, { out, days }: ReportOptions): Promise<ExitCode> {
  return onDatabase({ apiKey: false }, async ({ pool }, { clock }) => {
    const figures = await loadFigures(pool, days)
    const madeAt = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ')
    await write(out, await reportPage(figures, `${madeAt} UTC`))
    print(`${resolve(out)}: ${days} days up to ${figures.period.to}`)
    return 0
  })
}

async function write(out: string, page: string): Promise<void> {
  try {
    await writeFile(out, page)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(`Cannot write the report (${reason}). Choose another path with --out.`, {
      cause: error,
    })
  }
}
