import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { systemClock } from '../../src/clock.ts'
import { type Embedded, startEmbedded } from '../../src/embedded-postgres/embedded.ts'
import { readPostmaster } from '../../src/embedded-postgres/running.ts'
import { type Line, openLine } from './line.ts'

const SETTINGS = { fsync: 'off', wal_keep_size: '512MB', autovacuum: 'off' }

interface Server {
  readonly folder: string
  readonly embedded: Embedded
}

/** A primary behind an address that moves, and the standby that streams from it. */
export class Servers {
  readonly #folder: string
  readonly #line: Line
  /** Carries the stream. */
  readonly #stream: Line
  #primary: Server
  #standby: Server | null = null
  #count = 0

  static async start(): Promise<Servers> {
    const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-promotions-'))
    // As root the servers run as another user, who has to enter it.
    await chmod(folder, 0o755)
    const primary = await startServer(join(folder, '0'))
    const [line, stream] = [await openLine(portOf(primary)), await openLine(portOf(primary))]
    return new Servers(folder, primary, line, stream)
  }

  private constructor(folder: string, primary: Server, line: Line, stream: Line) {
    this.#folder = folder
    this.#primary = primary
    this.#line = line
    this.#stream = stream
  }

  /** Where the primary is, whichever it is. */
  urlOf(database: string): string {
    return Object.assign(new URL(this.#primary.embedded.url), {
      port: String(this.#line.port),
      pathname: `/${database}`,
    }).href
  }

  /** One statement at the primary. */
  query(sql: string, database?: string): Promise<pg.QueryResult> {
    return ask(database ? this.urlOf(database) : this.#primary.embedded.url, (client) => client.query(sql))
  }

  /** Copies the primary while it runs, as pg_basebackup does, and lets the copy follow it. */
  async addStandby(): Promise<void> {
    this.#count += 1
    const folder = join(this.#folder, String(this.#count))
    this.#stream.moveTo(portOf(this.#primary))
    const label = await ask(this.#primary.embedded.url, async (client) => {
      await client.query(`select pg_backup_start('standby', true)`)
      execFileSync('cp', ['-a', this.#primary.folder, folder])
      const { rows } = await client.query<{ label: string }>(
        'select labelfile as label from pg_backup_stop()',
      )
      return rows[0]!.label
    })
    const cluster = clusterOf(folder)
    await rm(join(cluster, 'postmaster.pid'))
    for (const [name, text] of Object.entries({ backup_label: label, 'standby.signal': '' })) {
      await writeFile(join(cluster, name), text)
      // The server may be another user.
      await chmod(join(cluster, name), 0o666)
    }
    const { username, password } = new URL(this.#primary.embedded.url)
    const primary_conninfo = `host=127.0.0.1 port=${this.#stream.port} user=${username} password=${password}`
    this.#standby = await startServer(folder, { primary_conninfo })
    await this.#caughtUp()
  }

  /** From now on the standby hears nothing more: what the primary commits is lost once it dies. */
  cutOff(): void {
    this.#stream.moveTo(null)
  }

  /** The primary is killed, the standby takes over, and the address moves to it. */
  async promote(): Promise<void> {
    if (!this.#standby) throw new Error('there is no standby')
    this.#line.moveTo(null)
    this.cutOff()
    await kill(this.#primary)
    await ask(this.#standby.embedded.url, (client) => client.query('select pg_promote()'))
    const old = this.#primary
    this.#primary = this.#standby
    this.#standby = null
    this.#line.moveTo(portOf(this.#primary))
    await old.embedded.stop()
    await rm(old.folder, { recursive: true, force: true })
  }

  async stop(): Promise<void> {
    await Promise.all([this.#line.close(), this.#stream.close()])
    for (const server of [this.#standby, this.#primary]) await server?.embedded.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Answers once the standby has replayed what the primary has now. */
  async #caughtUp(): Promise<void> {
    const { rows } = await this.query('select pg_current_wal_lsn()::text as lsn')
    const replayed = `select pg_last_wal_replay_lsn() >= '${rows[0].lsn}'::pg_lsn as done`
    await ask(this.#standby!.embedded.url, async (client) => {
      while (!(await client.query(replayed)).rows[0].done) await systemClock.sleep(20)
    })
  }
}

async function startServer(folder: string, more: Readonly<Record<string, string>> = {}): Promise<Server> {
  const settings = { ...SETTINGS, ...more }
  return { folder, embedded: await startEmbedded({ dataDir: folder, clock: systemClock, settings }) }
}

/** Without a checkpoint, and without waiting for anybody. */
async function kill({ folder }: Server): Promise<void> {
  const read = () => readPostmaster(clusterOf(folder))
  const [pid] = (await read()).split('\n')
  process.kill(Number(pid), 'SIGQUIT')
  while ((await read()) !== '') await systemClock.sleep(20)
}

const clusterOf = (folder: string) => join(folder, 'postgres', 'cluster')

const portOf = ({ embedded }: Server) => Number(new URL(embedded.url).port)

async function ask<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return use(client).finally(() => client.end())
}
