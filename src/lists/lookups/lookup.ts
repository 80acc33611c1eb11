import type { LlamaCloud } from '@llamaindex/llama-cloud'

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
  /** Texts beside the id: each is a property of the item and a column. */
  readonly texts: readonly string[]
}

export const projects: Lookup = {
  name: 'projects',
  table: 'projects',
  call: (client, { project_id: _, ...query }, options) => client.v2Projects.list(query, options),
  texts: ['name', 'organization_id'],
}

export const configurations: Lookup = {
  name: 'configurations',
  table: 'saved_configurations',
  call: (client, query, options) => client.configurations.list(query, options),
  texts: ['name', 'version', 'product_type'],
}

export const LOOKUPS: readonly Lookup[] = [projects, configurations]
