import type { PoolClient } from 'pg'
import type { SharedDocuments, Sighting } from '../shared.ts'
import { type Configuration, createConfigurationDecoder } from './decode-configuration.ts'

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

/** Stores configurations with their rules; those of earlier batches stay as they are. Returns the hashes that are new. */
async function insertConfigurations(
  client: PoolClient,
  sightings: readonly Sighting<Configuration>[],
): Promise<ReadonlySet<string>> {
  const configurations = sightings.map(({ document }) => document)
  const { rows } = await client.query<{ hash: string }>(INSERT_CONFIGURATIONS, [
    configurations.map((each) => each.hash),
    configurations.map((each) => each.mode),
    configurations.map((each) => each.lang),
    configurations.map((each) => each.maxPages),
    configurations.map((each) => each.targetPages),
    configurations.map((each) => each.ruleCount),
    configurations.map((each) => each.document),
    sightings.map(({ observedAt }) => observedAt),
  ])
  await insertRules(client, configurations)
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

/** The configurations of classify jobs, each with its rules in a table of their own. */
export const configurations: SharedDocuments<Configuration> = {
  table: 'llamacloud.classify_configurations',
  property: 'configuration',
  decoder: createConfigurationDecoder,
  insert: insertConfigurations,
  part: {
    name: 'rules',
    json: ({ rules }) =>
      rules.length === 0
        ? null
        : JSON.stringify(rules.map(({ position, type, description }) => [position, type, description])),
    stored: `(
    select jsonb_agg(jsonb_build_array(position, type, description) order by position)
    from llamacloud.classify_rules as rule
    where rule.configuration_hash = stored.configuration_hash
  )`,
  },
}
