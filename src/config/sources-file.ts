import type { Redactor } from '../redact.ts'
import { SOURCES_FILE } from './catalogue.ts'
import { faultLine, shownValue } from './faults.ts'
import { API_KEY } from './secrets.ts'
import { type Type, text } from './setting.ts'
import { API, SYNC } from './variables.ts'

/** How a value of JSON is read, and what a wrong one should be. */
interface Field<T> {
  readonly read: (value: unknown) => T | undefined
  readonly accepts: (value: unknown) => string
}

function ofText<T>({ read, accepts }: Type<T>): Field<T> {
  return {
    read: (value) => (typeof value === 'string' ? read(value) : undefined),
    accepts: (value) => (typeof value === 'string' ? accepts : 'a string'),
  }
}

/** The name of a variable, never a key: keys do not consist of capitals only. */
const variableName = text(
  'name',
  (name) => (/^[A-Z][A-Z0-9_]*$/.test(name) ? name : undefined),
  'the name of an environment variable (A-Z, 0-9, _); keys do not belong in this file',
)

const pageSize: Field<number> = {
  read: (value) => (typeof value === 'number' ? SYNC.SYNC_PAGE_SIZE.read(`${value}`) : undefined),
  accepts: () => SYNC.SYNC_PAGE_SIZE.accepts,
}

const lists: Field<string[]> = {
  read: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')
      ? value
      : undefined,
  accepts: () => 'a list of names, such as ["classify"]',
}

const NEEDED = { name: ofText(SYNC.SYNC_SOURCE), apiKeyVariable: ofText(variableName) }

const FIELDS = {
  ...NEEDED,
  region: ofText(API.LLAMA_CLOUD_REGION),
  baseUrl: ofText(API.LLAMA_CLOUD_BASE_URL),
  projectId: ofText(API.LLAMA_CLOUD_PROJECT_ID),
  organizationId: ofText(API.LLAMA_CLOUD_ORGANIZATION_ID),
  configurationId: ofText(API.LLAMA_CLOUD_CONFIGURATION_ID),
  startAt: ofText(SYNC.SYNC_START_AT),
  overlap: ofText(SYNC.SYNC_OVERLAP),
  pageSize,
  lists,
  reconcileEvery: ofText(SYNC.SYNC_RECONCILE_EVERY),
}

type Values<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends Field<infer T> ? T : never }

/** A source of the file. What it leaves out is as the environment has it. */
export type SourceEntry = Values<typeof NEEDED> & {
  readonly [Name in keyof typeof FIELDS]?: Values<typeof FIELDS>[Name] | undefined
}

export interface SourcesFile {
  readonly entries: readonly SourceEntry[]
  readonly faults: readonly string[]
}

/** Reads the text of SYNC_SOURCES_FILE. Shows no value that looks like a secret. */
export function parseSourcesFile(text: string, redact: Redactor): SourcesFile {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // Not the parser's own words: they quote the text.
    return { entries: [], faults: [fault('the file is not JSON')] }
  }
  if (!Array.isArray(content) || content.length === 0) {
    return { entries: [], faults: [fault('the file must contain a list of sources, [{"name": …}, …]')] }
  }
  const read = content.map((item: unknown, index) => parseEntry(item, index, redact))
  const entries = read.flatMap(({ parsed }) => (parsed === undefined ? [] : [parsed]))
  return { entries, faults: [...read.flatMap(({ faults }) => faults), ...namedTwice(entries)] }
}

interface ParsedEntry {
  readonly parsed?: SourceEntry
  readonly faults: readonly string[]
}

function parseEntry(item: unknown, index: number, redact: Redactor): ParsedEntry {
  const at = (texts: readonly string[]) => texts.map((text) => fault(`source ${index + 1}: ${text}`))
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return { faults: at(['it is not an object {"name": …}']) }
  const given = new Map(Object.entries({ apiKeyVariable: API_KEY, ...item }))
  const read = Object.entries<Field<unknown>>(FIELDS).map(([name, field]) => {
    const value = given.get(name)
    return { name, ...field, value, result: value === undefined ? undefined : field.read(value) }
  })
  const wrong = read.flatMap(({ name, accepts, value, result }) => {
    if (result !== undefined) return []
    if (value === undefined) return Object.hasOwn(NEEDED, name) ? [`${name} is missing`] : []
    const shown = typeof value === 'string' ? shownValue(value, redact) : `a ${typeof value}`
    return [`${name}: ${shown} is not ${accepts(value)}`]
  })
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(FIELDS, name))
  if (unknown.length > 0) {
    const names = unknown.map((name) => shownValue(name, redact)).join(', ')
    wrong.push(`unknown field ${names}; the fields are ${Object.keys(FIELDS).join(', ')}`)
  }
  if (wrong.length > 0) return { faults: at(wrong) }
  const values = read.map(({ name, result }) => [name, result])
  return { parsed: Object.fromEntries(values) as SourceEntry, faults: [] }
}

function namedTwice(entries: readonly SourceEntry[]): string[] {
  const names = entries.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  return [...twice].map((name) => fault(`the name "${name}" occurs twice`))
}

function fault(text: string): string {
  return faultLine(SOURCES_FILE, text)
}
