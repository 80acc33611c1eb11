import { classify } from '../../src/lists/classify/list.ts'
import { fieldsIn, type Job, propertyOf } from '../../src/lists/columns.ts'
import type { Field, List } from '../../src/lists/list.ts'
import type { World } from '../../src/simulator/world.ts'
import type { JsonObject } from '../../src/values/json.ts'
import { parseJson } from '../../src/values/json.ts'
import type { TestDatabase } from './database.ts'
import { comparable, expectedPayload, reassemble } from './reassemble.ts'

/** A column as the decoder gives it, in text that loses nothing. */
function selected({ type, column }: Field, { shared }: List): string {
  switch (type) {
    case 'moment':
      return `to_char(job.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    case 'json':
      return `job.${column}::text`
    case 'shared':
      return `(select json_build_object('hash', hash, 'document', document::text) from ${shared?.table} where hash = job.${column})`
    default:
      return `job.${column}`
  }
}

/** The jobs in the tables, by id, each as the comparable text of the payload it came from. */
export async function storedJobs(
  database: TestDatabase,
  list: List = classify,
): Promise<Map<string, string>> {
  const columns = fieldsIn(list.fields).map((field) => `${selected(field, list)} as "${propertyOf(field)}"`)
  const { rows } = await database.pool.query<Job>(
    `select ${columns.join(', ')}, job.extra::text as extra
    from llamacloud.${list.jobs.table} as job where job.deleted_at is null`,
  )
  return new Map(rows.map((row) => [row.id, comparable(reassemble(row, list))]))
}

/** The jobs that the API shows now, by id, each as the comparable text of what tables can hold of it. */
export function shownJobs(world: World, list: List = classify): Map<string, string> {
  const shown = new Map<string, string>()
  for (const payload of world.all()) {
    const item = parseJson(JSON.stringify(payload)) as JsonObject
    shown.set(String(item.id), comparable(expectedPayload(item, list)))
  }
  return shown
}

export interface Differences {
  /** In the world only. */
  readonly missing: string[]
  /** In the tables only. */
  readonly surplus: string[]
  /** In both, and not the same. */
  readonly different: string[]
}

export const EQUAL: Differences = { missing: [], surplus: [], different: [] }

/** Compares row by row and field by field, in both directions. */
export async function compareWithWorld(
  database: TestDatabase,
  world: World,
  list: List = classify,
): Promise<Differences> {
  const stored = await storedJobs(database, list)
  const shown = shownJobs(world, list)
  return {
    missing: [...shown.keys()].filter((id) => !stored.has(id)),
    surplus: [...stored.keys()].filter((id) => !shown.has(id)),
    different: [...shown]
      .filter(([id, payload]) => stored.has(id) && stored.get(id) !== payload)
      .map(([id]) => id),
  }
}
