import { createRedactor } from '../redact.ts'
import { SETTINGS } from './catalogue.ts'
import { findHeaders } from './custom-headers.ts'
import { findDatabaseUrl } from './database-url.ts'
import { looksSecret } from './faults.ts'
import { findNetwork } from './network.ts'
import { API_KEY, createSeenSecrets, type SecretSource } from './secrets.ts'
import type { Setting } from './setting.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variables that are set, and what is read of them before all others: whatever holds a secret. */
export function readSecrets(environment: Environment, readFile: (path: string) => string) {
  const env = withoutEmpty(environment)
  const source: SecretSource = { env, readFile, seen: createSeenSecrets() }
  // The database driver falls back to this variable when the address has no password.
  source.seen.add('PGPASSWORD', [env.PGPASSWORD ?? ''])
  // Known before any wrong value is shown: it may have landed in another variable, too.
  source.seen.add(API_KEY, [env[API_KEY] ?? ''])
  const [network, headers, url] = [findNetwork(source), findHeaders(source), findDatabaseUrl(source)]
  return { env, source, network, headers, url }
}

function withoutEmpty(environment: Environment): Record<string, string> {
  const filled: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    const trimmed = withoutQuotes(name, value?.trim() ?? '')
    if (trimmed !== '') filled[name] = trimmed
  }
  return filled
}

/** `docker run --env-file` and `-e` keep quotes that a shell takes off. A password of libpq may have some of its own. */
function withoutQuotes(name: string, value: string): string {
  return name.startsWith('PG') ? value : value.replace(/^(["'])(.*)\1$/s, '$2').trim()
}

/** A setting as it is given here. */
export interface GivenSetting extends Omit<Setting, 'docs' | 'lowerCase'> {
  readonly name: string
  readonly isSet: boolean
  /** Where its value is from; null: it has none. */
  readonly from: 'environment' | '.env' | 'default' | null
  /** As it was written; null where there is none, or it holds a secret. */
  readonly value: string | null
}

/** Every setting with where its value comes from. Wrong values are listed like any other, and no secret is shown (I10). */
export function givenSettings(
  environment: Environment,
  dotEnv: Environment,
  readFile: (path: string) => string,
): GivenSetting[] {
  const { source } = readSecrets({ ...dotEnv, ...withoutEmpty(environment) }, readFile)
  const redact = createRedactor(source.seen.list)
  return Object.entries(SETTINGS).map(([name, setting]) => {
    const { kind, accepts, default: initial, unset, meaning, example, secret, lowerCase } = setting
    const spelled = lowerCase && source.env[name.toLowerCase()] !== undefined ? name.toLowerCase() : name
    const set = source.env[spelled]
    const value = set ?? initial
    const isShown = value !== null && !secret && !looksSecret(value)
    return {
      ...{ name, kind, accepts, default: initial, unset, meaning, example, secret },
      isSet: set !== undefined,
      from: set === undefined ? (initial === null ? null : 'default') : placeOf(spelled, environment),
      value: isShown ? redact(value) : null,
    }
  })
}

function placeOf(name: string, environment: Environment): 'environment' | '.env' {
  return (environment[name]?.trim() ?? '') === '' ? '.env' : 'environment'
}
