import type { LlamaCloud } from '@llamaindex/llama-cloud'
import type { Columns } from './read.ts'

export interface LookupQuery {
  readonly page_size: number
  readonly page_token?: string
  readonly project_id?: string
  readonly organization_id?: string
}

/** Names of what jobs carry the id of: few, so they are read whole. */
export interface Lookup {
  /** As SYNC_LOOKUPS has it. */
  readonly name: string
  /** In the schema `llamacloud`. */
  readonly table: string
  readonly call: (
    client: LlamaCloud,
    query: LookupQuery,
    options: { readonly signal: AbortSignal },
  ) => { asResponse(): Promise<Response> }
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
