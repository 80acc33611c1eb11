import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { systemClock } from '../../src/clock.ts'
import { startEmbedded } from '../../src/embedded-postgres/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openPool } from '../../src/store/pool.ts'
import { createDatabase, dropDatabase, urlOf } from './databases.ts'
import { NEVER_CAME_MS } from './hang.ts'
import { type Way, waysToTry } from './postgres-choice.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server whose user may create databases. `createTestDatabase` is what tests call. */
    postgresUrl: string
    /** A database on it with all migrations applied and nobody in it: `createMigratedDatabase` copies it. */
    migratedTemplate: string
  }
}

/** A server while the tests run; `stop` leaves nothing of ours behind. */
interface Server {
  readonly url: string
  readonly description: string
  stop(): Promise<void>
}

/** Nothing here outlives the tests, so nothing waits for the disk; test files run in parallel, each with its pools. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  max_prepared_transactions: '10',
}

const START: Record<Way, () => Promise<Server>> = { url: fromUrl, docker: fromDocker, embedded: fromEmbedded }

/** vitest's global setup of the project `pg`: provides `postgresUrl`; what it returns runs after the last test. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const print = (line: string) => project.vitest.logger.log(line)
  const server = await startFirst(waysToTry(process.env), print)
  try {
    const template = await createTemplate(server.url)
    project.provide('postgresUrl', server.url)
    project.provide('migratedTemplate', template)
    return () => dropDatabase(server.url, template).finally(() => server.stop())
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Copying a database takes a fortieth of the work that migrating one does. */
async function createTemplate(serverUrl: string): Promise<string> {
  const name = await createDatabase(serverUrl, 'llamacloud_template', 'template0')
  const pool = openPool(urlOf(serverUrl, name), { max: 2, applicationName: 'llamacloud-sync test' })
  await migrate(pool).finally(() => pool.end())
  return name
}

/** Starts the first way that answers. The last way's error is the caller's, those before it are one line each. */
async function startFirst(ways: Way[], print: (line: string) => void): Promise<Server> {
  const [way, ...others] = ways
  if (!way) throw new Error('no way to a PostgreSQL server')
  try {
    const server = await START[way]()
    print(`PostgreSQL ${await versionOf(server)} for tests: ${server.description}`)
    return server
  } catch (error) {
    const next = others[0]
    if (!next) throw new Error(`PostgreSQL for tests, way ${way}: ${messageOf(error)}`, { cause: error })
    print(`PostgreSQL for tests: ${way} cannot be had (${messageOf(error)}), trying ${next}`)
    return startFirst(others, print)
  }
}

async function fromUrl(): Promise<Server> {
  const url = process.env.TEST_DATABASE_URL ?? ''
  return { url, description: `${new URL(url).host}, from TEST_DATABASE_URL`, stop: async () => {} }
}

async function fromDocker(): Promise<Server> {
  // Only imported here: it takes a while, and the other ways do without it.
  const { startContainer } = await import('./postgres-container.ts')
  const image = process.env.TEST_POSTGRES_IMAGE || 'postgres:18'
  const { url, stop } = await startContainer(image, SETTINGS)
  return { url, description: `Docker image ${image}`, stop }
}

async function fromEmbedded(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'llamacloud-sync-test-'))
  const remove = () => rm(dataDir, { recursive: true, force: true })
  // As root the server runs as another user, who has to enter it.
  await chmod(dataDir, 0o755)
  try {
    const server = await startEmbedded({ dataDir, clock: systemClock, settings: SETTINGS })
    const stop = () => server.stop().finally(remove)
    return { url: server.url, description: `embedded, in ${dataDir}`, stop }
  } catch (error) {
    await remove()
    throw error
  }
}

/** A server that does not answer is stopped: nobody else will. */
async function versionOf(server: Server): Promise<string> {
  const client = new pg.Client({ connectionString: server.url, connectionTimeoutMillis: NEVER_CAME_MS })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? 'of an unknown version'
  } catch (error) {
    await server.stop()
    throw error
  } finally {
    await client.end()
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
