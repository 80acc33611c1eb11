import { DEFAULT_PROJECT } from './job.ts'
import type { JsonObject } from './json.ts'
import type { PageTexts } from './page.ts'

/** What jobs carry the id of, as the API lists it. */
export interface Lookups {
  readonly projects: JsonObject[]
  readonly configurations: JsonObject[]
}

const PATHS: ReadonlyMap<string, keyof Lookups> = new Map([
  ['/api/v2/projects', 'projects'],
  ['/api/v1/beta/configurations', 'configurations'],
])

const FILES = '/api/v1/beta/files'

/** Every file that a job names is there, under a name of its own. The filter takes the UUID of its id. */
function fileOf(uuid: string): string {
  return JSON.stringify({
    id: `dfl-${uuid}`,
    name: `scan-${uuid.slice(-6)}.pdf`,
    file_type: 'pdf',
    project_id: DEFAULT_PROJECT,
  })
}

/** The page that was asked for; undefined where the path is of no such list. */
export function lookupPage(lookups: Lookups, { pathname, searchParams }: URL): PageTexts | undefined {
  if (pathname === FILES) return { items: searchParams.getAll('file_ids').map(fileOf), nextPageToken: null }
  const name = PATHS.get(pathname)
  if (name === undefined) return undefined
  return pageOf(
    lookups[name].map((item) => JSON.stringify(item)),
    searchParams,
  )
}

/** The page that is asked for; the token is the number of items before it. */
export function pageOf(items: readonly string[], params: URLSearchParams): PageTexts {
  const size = Number(params.get('page_size') ?? 10)
  const from = Number(params.get('page_token') ?? 0)
  const isLast = from + size >= items.length
  return { items: items.slice(from, from + size), nextPageToken: isLast ? null : String(from + size) }
}

export function isLookup({ pathname }: URL): boolean {
  return pathname === FILES || PATHS.has(pathname)
}
