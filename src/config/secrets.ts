import { SettingsError } from '../errors.ts'
import { createRedactor } from '../redact.ts'
import { faultLine, shownValue } from './faults.ts'

/** Gives the secret as it is now; throws a SettingsError, which never holds the secret, when there is none. */
export type SecretProvider = () => string

/** A secret's kind: what is wrong with a value (never quoting it), and which texts in it must not be shown. */
export interface SecretKind {
  readonly name: string
  problemWith(value: string, source: SecretSource): string | undefined
  secretsIn(value: string): readonly string[]
}

/** Values of one variable: a variable that is rotated often must not push out the secrets of others. */
const REMEMBERED = 16

/** Every secret seen lately, so that a rotated key is still hidden in a late log line. */
export function createSeenSecrets() {
  const byName = new Map<string, readonly (readonly string[])[]>()
  let all: readonly string[] = []
  return {
    /** What is secret in one value of the variable `name`. */
    add: (name: string, secrets: readonly string[]) => {
      const seen = byName.get(name) ?? []
      const known = new Set(seen.flat())
      const fresh = secrets.filter((secret) => secret !== '' && !known.has(secret))
      if (fresh.length === 0) return
      byName.set(name, [...seen, fresh].slice(-REMEMBERED))
      all = [...new Set([...byName.values()].flat(2))]
    },
    list: () => all,
  }
}

export interface SecretSource {
  readonly env: Readonly<Record<string, string>>
  readonly readFile: (path: string) => string
  readonly seen: ReturnType<typeof createSeenSecrets>
}

/**
 * A secret from NAME or from the file named by NAME_FILE; undefined when neither is set. A file is read at every call,
 * so that what it holds can be rotated. Throws a SettingsError when both are set.
 */
export function secretProvider(kind: SecretKind, source: SecretSource): SecretProvider | undefined {
  const { name } = kind
  const file = `${name}_FILE`
  const value = source.env[name]
  const path = source.env[file]
  if (value !== undefined) source.seen.add(kind.name, kind.secretsIn(value))
  if (value !== undefined && path !== undefined) {
    throw new SettingsError(faultLine(name, `is set, and so is ${file}: keep one of the two`))
  }
  if (path !== undefined) return () => checked(kind, file, readTextFile(file, path, source), source)
  return value === undefined ? undefined : () => checked(kind, name, value, source)
}

function checked(kind: SecretKind, variable: string, value: string, source: SecretSource): string {
  // Remembered before it is judged: whatever is said or logged about it afterwards must not show it (I10).
  source.seen.add(kind.name, kind.secretsIn(value))
  const problem = kind.problemWith(value, source)
  if (problem !== undefined) throw new SettingsError(faultLine(variable, problem))
  return value
}

/**
 * The trimmed text of the file that a variable names. The error has the code only: its message quotes the path, which is
 * the secret itself where the two were mixed up.
 *
 * @throws SettingsError when it cannot be read or is empty
 */
export function readTextFile(variable: string, path: string, { readFile, seen }: SecretSource): string {
  const shown = shownValue(path, createRedactor(seen.list))
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new SettingsError(faultLine(variable, `the file ${shown} cannot be read${code}`))
  }
  const value = text.trim()
  if (value === '') throw new SettingsError(faultLine(variable, `the file ${shown} is empty`))
  return value
}

export const API_KEY = 'LLAMA_CLOUD_API_KEY'

/** `${NAME}` and `$(NAME)`: a shell, Compose or Kubernetes would have put a value there. */
export function placeholderIn(value: string): string | undefined {
  const [found] = /\$\{\w+\}|\$\(\w+\)/.exec(value) ?? []
  return found === undefined
    ? undefined
    : `contains ${found}, which nothing has replaced: write the value itself`
}

/** Visible ASCII only: anything else is refused as a header, in an error that quotes the whole header. */
export const apiKeyKind: SecretKind = {
  name: API_KEY,
  problemWith: (value) =>
    /^[\x21-\x7e]+$/.test(value)
      ? placeholderIn(value)
      : 'the key contains spaces, line breaks or other characters that no key has',
  secretsIn: (value) => [value],
}
