import type { Instant } from '../values/instant.ts'
import { formatInstant } from '../values/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** The statuses that the upstream's filter accepts. */
export const STATUSES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
export type Status = (typeof STATUSES)[number]

/**
 * A job as a timeline. What the API shows of it at a moment is `render(job, now)`; nothing else depends on time.
 */
export interface Job {
  readonly id: string
  /** Null: only a listing without time filters finds the job (A11). */
  readonly createdAt: Instant | null
  /** From when the API shows the job (A7); `createdAt` if absent, always if that is null. */
  readonly visibleAt?: Instant
  readonly deletedAt?: Instant
  /** What the project filter compares; `fields.project_id` if absent. */
  readonly projectId?: string
  /** Fields from creation on, laid over the defaults of its list. Undefined leaves a field out. */
  readonly fields?: JsonObject
  /** What changes later, in the order of `at`. */
  readonly steps?: readonly Step[]
  /** Replaces all that is rendered from the other members: any JSON, or a function of the moment (A9, A10). */
  readonly payload?: JsonValue | ((now: Instant) => JsonValue)
}

/** Changes to fields from `at` on. `updated_at` becomes `at` unless the changes name it. */
export interface Step {
  readonly at: Instant
  readonly changes: JsonObject
}

export const DEFAULT_PROJECT = '11111111-1111-4111-8111-111111111111'

/** What a job has where its own fields say nothing: the least that the contract requires. */
export const DEFAULT_FIELDS: JsonObject = {
  configuration: {
    rules: [{ type: 'invoice', description: 'contains an invoice number, line items and a total amount' }],
    mode: 'FAST',
    parsing_configuration: null,
  },
  document_input_type: 'file_id',
  file_input: 'dfl-11111111-2222-4333-8444-555555555555',
  project_id: DEFAULT_PROJECT,
  user_id: 'user-1',
  status: 'PENDING',
  configuration_id: null,
  parse_job_id: null,
  transaction_id: null,
  error_message: null,
  result: null,
}

/** The job as the API shows it at `now`. The result shares parts with the job: do not change it. */
export function render(job: Job, now: Instant, defaults = DEFAULT_FIELDS): JsonValue {
  const base = job.payload === undefined ? initialFields(job, defaults) : payloadAt(job.payload, now)
  if (!isJsonObject(base)) return base
  let rendered = base
  for (const step of job.steps ?? []) {
    if (step.at <= now) rendered = { ...rendered, updated_at: formatInstant(step.at), ...step.changes }
  }
  return withoutAbsent(rendered)
}

/** Whether the API shows the job at `now`. */
export function isVisible(job: Job, now: Instant): boolean {
  if (now < (job.visibleAt ?? job.createdAt ?? Number.NEGATIVE_INFINITY)) return false
  return job.deletedAt === undefined || now < job.deletedAt
}

function initialFields(job: Job, defaults: JsonObject): JsonObject {
  const createdAt = job.createdAt === null ? null : formatInstant(job.createdAt)
  return { id: job.id, ...defaults, created_at: createdAt, updated_at: createdAt, ...job.fields }
}

function payloadAt(payload: NonNullable<Job['payload']> | null, now: Instant): JsonValue {
  return typeof payload === 'function' ? payload(now) : payload
}

function withoutAbsent(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
