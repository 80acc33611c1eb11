import fc from 'fast-check'
import type { Job, Status, Step } from '../../src/simulator/job.ts'
import type { JsonObject, JsonValue } from '../../src/simulator/json.ts'
import type { Random } from '../../src/simulator/random.ts'
import { shownStatus } from '../../src/simulator/simulated-list.ts'
import {
  DAY,
  formatInstant,
  HOUR,
  type Instant,
  MINUTE,
  parseInstant,
  parseTimestamp,
  SECOND,
} from '../../src/values/instant.ts'
import { anyItem, anyItemOf, anyJson } from '../support/arbitrary-payload.ts'
import type { DrawnList } from './lists.ts'

/** A job's whole life, known beforehand. Its content says how often it has changed, as `revision`. */
export interface Life {
  readonly id: string
  readonly job: Job
  /** No id that can be stored. */
  readonly isReject: boolean
  /** Gone for some time, or for good. */
  readonly isDeleted: boolean
  /** When it is there again. */
  readonly restoredAt: Instant | null
}

export interface Span {
  readonly from: Instant
  /** When the first cycle begins. */
  readonly now: Instant
  readonly to: Instant
}

/** How the ids of another project's jobs begin. */
export const STRANGER = 'other-'

/** The kinds of created_at that the jobs of a world have. */
type Arrival = (random: Random, index: number) => Instant

const HOSTILE = new Map<string, readonly JsonObject[]>()
const ANY_JSON = fc.sample(anyJson, { seed: 2, numRuns: 100 }) as unknown as JsonValue[]
const ABSURD = ['2099-12-31T23:59:59.999999Z', '2150-01-01T00:00:00Z', '1970-01-01T00:00:00Z'].map(
  (text) => parseInstant(text)!,
)

/** Items of a list with any JSON in their fields: the same for all seeds, since making them takes its time. */
function hostileItems({ list }: DrawnList): readonly JsonObject[] {
  const known = HOSTILE.get(list.name)
  if (known) return known
  const any = list.name === 'classify' ? anyItem : anyItemOf(list)
  const items = fc.sample(any, { seed: 1, numRuns: 200 }) as unknown as JsonObject[]
  HOSTILE.set(list.name, items)
  return items
}

export interface JobsOptions {
  readonly random: Random
  readonly list: DrawnList
  readonly count: number
  /** Of created_at. */
  readonly span: Span
  /** Many jobs come, change and end in the hour around the first cycle. */
  readonly isBusy: boolean
  /** When cycles begin, more or less. */
  readonly cyclesAt: readonly Instant[]
  /** Nothing happens to a job after this. */
  readonly end: Instant
  /** How late a job may show. */
  readonly overlap: Instant
  readonly deletedShare: number
  readonly hostileShare: number
  /** A16: servers whose clocks are apart by up to a minute take turns in writing updated_at. */
  readonly stepsBack: boolean
}

export function drawJobs(options: JobsOptions): Life[] {
  const { random, count, isBusy } = options
  const arrive = drawArrival(options)
  const pace = isBusy ? random.pick([MINUTE, 10 * MINUTE]) : random.pick([SECOND, MINUTE, MINUTE, HOUR, DAY])
  const lateShare = random.pick([0, 0.1, 0.5])
  return Array.from({ length: count }, (_, index) =>
    drawLife(options, `job-${String(index).padStart(4, '0')}`, {
      at: arrive(random, index),
      pace,
      lateShare,
    }),
  )
}

