import type { PoolClient } from 'pg'
import type { ObservedJob } from './batch.ts'
import type { Configuration } from './job.ts'

const INSERT_CONFIGURATIONS = `
insert into llamacloud.classify_configurations
  (hash, mode, lang, max_pages, target_pages, rule_count, document, first_seen_at)
select hash, mode, lang, max_pages, target_pages, rule_count, document::jsonb, first_seen_at
from unnest(
  $1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::int[], $7::text[], $8::timestamptz[]
) as item(hash, mode, lang, max_pages, target_pages, rule_count, document, first_seen_at)
order by hash
on conflict (hash) do nothing
returning hash
`

const INSERT_RULES = `
insert into llamacloud.classify_rules (configuration_hash, position, type, description)
select configuration_hash, position, type, description
from unnest($1::text[], $2::int[], $3::text[], $4::text[])
  as item(configuration_hash, position, type, description)
order by configuration_hash, position
on conflict (configuration_hash, position) do nothing
`

/** More distinct configurations than this are not remembered at once (I11). */
const MOST_REMEMBERED = 10_000

interface Sighting {
  readonly configuration: Configuration
  readonly observedAt: string
}

/**
 * Stores each configuration once, with its rules. It remembers which ones are known to be committed, so that the
 * thousands of jobs that share one cost nothing more.
 */
export class ConfigurationWriter {
  readonly #committed = new Set<string>()

  /** Stores the configurations of a batch; must come before the jobs that refer to them. */
  async write(client: PoolClient, jobs: readonly ObservedJob[]): Promise<void> {
    const sightings = this.#unknown(jobs)
    if (sightings.length === 0) return
    const inserted = await insertConfigurations(client, sightings)
    await insertRules(
      client,
      sightings.map((sighting) => sighting.configuration),
    )
    // What this transaction inserts may yet be rolled back. What was there before is committed, since an insert waits
    // for another that is under way.
    for (const { configuration } of sightings) {
      if (!inserted.has(configuration.hash)) this.#remember(configuration.hash)
    }
  }

  /** What was committed may be gone: the database was restored, or a standby took over that lacked the latest commits. */
  forget(): void {
    this.#committed.clear()
  }

  #unknown(jobs: readonly ObservedJob[]): Sighting[] {
    const found = new Map<string, Sighting>()
    for (const { job, observedAt } of jobs) {
      const { configuration } = job
      if (configuration === null || this.#committed.has(configuration.hash)) continue
      if (!found.has(configuration.hash)) found.set(configuration.hash, { configuration, observedAt })
    }
    return [...found.values()]
  }

  #remember(hash: string): void {
    if (this.#committed.size >= MOST_REMEMBERED) this.#committed.clear()
    this.#committed.add(hash)
  }
}

/** Returns the hashes that were not there before. */
async function insertConfigurations(
  client: PoolClient,
  sightings: readonly Sighting[],
): Promise<Set<string>> {
  const configurations = sightings.map((sighting) => sighting.configuration)
  const { rows } = await client.query<{ hash: string }>(INSERT_CONFIGURATIONS, [
    configurations.map((each) => each.hash),
    configurations.map((each) => each.mode),
    configurations.map((each) => each.lang),
    configurations.map((each) => each.maxPages),
    configurations.map((each) => each.targetPages),
    configurations.map((each) => each.ruleCount),
    configurations.map((each) => each.document),
    sightings.map((sighting) => sighting.observedAt),
  ])
  return new Set(rows.map((row) => row.hash))
}

async function insertRules(client: PoolClient, configurations: readonly Configuration[]): Promise<void> {
  const rules = configurations.flatMap((each) => each.rules.map((rule) => ({ ...rule, hash: each.hash })))
  await client.query(INSERT_RULES, [
    rules.map((rule) => rule.hash),
    rules.map((rule) => rule.position),
    rules.map((rule) => rule.type),
    rules.map((rule) => rule.description),
  ])
}
