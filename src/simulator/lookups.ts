import { DEFAULT_PROJECT } from './job.ts'
import type { JsonObject } from './json.ts'

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
export function lookupPage(
  lookups: Lookups,
  { pathname, searchParams }: URL,
): { readonly items: readonly string[]; readonly nextPageToken: string | null } | undefined {
  if (pathname === FILES) return { items: searchParams.getAll('file_ids').map(fileOf), nextPageToken: null }
  const name = PATHS.get(pathname)
  if (name === undefined) return undefined
  const size = Number(searchParams.get('page_size') ?? 10)
  const from = Number(searchParams.get('page_token') ?? 0)
  const all = lookups[name]
  const items = all.slice(from, from + size).map((item) => JSON.stringify(item))
  return { items, nextPageToken: from + size < all.length ? String(from + size) : null }
}

export function isLookup({ pathname }: URL): boolean {
  return pathname === FILES || PATHS.has(pathname)
}