function drawArrival({ random, span: { from, now, to }, isBusy, cyclesAt }: JobsOptions): Arrival {
  const anywhere: Arrival = (each) => from + Math.floor(each.next() * (to - from))
  const instants = Array.from({ length: random.int(1, 4) }, () => anywhere(random, 0))
  const wholeHours: Arrival = (each, index) => Math.min(to, Math.ceil(anywhere(each, index) / HOUR) * HOUR)
  const clumps: Arrival = (each) => each.pick(instants) + each.int(0, 3)
  const lately: Arrival = (each) => Math.min(to, now + Math.floor((each.next() - 0.7) * HOUR))
  // While the worker reads: a listing of many pages takes its time.
  const meanwhile: Arrival = (each) => Math.min(to, each.pick(cyclesAt) + each.int(-10, 30) * SECOND)
  const together: Arrival = (each) => each.pick(instants)
  const mixed: Arrival = (each, index) => each.pick([anywhere, clumps, together])(each, index)
  const busy: Arrival = (each, index) => each.pick([lately, meanwhile])(each, index)
  if (isBusy) return busy
  return random.pick([
    anywhere,
    anywhere,
    lately,
    lately,
    lately,
    lately,
    meanwhile,
    wholeHours,
    clumps,
    together,
    mixed,
  ])
}

interface Fate {
  readonly at: Instant
  /** How long a job is open, about. */
  readonly pace: Instant
  readonly lateShare: number
}

function drawLife(options: JobsOptions, id: string, { at, pace, lateShare }: Fate): Life {
  const { random, list, end, overlap } = options
  const drawnAt = drawCreatedAt(random, at)
  // What a list without ids is asked for is looked for where it was created.
  const { asksById } = list.list
  const createdAt = asksById ? drawnAt : (drawnAt ?? at)
  const bornAt = createdAt === at ? at : Math.min(at, end - 1)
  const visibleAt = random.chance(lateShare)
    ? Math.min(end, bornAt + Math.floor(random.next() * overlap))
    : bornAt
  const hostile = random.chance(options.hostileShare)
  const isReject = hostile && random.chance(0.2)
  const payload = hostile
    ? drawPayload(random, hostileItems(list), { id, createdAt, isReject, isDated: !asksById })
    : null
  const job: Job = {
    id,
    createdAt,
    visibleAt,
    // An absurd created_at is not to make an absurd updated_at, than which every later one would be older (I4).
    ...(payload === null
      ? { fields: { revision: 0, ...(createdAt === at ? {} : { updated_at: formatInstant(bornAt) }) } }
      : { payload }),
    steps: isReject
      ? []
      : drawSteps(random, { list, at: bornAt, end, pace, payload, stepsBack: options.stepsBack }),
  }
  const isDeleted = !isReject && random.chance(options.deletedShare)
  if (!isDeleted) return { id, job, isReject, isDeleted, restoredAt: null }
  const deletedAt = Math.min(end - 1, visibleAt + Math.floor(random.exponential(6 * HOUR)))
  const restoredAt = random.chance(0.3)
    ? Math.min(end, deletedAt + Math.floor(random.exponential(DAY)))
    : null
  return { id, job: { ...job, deletedAt }, isReject, isDeleted, restoredAt }
}

/** A11: absent, or absurd, for a few. */
function drawCreatedAt(random: Random, at: Instant): Instant | null {
  if (random.chance(0.03)) return null
  return random.chance(0.02) ? random.pick(ABSURD) : at
}

interface Filed {
  readonly id: string
  readonly createdAt: Instant | null
  readonly isReject: boolean
  /** Its created_at is there, whatever else is not. */
  readonly isDated: boolean
}

/** Its created_at may be of any other kind, but no other time than the one that the API files it under. */
function drawPayload(
  random: Random,
  items: readonly JsonObject[],
  { id, createdAt, isReject, isDated }: Filed,
): JsonObject {
  const drawn = random.pick(items)
  const isTime =
    isDated || (typeof drawn.created_at === 'string' && parseTimestamp(drawn.created_at) !== undefined)
  const item = isTime ? { ...drawn, created_at: createdAt === null ? null : formatInstant(createdAt) } : drawn
  if (!isReject) return { ...item, id, revision: 0 }
  return { ...item, id: random.pick([undefined, null, '', 7, 'NUL \0', 'x'.repeat(600), true, []]), of: id }
}

interface Course {
  readonly list: DrawnList
  readonly at: Instant
  readonly end: Instant
  readonly pace: Instant
  readonly payload: JsonObject | null
  readonly stepsBack: boolean
}

