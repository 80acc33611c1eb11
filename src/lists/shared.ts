import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Observed } from '../sync/job-list.ts'
import type { JsonObject } from '../values/json.ts'
import type { Job } from './columns.ts'
import { jsonbText } from './jsonb.ts'

/** A document that many jobs share: stored once, by its hash. */
export interface Shared {
  readonly hash: string
  /** Canonical JSON text of the whole, for the jsonb column. */
  readonly document: string
}

/** A shared document with the time of the request that showed it. */
export interface Sighting<Document extends Shared = Shared> {
  readonly document: Document
  readonly observedAt: string
}

/** How a list's shared documents are decoded and stored. Their table has the columns `hash` and `document`. */
export interface SharedDocuments<Document extends Shared = Shared> {
  /** With its schema. */
  readonly table: string
  /** The member of a job that holds one, and its name in comparisons. */
  readonly property: string
  /** Each decoder may have a cache of its own. */
  decoder(): (raw: JsonObject) => Document
  /** Stores those that are not there yet, and returns their hashes. */
  insert(client: PoolClient, sightings: readonly Sighting<Document>[]): Promise<ReadonlySet<string>>
  /** What is stored of it in another table, compared as JSON. */
  readonly part?: {
    readonly name: string
    /** JSON text. */
    json(document: Document): string | null
    /** A subquery that gives the same of `stored`, a row of the jobs. */
    readonly stored: string
  }
}

/** Documents of which nothing but the whole is stored, in a table with `hash`, `document` and `first_seen_at`. */
export function documentsIn(table: string, property: string): SharedDocuments {
  const insert = `
insert into ${table} (hash, document, first_seen_at)
select hash, document::jsonb, first_seen_at
from unnest($1::text[], $2::text[], $3::timestamptz[]) as item(hash, document, first_seen_at)
order by hash
on conflict (hash) do nothing
returning hash`
  return {
    table,
    property,
    decoder: () => (raw) => {
      const document = jsonbText(raw)
      return { hash: createHash('sha256').update(document).digest('hex'), document }
    },
    insert: async (client, sightings) => {
      const { rows } = await client.query<{ hash: string }>(insert, [
        sightings.map(({ document }) => document.hash),
        sightings.map(({ document }) => document.document),
        sightings.map(({ observedAt }) => observedAt),
      ])
      return new Set(rows.map(({ hash }) => hash))
    },
  }
}

/** The shared document of a job. */
export function sharedOf(job: Job, { property }: Pick<SharedDocuments, 'property'>): Shared | null {
  const value = job[property] ?? null
  return typeof value === 'object' ? value : null
}

/** More distinct documents than this are not remembered at once (I11). */
const MOST_REMEMBERED = 10_000

/**
 * Stores each shared document once. It remembers which ones are known to be committed, so that the thousands of jobs that
 * share one cost nothing more.
 */
export class SharedWriter {
  readonly #documents: SharedDocuments
  readonly #committed = new Set<string>()

  constructor(documents: SharedDocuments) {
    this.#documents = documents
  }

  /** Stores the documents of a batch; must come before the jobs that refer to them. */
  async write(client: PoolClient, jobs: readonly Observed<Job>[]): Promise<void> {
    const sightings = this.#unknown(jobs)
    if (sightings.length === 0) return
    const inserted = await this.#documents.insert(client, sightings)
    // What this transaction inserts may yet be rolled back. What was there before is committed, since an insert waits
    // for another that is under way.
    for (const { document } of sightings) {
      if (!inserted.has(document.hash)) this.#remember(document.hash)
    }
  }

  /** What was committed may be gone: the database was restored, or a standby took over that lacked the latest commits. */
  forget(): void {
    this.#committed.clear()
  }

  #unknown(jobs: readonly Observed<Job>[]): Sighting[] {
    const found = new Map<string, Sighting>()
    for (const { job, observedAt } of jobs) {
      const document = sharedOf(job, this.#documents)
      if (document === null || this.#committed.has(document.hash)) continue
      if (!found.has(document.hash)) found.set(document.hash, { document, observedAt })
    }
    return [...found.values()]
  }

  #remember(hash: string): void {
    if (this.#committed.size >= MOST_REMEMBERED) this.#committed.clear()
    this.#committed.add(hash)
  }
}
