import { escapeLiteral, escapeIdentifier as quoted } from 'pg'
import type { Column, Relation, Schema } from './catalogue.ts'

/** The schemas as SQL, for people to compare: the same text for the same schemas, whatever way they came about. */
export function dumpSchemas(schemas: readonly Schema[]): string {
  return schemas.map(dumpSchema).join('\n')
}

function dumpSchema({ name, comment, relations }: Schema): string {
  const head = [`create schema ${plain(name)};`, ...commentOn(`schema ${plain(name)}`, comment)]
  return [`${head.join('\n')}\n`, ...relations.map(dumpRelation)].join('\n')
}

function dumpRelation(relation: Relation): string {
  const lines = relation.kind === 'view' ? dumpView(relation) : dumpTable(relation)
  return `${[...lines, ...dumpComments(relation)].join('\n')}\n`
}

function dumpTable(relation: Relation): string[] {
  const columns = relation.columns.map(dumpColumn)
  const constraints = relation.constraints.map(
    ({ name, definition }) => `constraint ${plain(name)} ${definition}`,
  )
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n')
  const indexes = relation.indexes.map((statement) => `${statement};`)
  const create = relation.isUnlogged ? 'create unlogged table' : 'create table'
  return [`${create} ${nameOf(relation)} (\n${body}\n)${optionsOf(relation)};`, ...indexes]
}

function dumpColumn({ name, type, notNull, value }: Column): string {
  return [plain(name), type, ...(notNull ? ['not null'] : []), ...(value === null ? [] : [value])].join(' ')
}

function dumpView(relation: Relation): string[] {
  const columns = relation.columns.map(({ name, type }) => `  -- ${plain(name)} ${type}`)
  return [`create view ${nameOf(relation)}${optionsOf(relation)} as`, ...columns, relation.query ?? '']
}

function optionsOf({ options }: Relation): string {
  return options.length === 0 ? '' : ` with (${options.join(', ')})`
}

function dumpComments(relation: Relation): string[] {
  return [
    ...commentOn(`${relation.kind} ${nameOf(relation)}`, relation.comment),
    ...relation.columns.flatMap(({ name, comment }) =>
      commentOn(`column ${nameOf(relation)}.${plain(name)}`, comment),
    ),
  ]
}

function commentOn(what: string, comment: string | null): string[] {
  return comment === null ? [] : [`comment on ${what} is ${escapeLiteral(comment)};`]
}

function nameOf({ schema, name }: Relation): string {
  return `${plain(schema)}.${plain(name)}`
}

/** Quoted only where it has to be. */
function plain(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name)
}
