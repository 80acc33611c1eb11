/**
 * A plain text table as psql prints it: a head, a rule, a row a line. Numbers stand on the right. Cells may hold texts of
 * strangers: what would break a line or command the terminal becomes a blank.
 */
export function table(columns: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printable))
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)),
  )
  const numeric = columns.map((_, index) => rows.every((row) => /^-?[\d.]*$/.test(row[index] ?? '')))
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0
        return numeric[index] ? cell.padStart(width) : cell.padEnd(width)
      })
      .join(' | ')
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-')
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

/** On one line, and without a command to the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ')
}
