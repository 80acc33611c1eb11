import type { Call, Query, ScopeQuery } from '../list.ts'
import type { Columns } from './read.ts'

/** Names of what jobs carry the id of: few, so they are read whole. */
export interface Lookup {
  /** As SYNC_LOOKUPS has it. */
  readonly name: string
  /** In the schema `llamacloud`. */
  readonly table: string
  readonly call: Call<[query: ScopeQuery & Pick<Query, 'page_size' | 'page_token'>]>
  readonly columns: Columns
}

export const projects: Lookup = {
  name: 'projects',
  table: 'projects',
  call: (client, { project_id: _, ...query }, options) => client.v2Projects.list(query, options),
  columns: { name: 'text', organization_id: 'text' },
}

export const configurations: Lookup = {
  name: 'configurations',
  table: 'saved_configurations',
  call: (client, query, options) => client.configurations.list(query, options),
  columns: { name: 'text', version: 'text', product_type: 'text' },
}

export const LOOKUPS: readonly Lookup[] = [projects, configurations]
