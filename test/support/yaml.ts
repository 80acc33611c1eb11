export type Yaml = string | Yaml[] | { [key: string]: Yaml }

interface Line {
  readonly indent: number
  readonly text: string
}

/**
 * The plain part of YAML that our files keep to: mappings and lists by indentation, scalars on one line, bare or in single
 * quotes, comments on lines of their own. Throws on anything else. Scalars stay text.
 */
export function parseYaml(text: string): Yaml {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#.*)?$/.test(line))
    .map((line) => ({ indent: line.search(/\S/), text: line.trim() }))
  const [value, rest] = block(lines, lines[0]?.indent ?? 0)
  if (rest.length > 0) throw new SyntaxError(`out of place: ${rest[0]!.text}`)
  return value
}

function block(lines: readonly Line[], indent: number): [Yaml, readonly Line[]] {
  return lines[0]?.text.startsWith('- ') ? list(lines, indent) : mapping(lines, indent)
}

function list(lines: readonly Line[], indent: number): [Yaml, readonly Line[]] {
  const items: Yaml[] = []
  let rest = lines
  while (rest[0]?.indent === indent && rest[0].text.startsWith('- ')) {
    const text = rest[0].text.slice(2)
    if (/^[\w.-]+:( |$)/.test(text)) {
      const [item, after] = mapping([{ indent: indent + 2, text }, ...rest.slice(1)], indent + 2)
      items.push(item)
      rest = after
    } else {
      items.push(scalar(text))
      rest = rest.slice(1)
    }
  }
  return [items, rest]
}

function mapping(lines: readonly Line[], indent: number): [Yaml, readonly Line[]] {
  const entries: { [key: string]: Yaml } = {}
  let rest = lines
  while (rest[0]?.indent === indent && !rest[0].text.startsWith('- ')) {
    const [, key, value] = /^([\w./-]+):(?: (.*))?$/.exec(rest[0].text) ?? []
    if (key === undefined || key in entries) throw new SyntaxError(`not a new key: ${rest[0].text}`)
    rest = rest.slice(1)
    if (value !== undefined) entries[key] = scalar(value)
    else [entries[key], rest] = block(rest, nested(rest, indent, key))
  }
  return [entries, rest]
}

function nested([first]: readonly Line[], indent: number, key: string): number {
  if (first === undefined || first.indent <= indent) throw new SyntaxError(`nothing below ${key}`)
  return first.indent
}

function scalar(text: string): string {
  const quoted = /^'((?:[^']|'')*)'$/.exec(text)
  if (quoted) return quoted[1]!.replaceAll("''", "'")
  if (/^['"&*!|>%@`[\]{},]|: | #/.test(text)) throw new SyntaxError(`not a plain scalar: ${text}`)
  return text
}
