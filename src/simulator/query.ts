import { parseTimestamp, SECOND } from '../values/instant.ts'
import type { Filters } from './listing.ts'
import type { SimulatedList } from './simulated-list.ts'

export const MAX_PAGE_SIZE = 100
/** When the request names none. */
export const DEFAULT_PAGE_SIZE = 10

export interface ListQuery {
  readonly filters: Filters
  readonly pageSize: number
  readonly pageToken: string | undefined
}

/** One entry of a 422's `detail`. */
export interface Problem {
  readonly type: string
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly input: string
  readonly ctx?: Readonly<Record<string, string | number>>
}

type Finding = Omit<Problem, 'loc' | 'input'>
/** A value, or what is wrong with the text. */
type Read<T> = (text: string) => { readonly value: T } | Finding

/** Reads the list's parameters; every one that is wrong is reported. Parameters without a meaning here are ignored. */
export function parseListQuery(
  params: URLSearchParams,
  { statuses, asksById }: Pick<SimulatedList, 'statuses' | 'asksById'>,
): ListQuery | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  function read<T>(name: string, parse: Read<T>): T | undefined {
    const input = params.getAll(name).at(-1) // given twice, the last holds
    if (input === undefined) return undefined
    const result = parse(input)
    if ('value' in result) return result.value
    const { type, msg, ...context } = result
    problems.push({ type, loc: ['query', name], msg, input, ...context })
    return undefined
  }
  const pageSize = read('page_size', readPageSize) ?? DEFAULT_PAGE_SIZE
  const pageToken = read('page_token', readText)
  const filters = defined({
    createdOnOrAfter: read('created_at_on_or_after', readDateTime),
    createdOnOrBefore: read('created_at_on_or_before', readDateTime),
    status: read('status', readStatus(statuses)),
    configurationId: read('configuration_id', readText),
    projectId: read('project_id', readUuid),
    organizationId: read('organization_id', readUuid),
    jobIds: asksById && params.has('job_ids') ? params.getAll('job_ids') : undefined,
  })
  return problems.length > 0 ? { problems } : { filters, pageSize, pageToken }
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}

const readText: Read<string> = (text) => ({ value: text })

const readPageSize: Read<number> = (text) => {
  if (!/^[+-]?\d+$/.test(text)) {
    return {
      type: 'int_parsing',
      msg: 'Input should be a valid integer, unable to parse string as an integer',
    }
  }
  const value = Number(text)
  if (value < 1) {
    return { type: 'greater_than_equal', msg: 'Input should be greater than or equal to 1', ctx: { ge: 1 } }
  }
  if (value > MAX_PAGE_SIZE) {
    const msg = `Input should be less than or equal to ${MAX_PAGE_SIZE}`
    return { type: 'less_than_equal', msg, ctx: { le: MAX_PAGE_SIZE } }
  }
  return { value }
}

const readStatus =
  (statuses: readonly string[]): Read<string> =>
  (text) => {
    if (statuses.some((status) => status === text)) return { value: text }
    const names = statuses.map((status) => `'${status}'`)
    const expected = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
    return { type: 'literal_error', msg: `Input should be ${expected}`, ctx: { expected } }
  }

/** Microseconds since 1970. Far from now a number holds only some of them, but no job is compared there. */
const readDateTime: Read<number> = (text) => {
  const timestamp = parseTimestamp(text)
  if (timestamp) return { value: timestamp.seconds * SECOND + timestamp.micros }
  const error = 'not an RFC 3339 date-time'
  return {
    type: 'datetime_from_date_parsing',
    msg: `Input should be a valid datetime or date, ${error}`,
    ctx: { error },
  }
}

const readUuid: Read<string> = (text) => {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return { value: text.toLowerCase() }
  const error = 'expected 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12'
  return { type: 'uuid_parsing', msg: `Input should be a valid UUID, ${error}`, ctx: { error } }
}
