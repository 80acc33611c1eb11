import type { Instant } from '../values/instant.ts'
import { type Arrival, arrivals } from './arrivals.ts'
import { makeConfigurations, type SharedConfiguration } from './configurations.ts'
import { DEFAULT_FATE, type FateOptions } from './fate.ts'
import { GeneratedJobs } from './generated-jobs.ts'
import { uuid } from './ids.ts'
import { DEFAULT_PROJECT } from './job.ts'
import { createRandom } from './random.ts'
import type { World } from './world.ts'

export interface GenerateOptions {
  readonly seed: number | string
  /** How many; 8 bytes of memory each. */
  readonly jobs: number
  /** The span of `created_at`, `to` exclusive. It may lie in the future: jobs then appear as the clock moves. */
  readonly from: Instant
  readonly to: Instant
  /** Even by default. */
  readonly arrival?: Arrival
  /** How many configurations the jobs share; 12 by default, at least 1. */
  readonly configurations?: number
  /** A UUID. */
  readonly projectId?: string
  /** How they end, how long they take, how late they show; `DEFAULT_FATE` where nothing is said. */
  readonly fate?: Partial<FateOptions>
  /** Jobs of other lists whose documents these read: of the parse list, and of the classify list. */
  readonly parsed?: GeneratedJobs
  readonly classified?: GeneratedJobs
}

/**
 * Adds realistic jobs to a world, about 2 KB of JSON each, and returns them; the same options always give the same jobs. Throws RangeError
 * when the span has fewer microseconds than jobs, Error when the world already holds jobs of this seed.
 */
export function generate(world: World, options: GenerateOptions): GeneratedJobs {
  const { seed, jobs, from, to, arrival = 'even', configurations = 12, projectId = DEFAULT_PROJECT } = options
  const { parsed, classified } = options
  const random = createRandom(`${seed} setting`)
  const shared = makeConfigurations(random, configurations)
  const shelf = new GeneratedJobs({
    list: world.simulates,
    seed,
    createdAt: arrivals({ count: jobs, from, to, arrival, random: createRandom(`${seed} arrivals`) }),
    configurations: shared,
    projectId,
    userIds: Array.from({ length: 8 }, () => uuid(random)),
    fate: { ...DEFAULT_FATE, ...options.fate },
    ...(parsed && { parsed }),
    ...(classified && { classified }),
  })
  world.addShelf(shelf)
  name(world, { projectId, configurations: shared })
  return shelf
}

interface Named {
  readonly projectId: string
  readonly configurations: readonly SharedConfiguration[]
}

function name(world: World, { projectId, configurations }: Named): void {
  const { lookups, organizationId } = world
  const number = lookups.projects.length + 1
  lookups.projects.push({ id: projectId, name: `Project ${number}`, organization_id: organizationId })
  for (const { id, types } of configurations) {
    if (id === null) continue
    const kind = types[0]?.type ?? 'document'
    lookups.configurations.push({
      id,
      name: `${kind} and ${types.length - 1} more`,
      version: '1',
      product_type: world.simulates.product,
      parameters: { product_type: 'unknown' },
    })
  }
}
