import { Field, type Fields, type FieldType, type List } from './list.ts'
import type { Shared } from './shared.ts'

export type Value = string | number | null

/** What is stored of an item: a property a column, named as columns are, in camel case. */
export interface Job {
  readonly id: string
  readonly projectId: string | null
  readonly status: string | null
  /** UTC with microseconds, as `formatTimestamp` writes it. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
  /** JSON text of an object: what no column holds, at its path in the payload (I9). */
  readonly extra: string | null
  /** A shared document stands for its hash, under its name in the payload. */
  readonly [property: string]: Value | Shared
}

type SqlType = 'text' | 'timestamptz' | 'float8' | 'jsonb'

/** A column that holds something of the payload. */
export interface Column {
  readonly name: string
  readonly type: SqlType
  readonly value: (job: Job) => Value
}

/** Quantities are added up: sums of larger ones could leave the range of a double, and then no view that has them answers. */
export const MOST_QUANTITY = 1e18

const SQL_TYPES: Readonly<Record<FieldType, SqlType>> = {
  text: 'text',
  key: 'text',
  moment: 'timestamptz',
  share: 'float8',
  number: 'float8',
  json: 'jsonb',
  shared: 'text',
}

/** The columns of a list's table that the upstream owns. */
export interface Columns {
  /** All but `extra`, without the primary key. A change in any of these is a change of the stored content. */
  readonly known: readonly Column[]
  readonly content: readonly Column[]
  /** All content with the primary key. */
  readonly all: readonly Column[]
  /** Names of those whose changes are logged: not of those that are left out. */
  readonly logged: readonly string[]
  /** Those that are known some time after the end only. */
  readonly late: readonly Column[]
  /** Names of those that are emptied when a job is erased. */
  readonly erased: readonly string[]
}

/** What is known late is not kept where it is to be left out. */
export function columnsOf(list: Pick<List, 'fields'>, omitted: ReadonlySet<string> = new Set()): Columns {
  const fields = fieldsIn(list.fields)
  const columns = fields.map(columnOf)
  const known = columns.filter(({ name }) => name !== 'id')
  const extra: Column = { name: 'extra', type: 'jsonb', value: (job) => job.extra }
  const namesWith = (option: keyof Field['options']) =>
    fields.filter(({ options }) => options[option] !== undefined).map(({ column }) => column)
  return {
    known,
    content: [...known, extra],
    all: [...columns, extra],
    logged: namesWith('change').filter((name) => !omitted.has(name)),
    late: known.filter(({ name }) => namesWith('late').includes(name) && !omitted.has(name)),
    erased: [...namesWith('erase'), extra.name],
  }
}

/** Every field that has a column, in the order of the declaration. */
export function fieldsIn(fields: Fields): Field[] {
  return Object.values(fields).flatMap((each) => {
    if (typeof each === 'symbol') return []
    return each instanceof Field ? [each] : fieldsIn(each)
  })
}

/** The member of a job that is stored in a column. */
export function propertyOf({ type, column }: Field): string {
  return camelCase(type === 'shared' ? column.replace(/_hash$/, '') : column)
}

export function camelCase(name: string): string {
  return name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

function columnOf(field: Field): Column {
  const property = propertyOf(field)
  return { name: field.column, type: SQL_TYPES[field.type], value: (job) => toValue(job[property] ?? null) }
}

function toValue(stored: Value | Shared): Value {
  return typeof stored === 'object' && stored !== null ? stored.hash : stored
}

/** The names, each as a column of `row` if one is given. */
export function namesOf(columns: readonly Column[], row?: string): string {
  return columns.map(({ name }) => (row === undefined ? name : `${row}.${name}`)).join(', ')
}

/** What becomes of a column of the stored row by the row `incoming`: what is known late stays where that has nothing. */
export function keptOf({ name }: Column, incoming: string, { late }: Pick<Columns, 'late'>): string {
  return late.some((column) => column.name === name)
    ? `coalesce(${incoming}.${name}, stored.${name})`
    : `${incoming}.${name}`
}

/** Parameters for `unnest`, one array a column, numbered from `first`. jsonb travels as text, which pg does not touch. */
export function arraysOf(columns: readonly Column[], first: number): string {
  const sent = ({ type }: Column) => (type === 'jsonb' ? 'text' : type)
  return columns.map((column, index) => `$${index + first}::${sent(column)}[]`).join(', ')
}

/**
 * The stored rows of the ids among those parameters, called `stored`. By their ids, not by a join alone: so a distributed
 * table is asked for these rows, and not for all of them.
 */
export function storedOf({ jobs }: Pick<List, 'jobs'>, columns: readonly Column[], first: number): string {
  const ids = first + columns.findIndex(({ name }) => name === 'id')
  return `(select * from llamacloud.${jobs.table} where id = any ($${ids}::text[])) as stored`
}

/** What to select of the unnested arrays, called `row`. */
export function unnestedOf(columns: readonly Column[], row: string): string {
  return columns.map(({ name, type }) => `${row}.${name}${type === 'jsonb' ? '::jsonb' : ''}`).join(', ')
}

/** The values of the arrays. */
export function valuesOf(columns: readonly Column[], jobs: readonly Job[]): Value[][] {
  return columns.map(({ value }) => jobs.map(value))
}
