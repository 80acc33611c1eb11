import type { Instant } from '../values/instant.ts'
import type { SharedConfiguration } from './configurations.ts'
import type { Fate } from './fate.ts'
import { STATUSES, type Status } from './job.ts'
import type { JsonObject } from './json.ts'
import type { Random } from './random.ts'

/** What a list of the API is like: where it is, what it filters by, and how its items are drawn. */
export interface SimulatedList {
  readonly paths: readonly string[]
  /** Of the saved configurations that its jobs have. */
  readonly product: string
  /** The statuses that its filter accepts: its names for those of `STATUSES`, in their order, and further ones. */
  readonly statuses: readonly string[]
  /** Whether it has the filter job_ids. */
  readonly asksById: boolean
  /** What a job has where its own fields say nothing: the least that the contract requires. */
  readonly defaults: JsonObject
  /** Of generated jobs. */
  readonly idPrefix: string
  /** Whether generated jobs show the configuration that they share. */
  readonly showsConfiguration: boolean
  /** All of a generated job but its id, its times and its configuration. What it draws must not depend on the status. */
  draw(life: Life): JsonObject
  /** What its jobs are billed as, by the usage metrics. */
  readonly eventType?: string
  /** What `expand=usage` tells of a generated job that is asked for alone. Lists leave it out, of other jobs as well. */
  usageOf?(job: JsonObject, now: Instant): JsonObject | null
}

/** What has been drawn of a generated job already. */
export interface Life {
  readonly random: Random
  readonly configuration: SharedConfiguration
  readonly fate: Fate
  /** Now. */
  readonly status: Status
  /** As the list calls it. */
  readonly shown: string
  readonly projectId: string
  /** At least one. */
  readonly userIds: readonly string[]
  /** Jobs of other lists that were there before, each as the API shows it; `share`, 0 to 1, says which of the latest. */
  readonly parsed: (share: number) => JsonObject | undefined
  readonly classified: (share: number) => JsonObject | undefined
}

export function shownStatus({ statuses }: SimulatedList, status: Status): string {
  return statuses[STATUSES.indexOf(status)] ?? status
}

/** Picks the first values far more often than the last: the logarithm of the rank is even. */
export function pickSkewed<T>(random: Random, values: readonly T[]): T {
  const rank = Math.floor((values.length + 1) ** random.next())
  return values[Math.min(rank, values.length) - 1] ?? random.pick(values)
}
