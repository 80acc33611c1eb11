import * as z from 'zod'
import type { Redactor } from '../redact.ts'
import { SOURCES_FILE } from './catalogue.ts'
import { faultLine, shownValue } from './faults.ts'
import { variables } from './variables.ts'

const { shape } = variables

/** The name of a variable, never a key: keys do not consist of capitals only. */
const variableName = z
  .string('the name of an environment variable')
  .regex(
    /^[A-Z][A-Z0-9_]*$/,
    'the name of an environment variable (A-Z, 0-9, _); keys do not belong in this file',
  )

const entry = z.strictObject({
  name: shape.SYNC_SOURCE.unwrap(),
  apiKeyVariable: variableName.default('LLAMA_CLOUD_API_KEY'),
  region: shape.LLAMA_CLOUD_REGION.unwrap().optional(),
  baseUrl: shape.LLAMA_CLOUD_BASE_URL,
  projectId: shape.LLAMA_CLOUD_PROJECT_ID,
  organizationId: shape.LLAMA_CLOUD_ORGANIZATION_ID,
  configurationId: shape.LLAMA_CLOUD_CONFIGURATION_ID,
  startAt: shape.SYNC_START_AT.unwrap().optional(),
  overlap: shape.SYNC_OVERLAP.unwrap().optional(),
  pageSize: z.int().min(1).max(100).optional(),
  lists: z.array(z.string()).min(1).optional(),
  reconcileEvery: shape.SYNC_RECONCILE_EVERY.unwrap().optional(),
})

const EXPECTED: Readonly<Record<string, string>> = {
  pageSize: 'a whole number from 1 to 100',
  lists: 'a list of names, such as ["classify"]',
}

/** A source of the file. What it leaves out is as the environment has it. */
export type SourceEntry = z.output<typeof entry>

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
  const result = entry.safeParse(item)
  if (result.success) return { parsed: result.data, faults: [] }
  const where = `source ${index + 1}`
  return { faults: result.error.issues.map((issue) => fault(`${where}: ${problem(issue, item, redact)}`)) }
}

function problem(issue: z.core.$ZodIssue, item: unknown, redact: Redactor): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => shownValue(key, redact)).join(', ')
    return `unknown field ${names}; the fields are ${Object.keys(entry.shape).join(', ')}`
  }
  const field = String(issue.path[0] ?? '')
  if (field === '') return 'it is not an object {"name": …}'
  const value: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, field) : undefined
  if (value === undefined) return `${field} is missing`
  const shown = typeof value === 'string' ? shownValue(value, redact) : `a ${typeof value}`
  const expected = EXPECTED[field] ?? (issue.code === 'invalid_type' ? 'a string' : issue.message)
  return `${field}: ${shown} is not ${expected}`
}

function namedTwice(entries: readonly SourceEntry[]): string[] {
  const names = entries.map(({ name }) => name)
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  return [...twice].map((name) => fault(`the name "${name}" occurs twice`))
}

function fault(text: string): string {
  return faultLine(SOURCES_FILE, text)
}
