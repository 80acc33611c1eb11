import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { SettingsError } from '../errors.ts'

/** The variables of `.env` in a directory, none if there is no such file. Throws a SettingsError if it is unreadable. */
export function readDotEnv(directory: string): Record<string, string> {
  const path = join(directory, '.env')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new SettingsError(`${path} cannot be read`, { cause: error })
  }
  const variables: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) variables[name] = value
  return variables
}

/** The environment with `.env` underneath: what is set in the environment wins. */
export function withDotEnv(
  env: Readonly<Record<string, string | undefined>>,
  directory: string,
): Record<string, string | undefined> {
  return { ...readDotEnv(directory), ...env }
}
