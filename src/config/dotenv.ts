import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { SettingsError } from '../errors.ts'
import { KNOWN_NAMES } from './catalogue.ts'
import { readUtf8 } from './text-file.ts'

/**
 * The variables of `.env` in a directory, none if there is no such file. Throws a SettingsError if it is unreadable, or
 * has a line for a setting that is lost in reading.
 */
export function readDotEnv(directory: string): Record<string, string> {
  const path = join(directory, '.env')
  let text: string
  try {
    // The parser takes the line ends of old Macs for nothing, and what follows for the same line.
    text = readUtf8(path).replaceAll(/\r\n?/g, '\n')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ENOENT') return {}
    throw new SettingsError(`${path} cannot be read (${error.code})`, { cause: error })
  }
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) variables[name] = value
  const lost = lostNames(text, variables)
  if (lost.length === 0) return variables
  throw new SettingsError(
    `${path}: the lines for ${lost.join(', ')} set nothing: write NAME=value, and look for a quote that is not closed`,
  )
}

/** The settings that have a line of their own, and still no value: `NAME: value`, or inside quotes that never closed. */
function lostNames(text: string, variables: Readonly<Record<string, string>>): string[] {
  return KNOWN_NAMES.filter(
    (name) => variables[name] === undefined && new RegExp(`^\\W*(export\\s+)?${name}\\W`, 'm').test(text),
  )
}

/** The environment with `.env` underneath: what is set in the environment wins, unless it is empty. */
export function withDotEnv(
  env: Readonly<Record<string, string | undefined>>,
  directory: string,
): Record<string, string | undefined> {
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== '')
  return { ...readDotEnv(directory), ...Object.fromEntries(set) }
}
