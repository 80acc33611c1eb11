import type pg from 'pg'
import type { Instant } from '../../src/values/instant.ts'
import { queryAtTime, replacing } from '../support/database-clock.ts'
import type { Backend, SimulationDatabase } from './database.ts'
import type { Actor, Turns } from './turns.ts'

/** What befalls a statement. All are the real thing, but for the answer that is lost. */
export type DatabaseFault =
  /** The server answers with this SQLSTATE in place of running the statement. */
  | { readonly kind: 'error'; readonly state: string }
  /** The backend is killed before the statement. */
  | { readonly kind: 'killed' }
  /** The statement runs, a commit included, and then the connection is lost before its answer. */
  | { readonly kind: 'answer lost' }

export interface ConnectionOptions {
  readonly database: SimulationDatabase
  readonly turns: Turns
  readonly actor: Actor
  /** The database's own time. */
  readonly now: () => Instant
  readonly faultFor: (statement: string) => DatabaseFault | undefined
  /** Whether nobody listens at the server's port at the moment. */
  readonly isRefused: () => boolean
}

/** The pool that a simulated process sees: the real one, where each connection and each statement waits for its turn. */
export interface SimulatedPool {
  readonly pool: pg.Pool
  /** Ends all connections that are in use, as the end of the process would, and lets go of all others. */
  disconnect(): Promise<void>
  /** Lets go of the connections that are not in use: nobody needs them here any more. */
  release(): void
  readonly inUse: number
}

export function createSimulatedPool(options: ConnectionOptions): SimulatedPool {
  const { database } = options
  const connections = new Connections(options)
  const query = async (...query: unknown[]) => {
    const client = await connections.connect()
    let broken = true
    try {
      const result = await (client.query as (...query: unknown[]) => Promise<unknown>)(...query)
      broken = false
      return result
    } finally {
      client.release(broken)
    }
  }
  return {
    pool: replacing(database.pool, { connect: () => connections.connect(), query }),
    disconnect: () => connections.endAll(),
    release: () => connections.releaseAll(),
    get inUse() {
      return connections.inUse
    },
  }
}

/** The connections of one process. A new process has none, whatever those before it have left. */
class Connections {
  readonly #options: ConnectionOptions
  readonly #inUse = new Set<Backend>()
  /** What the process itself holds ready: nobody else may take those, or it would wait in real time for another. */
  readonly #ready: Backend[] = []

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get inUse(): number {
    return this.#inUse.size
  }

  async connect(): Promise<pg.PoolClient> {
    const { turns, actor, isRefused } = this.#options
    const ready = isRefused() ? undefined : this.#ready.pop()
    if (ready) return this.#use(ready)
    return turns.take({ actor, label: 'connect', run: async () => this.#use(await this.#open()) })
  }

  async endAll(): Promise<void> {
    this.releaseAll()
    for (const client of this.#inUse) {
      this.#inUse.delete(client)
      await this.#options.database.terminate(client)
      client.release(true)
    }
  }

  releaseAll(): void {
    this.#options.database.idle.push(...this.#ready.splice(0))
  }

  async #open(): Promise<Backend> {
    const { database, isRefused } = this.#options
    if (isRefused()) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    return database.idle.pop() ?? ((await database.pool.connect()) as Backend)
  }

  #use(client: Backend): pg.PoolClient {
    const { database, turns, actor } = this.#options
    this.#inUse.add(client)
    return replacing(client, {
      query: (...query: unknown[]) =>
        turns.take({
          actor,
          label: labelOf(query[0]),
          run: () => runStatement(client, query, this.#options),
          // Locks are held by other transactions, and no two processes ever have one at the same time.
          isHeldUp: async () =>
            this.inUse > 1 && (await database.isWaitingForLock(client)) ? 'by a lock' : false,
        }),
      release: (broken?: boolean) => {
        if (!this.#inUse.delete(client)) return
        if (broken === true) return client.release(true)
        this.#ready.push(client)
      },
    })
  }
}

async function runStatement(client: Backend, query: unknown[], options: ConnectionOptions) {
  const { database, now } = options
  const fault = options.faultFor(labelOf(query[0]))
  const run = client.query.bind(client) as (...query: unknown[]) => Promise<unknown>
  if (fault?.kind === 'killed') await database.terminate(client)
  if (fault?.kind === 'error') {
    return run(`do $$ begin raise exception 'injected' using errcode = '${fault.state}'; end $$`)
  }
  const result = await run(...queryAtTime(query, now()))
  if (fault?.kind !== 'answer lost') return result
  await database.terminate(client)
  throw new Error('Connection terminated unexpectedly')
}

/** The first words of a statement. */
export function labelOf(query: unknown): string {
  return textOf(query).trim().slice(0, 200).replaceAll(/\s+/g, ' ').slice(0, 60)
}

function textOf(query: unknown): string {
  return String(typeof query === 'object' && query !== null && 'text' in query ? query.text : query)
}
