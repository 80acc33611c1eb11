import { DAY, formatInstant, type Instant, parseInstant } from '../values/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { pageOf } from './lookups.ts'
import type { PageTexts } from './page.ts'
import type { World } from './world.ts'

const USAGE = '/api/v1/beta/usage-metrics'

export function isUsage({ pathname }: URL): boolean {
  return pathname === USAGE
}

interface Refused {
  readonly status: number
  readonly detail: string
}

/** One metric for each job that was billed, on the day on which it was created. */
export function usagePage(
  worlds: readonly World[],
  { searchParams }: URL,
  now: Instant,
): PageTexts | Refused {
  const organization = searchParams.get('organization_id')
  if (organization === null) return { status: 422, detail: 'organization_id is required' }
  if (!worlds.every(({ organizationId }) => organizationId === organization))
    return { status: 403, detail: 'You may not see the usage of this organization' }
  const projectId = searchParams.get('project_id')
  const filters = {
    createdOnOrAfter: dayIn(searchParams, 'day_on_or_after') ?? Number.NEGATIVE_INFINITY,
    createdOnOrBefore: (dayIn(searchParams, 'day_on_or_before') ?? Number.POSITIVE_INFINITY) + DAY - 1,
    ...(projectId === null ? {} : { projectId }),
  }
  const metrics = worlds.flatMap((world) =>
    [...world.list({ filters, direction: 'ascending', now })].flatMap(({ shelf, position }) => {
      const metric = metricOf(world, shelf.payloadAt(position, now), now)
      return metric ? [JSON.stringify(metric)] : []
    }),
  )
  return pageOf(metrics, searchParams)
}

function dayIn(params: URLSearchParams, name: string): Instant | undefined {
  return parseInstant(`${params.get(name)}T00:00:00Z`)
}

function metricOf(
  { simulates, organizationId }: World,
  job: JsonValue,
  now: Instant,
): JsonObject | undefined {
  if (!isJsonObject(job) || simulates.eventType === undefined) return undefined
  const { id, user_id = 'user-1', project_id = null, created_at, usage = null } = job
  const { credits } = (simulates.usageOf?.(job, now) ?? usage ?? {}) as JsonObject
  if (typeof credits !== 'number') return undefined
  return {
    id: String(id).slice(-36),
    user_id,
    event_type: simulates.eventType,
    project_id,
    organization_id: organizationId,
    value: Math.ceil(credits),
    day: formatInstant(parseInstant(String(created_at)) ?? now).slice(0, 10),
    event_aggregation_key: id ?? null,
    event_aggregation_type: 'pdf',
    credits,
  }
}
