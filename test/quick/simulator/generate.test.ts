import { describe, expect, test } from 'vitest'
import { type GenerateOptions, generate } from '../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import { DAY, HOUR, type Instant, parseInstant, SECOND } from '../../../src/values/instant.ts'
import { at, worldAt } from './support.ts'

const FROM = at('2025-01-01T00:00:00Z')
const TO = FROM + 300 * DAY

function jobsOf(options: Partial<GenerateOptions> = {}, now: Instant = TO + 100 * DAY): JsonObject[] {
  const { world } = worldAt(now)
  generate(world, { seed: 42, jobs: 20_000, from: FROM, to: TO, arrival: 'bursty', ...options })
  return [...world.all()] as JsonObject[]
}

function share(jobs: readonly JsonObject[], holds: (job: JsonObject) => boolean): number {
  return jobs.filter(holds).length / jobs.length
}

function createdAt(job: JsonObject): Instant {
  return at(String(job.created_at))
}

function countBy<T>(values: readonly T[]): number[] {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].sort((a, b) => b - a)
}

describe('generate', () => {
  const jobs = jobsOf()

  test('the same options give the same jobs, another seed others', () => {
    const few = { jobs: 50 }
    expect(jobsOf(few)).toEqual(jobsOf(few))
    const others = new Set(jobsOf({ ...few, seed: 43 }).map(({ id }) => id))
    expect(jobsOf(few).some(({ id }) => others.has(id))).toBe(false)
  })

  test('ids are unique, and created_at ascends within the span at microsecond resolution', () => {
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(20_000)
    const times = jobs.map(createdAt)
    expect(
      times.every((time, index) => time >= FROM && time < TO && (index === 0 || time > times[index - 1]!)),
    ).toBe(true)
    expect(share(jobs, (job) => createdAt(job) % 1000 !== 0)).toBeGreaterThan(0.99)
  })

  test('outcomes have their shares', () => {
    expect(share(jobs, ({ status }) => status === 'FAILED')).toBeCloseTo(0.02, 2)
    expect(share(jobs, ({ status }) => status === 'CANCELLED')).toBeCloseTo(0.01, 2)
    const completed = jobs.filter(({ status }) => status === 'COMPLETED')
    expect(completed.length).toBe(jobs.filter(({ result }) => result !== null).length)
    expect(share(completed, ({ result }) => (result as JsonObject).type === null)).toBeCloseTo(0.07, 2)
  })

  test('failures name plausible causes of several kinds', () => {
    const failed = jobs.filter(({ status }) => status === 'FAILED')
    const masked = failed.map(({ error_message }) =>
      String(error_message).replaceAll(/[0-9a-f-]*\d[0-9a-f-]*/g, '#'),
    )
    expect(countBy(masked).length).toBeGreaterThan(6)
    expect(new Set(failed.map(({ error_message }) => error_message)).size).toBeGreaterThan(failed.length / 2)
    expect(
      jobs.every(({ status, error_message }) => (status === 'FAILED') === (error_message !== null)),
    ).toBe(true)
  })

  test('half of the jobs are done within 30 s, 1 % take more than an hour', () => {
    const durations = jobs.map((job) => at(String(job.updated_at)) - createdAt(job))
    const within = (limit: Instant) =>
      durations.filter((duration) => duration <= limit).length / durations.length
    expect(within(30 * SECOND)).toBeCloseTo(0.5, 1)
    expect(1 - within(HOUR)).toBeGreaterThan(0.005)
    expect(1 - within(HOUR)).toBeLessThan(0.02)
  })

  test('a job is first PENDING, then RUNNING, then at its end, and updated_at moves with each', () => {
    const { world, time } = worldAt(FROM)
    generate(world, { seed: 5, jobs: 1, from: FROM, to: FROM + 1, fate: { failedShare: 1 } })
    const seen: [unknown, number][] = []
    for (time.now = FROM; seen.length < 3 && time.now < FROM + HOUR; time.now += SECOND / 10) {
      const [shown] = [...world.all()] as [JsonObject]
      if (seen.at(-1)?.[0] !== shown.status)
        seen.push([shown.status, at(String(shown.updated_at)) - time.now])
    }
    expect(seen.map(([status]) => status)).toEqual(['PENDING', 'RUNNING', 'FAILED'])
    for (const [, behind] of seen) expect(behind <= 0 && behind > -SECOND / 10).toBe(true)
  })

  test('A6: a share of jobs stays open for days', () => {
    const stuck = jobsOf({ fate: { stuckShare: 0.1 } }, TO + HOUR)
    expect(share(stuck, ({ status }) => status === 'PENDING' || status === 'RUNNING')).toBeGreaterThan(0.003)
    const settled = jobsOf({ fate: { stuckShare: 0.1 } }, TO + 61 * DAY)
    expect(share(settled, ({ status }) => status === 'PENDING' || status === 'RUNNING')).toBe(0)
  })

  test('few configurations of 4 to 10 rules are shared, document types are skewed', () => {
    const documents = jobs.map(({ configuration }) => JSON.stringify(configuration))
    const uses = countBy(documents)
    expect(uses).toHaveLength(12)
    expect(uses[0]! / uses.at(-1)!).toBeGreaterThan(3)
    for (const document of new Set(documents)) {
      const { rules } = JSON.parse(document)
      expect(rules.length).toBeGreaterThanOrEqual(4)
      expect(rules.length).toBeLessThanOrEqual(10)
      for (const { description } of rules) expect(description.length).toBeLessThanOrEqual(2000)
    }
    const types = countBy(jobs.flatMap(({ result }) => (result as JsonObject | null)?.type ?? []))
    expect(types[0]! / types.at(-1)!).toBeGreaterThan(5)
  })

  test('all kinds of input and optional references occur, and a job weighs about 2 KB', () => {
    expect(countBy(jobs.map((job) => job.document_input_type))).toHaveLength(3)
    for (const field of ['configuration_id', 'parse_job_id', 'transaction_id']) {
      const given = share(jobs, (job) => job[field] !== null)
      expect(given > 0.05 && given < 0.95).toBe(true)
    }
    const bytes = jobs.reduce((sum, job) => sum + JSON.stringify(job).length, 0) / jobs.length
    expect(bytes).toBeGreaterThan(1500)
    expect(bytes).toBeLessThan(3000)
  })

  test('bursty arrivals are uneven, even ones are not', () => {
    const byDay = (list: readonly JsonObject[]) => {
      const days = new Array<number>(300).fill(0)
      for (const job of list) days[Math.floor((createdAt(job) - FROM) / DAY)]!++
      return days.sort((a, b) => a - b)
    }
    const bursty = byDay(jobs)
    expect(bursty[270]!).toBeGreaterThan(10 * Math.max(1, bursty[30]!))
    const even = byDay(jobsOf({ arrival: 'even' }))
    expect(even[299]! - even[0]!).toBeLessThan(5)
    const gaps = jobs.slice(1).map((job, index) => createdAt(job) - createdAt(jobs[index]!))
    expect(gaps.filter((gap) => gap < SECOND / 10).length / gaps.length).toBeGreaterThan(0.2)
  })

  test('a span too short for the jobs is refused, one that just holds them is filled', () => {
    expect(() => jobsOf({ jobs: 11, to: FROM + 10 })).toThrow(RangeError)
    for (const arrival of ['even', 'bursty'] as const) {
      const times = jobsOf({ jobs: 10, to: FROM + 10, arrival }).map((job) =>
        parseInstant(String(job.created_at)),
      )
      expect(times).toEqual(Array.from({ length: 10 }, (_, index) => FROM + index))
    }
  })

  test('the text that is served says the same as the payload', () => {
    const { world } = worldAt(TO)
    generate(world, { seed: 9, jobs: 300, from: FROM, to: TO })
    for (const { shelf, position } of world.list({ filters: {}, direction: 'descending', now: TO })) {
      expect(JSON.parse(shelf.textAt(position, TO))).toEqual(shelf.payloadAt(position, TO))
      const { status, project_id, configuration_id } = shelf.payloadAt(position, TO) as JsonObject
      const traits = { status, projectId: project_id, configurationId: configuration_id }
      expect(shelf.traitsAt(position, TO)).toEqual(traits)
    }
  })

  test('I11: a million jobs are listed from anywhere without walking there', () => {
    const { world } = worldAt(TO)
    generate(world, { seed: 10, jobs: 1_000_000, from: FROM, to: TO })
    let rendered = 0
    const middle = FROM + 150 * DAY
    for (const { shelf, position } of world.list({
      filters: { createdOnOrAfter: middle },
      direction: 'ascending',
      now: TO,
    })) {
      expect(shelf.keyAt(position)).toBeGreaterThanOrEqual(middle)
      expect(position).toBeGreaterThan(400_000)
      if (++rendered === 100) break
    }
    expect(world.size).toBe(1_000_000)
  })
})
