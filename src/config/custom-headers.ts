import { faultLine } from './faults.ts'
import type { SecretSource } from './secrets.ts'

const NAME = 'LLAMA_CLOUD_CUSTOM_HEADERS'

export type Headers = Readonly<Record<string, string>>

/** Each source has a key of its own, and the transport its own headers: replaced, they would be wrong for all. */
const NOT_TO_BE_SET = /^(authorization|host|connection|content-length|transfer-encoding|upgrade|expect)$/i

/**
 * The headers that go with every request, for a gateway that wants them: `Name: value`, a line each, as the official client
 * has it. Their values are secrets.
 */
export function findHeaders({ env, seen }: SecretSource): { headers: Headers; faults: readonly string[] } {
  const lines = (env[NAME] ?? '').split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim()] as const
  })
  seen.add(
    NAME,
    pairs.flatMap(([, value]) => [value, ...value.split(/\s+/)]),
  )
  const problems = pairs.flatMap(([name, value]) => problemOf(name, value) ?? [])
  return {
    headers: Object.fromEntries(pairs),
    faults: [...new Set(problems)].map((problem) => faultLine(NAME, problem)),
  }
}

/** Shows no value, and no name that is none: it may be a value. */
function problemOf(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,60}$/.test(name)) return 'each line must be "Name: value"'
  if (NOT_TO_BE_SET.test(name)) return `must not set ${name}, which this program sets itself`
  return /^[\x20-\x7e]+$/.test(value)
    ? undefined
    : `the value of ${name} is empty, or contains characters that no header may contain`
}
