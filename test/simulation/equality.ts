import type { World } from '../../src/simulator/world.ts'
import { formatJson, type JsonObject, parseJson } from '../../src/values/json.ts'
import { storedJobs } from '../support/compare.ts'
import { comparable, expectedPayload } from '../support/reassemble.ts'
import type { SimulationDatabase } from './database.ts'
import type { Life } from './draw-jobs.ts'

export const SURPLUS = 'is stored and the API has no such job'

type Lives = readonly Pick<Life, 'id' | 'isReject'>[]

/** I8, after a reconcile: the tables equal the API, both ways and field by field, and rejects hold all the rest. */
export async function differences(
  { url, observer, drop }: Pick<SimulationDatabase, 'url' | 'observer' | 'drop'>,
  world: World,
  { lives }: { readonly lives: Lives },
  { rejects }: { readonly rejects: readonly string[] },
): Promise<string[]> {
  const stored = await storedJobs({ url, pool: observer, drop })
  const rejected = lives.filter(({ isReject }) => isReject).map(({ id }) => id)
  const shown = shownJobs(world, lives)
  const lines: string[] = []
  const missing = [...shown.keys()].filter((id) => !stored.has(id))
  lines.push(...missing.map((id) => `I8: ${id} is missing`))
  const pairs = [...shown].flatMap(([id, payload]) => {
    const row = stored.get(id)
    return row === undefined || row === payload ? [] : [{ id, payload, row }]
  })
  // PostgreSQL writes numbers in its own way: 1e-400 with all its zeros.
  const { rows } = await observer.query<{ index: number }>(
    `select ordinal::int - 1 as index from unnest($1::text[], $2::text[]) with ordinality as pair(api, stored, ordinal)
    where api::jsonb <> stored::jsonb`,
    [pairs.map(({ payload }) => payload), pairs.map(({ row }) => row)],
  )
  for (const { index } of rows) {
    const { id, payload, row } = pairs[index]!
    lines.push(`I8: ${id} differs:\n    API    ${payload}\n    tables ${row}`)
  }
  for (const id of stored.keys()) if (!shown.has(id)) lines.push(`I8: ${id} ${SURPLUS}`)
  const kept = new Set(rejects)
  for (const id of rejected) {
    const item = world.get(id)
    if (item === undefined) continue
    const text = formatJson(parseJson(JSON.stringify(item))).toWellFormed()
    if (!kept.has(text)) lines.push(`I1: the item ${id} has no usable id and is not among the rejects`)
  }
  return lines
}

/** The jobs that the API shows now and that can be stored, by id, as tables can hold them. */
function shownJobs(world: World, lives: Lives): Map<string, string> {
  const shown = new Map<string, string>()
  for (const { id, isReject } of lives) {
    const payload = isReject ? undefined : world.get(id)
    if (payload === undefined) continue
    shown.set(id, comparable(expectedPayload(parseJson(JSON.stringify(payload)) as JsonObject)))
  }
  return shown
}
