import type { LlamaCloud } from '@llamaindex/llama-cloud'
import type { Scope } from '../store/source-row.ts'
import type { Sums } from '../store/sums.ts'
import type { SharedDocuments } from './shared.ts'

/**
 * How a value of the payload is stored. `key`: text that is grouped and looked up by, which an index has to hold. `share`: a number from 0 to 1. `number`: one that can be added up. `shared`: by its hash, once for all jobs.
 */
export type FieldType = 'text' | 'key' | 'moment' | 'share' | 'number' | 'json' | 'shared'

interface FieldOptions {
  /** Its changes are logged, under this name in the comments. */
  readonly change?: string
  /** It may hold something of the document, or name a person: emptied with SYNC_ON_DELETE=erase. */
  readonly erase?: true
  /** It is known some time after the end only: that it changes then is nothing to be repaired, and null says nothing. */
  readonly late?: true
}

/** A field of the payload that has a column. */
export class Field<Type extends FieldType = FieldType> {
  readonly type: Type
  readonly column: string
  readonly comment: string
  readonly options: FieldOptions

  constructor(type: Type, column: string, comment: string, options: FieldOptions = {}) {
    this.type = type
    this.column = column
    this.comment = comment
    this.options = options
  }
}

const field =
  <Type extends FieldType>(type: Type) =>
  (column: string, comment: string, options?: FieldOptions) =>
    new Field(type, column, comment, options)

export const text = field('text')
export const key = field('key')
export const moment = field('moment')
export const share = field('share')
export const number = field('number')
export const json = field('json')
export const shared = field('shared')

/** A field of the payload that is stored nowhere, not even in `extra`, should it ever come. */
export const NOT_STORED: unique symbol = Symbol('not stored')

/** The fields of an object of the payload, each by its name there; those of an object within it likewise. */
export interface Fields {
  readonly [name: string]: Field | Fields | typeof NOT_STORED
}

/**
 * One entry a field of T. `satisfies FieldsOf<T>` fails to compile when the official client learns a field that we do not
 * store, loses one, or changes what a field is.
 */
export type FieldsOf<T> = { readonly [Name in keyof T]-?: FieldOf<NonNullable<T[Name]>> }

type FieldOf<T> = [T] extends [string]
  ? Field<'text' | 'key' | 'moment'>
  : [T] extends [number]
    ? Field<'share' | 'number'>
    : Field<'json' | 'shared'> | FieldsOf<T> | typeof NOT_STORED

/** What limits a request to a project. */
export type ScopeQuery = Pick<Query, 'project_id' | 'organization_id'>

export function scopeQuery({
  projectId,
  organizationId,
}: Pick<Scope, 'projectId' | 'organizationId'>): ScopeQuery {
  return {
    ...(projectId === null ? {} : { project_id: projectId }),
    ...(organizationId === null ? {} : { organization_id: organizationId }),
  }
}

/** A call of the official client. */
export type Call<Parameters extends unknown[]> = (
  client: LlamaCloud,
  ...parameters: [...Parameters, options: { readonly signal: AbortSignal }]
) => { asResponse(): Promise<Response> }

/** What a request may ask for. */
export interface Query {
  readonly page_size: number
  readonly page_token?: string
  readonly created_at_on_or_after?: string
  readonly created_at_on_or_before?: string
  readonly job_ids?: string[]
  readonly project_id?: string
  readonly organization_id?: string
  readonly configuration_id?: string
}

/**
 * A list of the API, declared. Decoding, tables, upsert, comparison, changes, marks and comments follow from it.
 *
 * `id`, `project_id`, `status`, `created_at` and `updated_at` are columns of every list: the engine goes by them.
 */
export interface List {
  /** As SYNC_LISTS has it. */
  readonly name: string
  /** Its tables in the schema `llamacloud`, and what they hold. */
  readonly jobs: { readonly table: string; readonly comment: string }
  readonly changes: { readonly table: string; readonly comment: string }
  readonly call: Call<[query: Query]>
  /** Whether the call can be narrowed to a configuration. */
  readonly byConfiguration: boolean
  /** Whether the call takes ids. */
  readonly asksById: boolean
  readonly fields: Fields
  /** Statuses in which a job no longer changes, in capitals: case does not matter. Any other, null included, is open (A9). */
  readonly ends: readonly string[]
  /** The column that is filled some time after the end: a finished job without it is asked for again. */
  readonly awaits?: string
  /** The call for a single job, where it alone fills that column. */
  readonly callAlone?: Call<[id: string, query: ScopeQuery]>
  /** What the field of the type `shared` is stored by. */
  readonly shared?: SharedDocuments
  /** What is kept of its days, for the views. */
  readonly sums?: Sums
}

/** Whether a job in this status no longer changes. */
export function isEnd({ ends }: Pick<List, 'ends'>, status: string | null): boolean {
  return status !== null && ends.includes(status.toUpperCase())
}

/**
 * The same in SQL, for a column; `ends` is a parameter of text[]. Null where the status is. By the letters of ASCII: in a
 * Turkish database `upper('failed')` is `FAİLED`.
 */
export function isEndSql(status: string, ends: string): string {
  return `upper((${status}) collate "C") = any (${ends}::text[])`
}
