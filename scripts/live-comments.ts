import { escapeLiteral } from 'pg'
import type { Relation, Schema } from './catalogue.ts'
import type { Comments } from './described.ts'

/** Made and described by `migrate` itself, before any migration. */
const MADE_BY_MIGRATE = 'llamacloud_sync.migrations'

/** The comments of every table, view and column in a database; empty where there is none. */
export function liveComments(schemas: readonly Schema[]): Comments {
  const relations = schemas.flatMap((schema) => schema.relations)
  return new Map(
    relations.filter(({ schema, name }) => `${schema}.${name}` !== MADE_BY_MIGRATE).flatMap(commentsOf),
  )
}

function commentsOf({ schema, name, kind, comment, columns }: Relation): [string, string][] {
  const ofColumns = columns.map((column): [string, string] => [
    `COLUMN ${schema}.${name}.${column.name}`,
    column.comment ?? '',
  ])
  return [[`${kind.toUpperCase()} ${schema}.${name}`, comment ?? ''], ...ofColumns]
}

/** The statements that turn the comments of a database into those that there should be. */
export function commentStatements(live: Comments, wanted: Comments): string[] {
  return [...live]
    .filter(([what, text]) => text !== wanted.get(what))
    .map(([what]) => {
      const text = wanted.get(what)
      return `COMMENT ON ${what} IS ${text ? escapeLiteral(text) : 'NULL'};`
    })
}
