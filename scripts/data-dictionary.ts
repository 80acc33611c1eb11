import type { Column, Relation, Schema } from './catalogue.ts'

const HEAD = `# Data dictionary

Made from the comments in the database by \`npm run docs:schema\`: do not edit it by hand. In psql, \`\\d+ llamacloud.*\`
shows the same. Times are \`timestamptz\` and keep microseconds.
`

/** The tables and views of these schemas with all that is said about them, as Markdown. */
export function dataDictionary(schemas: readonly Schema[]): string {
  return [HEAD, ...schemas.map(describeSchema)].join('\n')
}

function describeSchema({ name, comment, relations }: Schema): string {
  const contents = relations.map((relation) => {
    const [first = ''] = (relation.comment ?? '').split(/(?<=[.:]) /)
    return `- [\`${relation.name}\`](#${anchorOf(relation)}) (${relation.kind}): ${first.replace(/:$/, '.')}`
  })
  const head = [`## Schema ${name}`, comment ?? '', contents.join('\n'), diagramOf(relations)]
  return [...head.map((part) => `${part}\n`), ...relations.map(describeRelation)].join('\n')
}

function describeRelation(relation: Relation): string {
  const rows = relation.columns.map((column) => {
    const cells = [
      `\`${column.name}\``,
      column.type,
      keysOf(relation, column),
      escapeCell(column.comment ?? ''),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const table = ['| column | type | | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
  return `### ${titleOf(relation)}\n\n${relation.comment ?? ''}\n\n${table}\n${indexesOf(relation)}`
}

function titleOf({ kind, schema, name }: Relation): string {
  return `${kind === 'view' ? 'View' : 'Table'} ${schema}.${name}`
}

/** As GitHub and GitLab make it from the title. */
function anchorOf(relation: Relation): string {
  return titleOf(relation).toLowerCase().replaceAll('.', '').replaceAll(' ', '-')
}

function keysOf({ constraints }: Relation, column: Column): string {
  const keys = constraints
    .filter(({ columns }) => columns.includes(column.name))
    .map(({ kind, target }) => {
      if (kind === 'f') return `references \`${target}\``
      return { p: 'primary key', u: 'unique', c: 'checked' }[kind]
    })
  const always = column.notNull && !keys.includes('primary key') ? ['not null'] : []
  return [...keys, ...always].join(', ')
}

function indexesOf({ indexes }: Relation): string {
  if (indexes.length === 0) return ''
  const lines = indexes.map((statement) => `- \`${statement.replace(/^CREATE (UNIQUE )?INDEX /, '$1')}\``)
  return `\nIndexes besides those of the keys:\n\n${lines.join('\n')}\n`
}

/** An entity diagram of the tables; Mermaid wants types without spaces. */
function diagramOf(relations: readonly Relation[]): string {
  const tables = relations.filter(({ kind }) => kind === 'table')
  const entities = tables.map((table) => {
    const lines = table.columns.map((column) => `    ${attributeOf(table, column)}`)
    return `  ${table.name} {\n${lines.join('\n')}\n  }`
  })
  const links = tables.flatMap((table) =>
    table.constraints
      .filter(({ kind }) => kind === 'f')
      .map(({ target, columns }) => {
        const one = table.columns.some(({ name, notNull }) => columns.includes(name) && !notNull)
        const other = (target ?? '').split('.').at(-1)
        return `  ${other} ${one ? '|o' : '||'}--o{ ${table.name} : "${columns.join(', ')}"`
      }),
  )
  return ['```mermaid', 'erDiagram', ...links, ...entities, '```'].join('\n')
}

const SHORT_TYPES: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'double precision': 'float8',
}

function attributeOf({ constraints }: Relation, { name, type }: Column): string {
  const kinds = constraints.filter(({ columns }) => columns.includes(name)).map(({ kind }) => kind)
  const keys = (['p', 'f', 'u'] as const)
    .filter((kind) => kinds.includes(kind))
    .map((kind) => ({ p: 'PK', f: 'FK', u: 'UK' })[kind])
  return [SHORT_TYPES[type] ?? type.replaceAll(' ', '_'), name, keys.join(', ')].join(' ').trimEnd()
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