const FLOWS: readonly (readonly string[])[] = [
  ['RUNNING', 'COMPLETED'],
  ['RUNNING', 'COMPLETED'],
  ['RUNNING', 'FAILED'],
  ['CANCELLED'],
  ['THROTTLED', 'RUNNING', 'COMPLETED'],
  ['RUNNING'],
  // Terminal, and revised all the same.
  ['RUNNING', 'COMPLETED', 'COMPLETED'],
  ['COMPLETED', 'FAILED'],
  ['FAILED', 'RUNNING', 'COMPLETED'],
]

function drawSteps(random: Random, course: Course): Step[] {
  const steps = drawStatuses(random, course)
  return steps.at(-1)?.changes.status === 'COMPLETED' ? [...steps, ...drawBill(random, course, steps)] : steps
}

/** Credits are known some time after the end, and a bill does not show in updated_at. Classify's list shows none. */
function drawBill(random: Random, { list, end, pace }: Course, steps: readonly Step[]): Step[] {
  const last = steps.at(-1)
  const { awaits, callAlone } = list.list
  if (awaits === undefined || callAlone || last === undefined) return []
  const at = last.at + 1 + Math.floor(random.exponential(random.pick([pace, 5 * MINUTE, 3 * HOUR])))
  if (at >= end) return []
  const updatedAt = 'updated_at' in last.changes ? last.changes.updated_at : formatInstant(last.at)
  // Never what it was before: then nothing that we know would have changed (A21).
  const usage = { credits: random.int(1, 99) + 0.25 }
  return [{ at, changes: { revision: steps.length + 1, usage, updated_at: updatedAt } }]
}

/** Whether all that a step changes is what the job cost. */
export function isBill({ changes }: Step): boolean {
  return 'usage' in changes
}

function drawStatuses(random: Random, { list, at, end, pace, payload, stepsBack }: Course): Step[] {
  const steps: Step[] = []
  const silent = random.chance(0.2)
  let time = at
  for (const status of random.pick(FLOWS)) {
    time += 1 + Math.floor(random.exponential(pace))
    if (time >= end) break
    const revision = steps.length + 1
    // A finished job is not changed by fields that we do not know alone (A21).
    const changes: Record<string, JsonValue | undefined> = { revision, [list.marked]: `revision ${revision}` }
    if (payload === null || random.chance(0.5)) changes.status = shownStatus(list.simulates, status as Status)
    // A hostile updated_at may be greater than any to come, and the job could never change again (I4).
    if (payload !== null) changes.updated_at = payload.updated_at
    else if (silent) changes.updated_at = formatInstant(at)
    else if (stepsBack && random.chance(0.4)) changes.updated_at = formatInstant(time - random.int(1, MINUTE))
    if (status === 'COMPLETED') Object.assign(changes, list.done(random))
    if (random.chance(0.1)) changes.newcomer = random.pick(ANY_JSON)
    steps.push({ at: time, changes })
  }
  return steps
}

/** How often a job has changed by then. */
export function revisionAt({ job }: Life, at: Instant): number {
  return (job.steps ?? []).filter((step) => step.at <= at).length
}

/** Whether the API shows it at all times from `from` to `to`. */
export function isVisibleDuring({ job, restoredAt }: Life, from: Instant, to: Instant): boolean {
  const { visibleAt = 0, deletedAt } = job
  if (visibleAt > from) return false
  if (deletedAt === undefined || deletedAt > to) return true
  return restoredAt !== null && restoredAt <= from
}

/** The jobs of another project, that only another key shows (A20). */
export function drawStrangers(random: Random, { from, to }: Span, count: number): Job[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${STRANGER}${String(index).padStart(4, '0')}`,
    createdAt: from + Math.floor(random.next() * (to - from)),
    fields: { project_id: '99999999-9999-4999-8999-999999999999', status: 'COMPLETED' },
  }))
}

/** Whether the API shows it at no time from `from` to `to`. */
export function isHiddenDuring({ job, restoredAt }: Life, from: Instant, to: Instant): boolean {
  const { visibleAt = 0, deletedAt } = job
  if (visibleAt > to) return true
  return deletedAt !== undefined && deletedAt <= from && (restoredAt === null || restoredAt > to)
}
