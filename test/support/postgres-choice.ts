/** The ways to a PostgreSQL server for the tests. */
export type Way = 'url' | 'docker' | 'embedded'

const WAYS: readonly string[] = ['url', 'docker', 'embedded'] satisfies Way[]

/** The variables that decide; absent and empty mean the same. */
export interface ChoiceSettings {
  TEST_DATABASE_URL?: string | undefined
  TEST_POSTGRES?: string | undefined
}

/**
 * The ways to try, in order: a server that was named is never replaced by another in silence, a forced way has no
 * alternative, and without either a Docker engine is asked before the embedded server is.
 * @throws Error when TEST_POSTGRES is unknown, or asks for a URL that is not there.
 */
export function waysToTry({ TEST_DATABASE_URL: url, TEST_POSTGRES: forced }: ChoiceSettings): Way[] {
  if (!forced) return url ? ['url'] : ['docker', 'embedded']
  if (!isWay(forced)) {
    throw new Error(`TEST_POSTGRES=${forced} is unknown: use ${WAYS.join(', ')}, or leave it unset`)
  }
  if (forced === 'url' && !url) {
    throw new Error(
      'TEST_POSTGRES=url needs TEST_DATABASE_URL, for example postgres://user:pw@127.0.0.1:5432/postgres',
    )
  }
  return [forced]
}

function isWay(text: string): text is Way {
  return WAYS.includes(text)
}
