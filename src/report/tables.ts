import { html, type Markup } from './markup.ts'

export interface TableColumn<Row> {
  readonly head: string
  readonly cell: (row: Row) => Markup | string
  /** What it is sorted by, where that is not the text of the cell. Null goes last. */
  readonly value?: (row: Row) => number | string | null
  /** Numbers stand on the right; short text stays on its line; long text gets what is left. */
  readonly kind?: 'number' | 'short' | 'long' | ''
}

/** A table that the page's script can sort by a click on a head. */
export function sortableTable<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): Markup {
  const heads = columns.map(
    ({ head, kind = '' }) =>
      html`<th scope="col" class="${kind}"><button type="button">${head}</button></th>`,
  )
  const lines = rows.map(
    (row) => html`<tr>${columns.map((column) => cellOf(column, row))}</tr>
`,
  )
  return html`<div class="scroll"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>`
}

/** On a phone, rows beyond these wait for a tap: see the style. */
const FIRST = 3

/** The same where on a phone each row becomes a card. */
export function cardTable<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): Markup {
  const more = html`<details class="more"><summary>Show all ${rows.length}</summary></details>`
  return html`${rows.length > FIRST ? more : ''}${sortableTable(columns, rows)}`
}

function cellOf<Row>({ head, cell, value, kind = '' }: TableColumn<Row>, row: Row): Markup {
  const shown = cell(row)
  const key = value === undefined ? (typeof shown === 'string' ? shown : '') : (value(row) ?? '')
  return html`<td class="${kind}" data-head="${head}" data-value="${key}">${shown}</td>`
}
