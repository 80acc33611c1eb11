import { describe, expect, test } from 'vitest'
import type { Job } from '../../../../src/simulator/job.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../../support/compare.ts'
import { createHarness, type Harness } from '../../../support/harness.ts'
import { idsAskedFor, isOfSpan, statusesOf } from '../../../support/sync-tables.ts'

const RESULT = { confidence: 0.9, reasoning: 'it has a total', type: 'invoice' }

/** A job that is created now and completes so much later. */
function slow({ now }: Harness, id: string, after: number, createdAt = now()): Job {
  return { id, createdAt, steps: [{ at: now() + after, changes: { status: 'COMPLETED', result: RESULT } }] }
}

const asked = ({ api }: Harness) => api.requests.entries.flatMap((request) => idsAskedFor(request) ?? [])

describe('open jobs', () => {
  test('I8, A6: a job that ends long after any look-back is asked for by id, and no span is read again for it', async () => {
    const harness = await createHarness()
    const { world, sync, advance, api, database } = harness
    for (let index = 0; index < 30; index += 1)
      world.put(slow(harness, `slow-${index}`, 20 * DAY + index * HOUR))
    await sync()
    // Out of the reach of the head, which ends at its newest job.
    advance(10 * MINUTE)
    world.put(slow(harness, 'newest', 0))
    await sync()
    for (let day = 0; day < 24; day += 1) {
      const before = Object.entries(await statusesOf(database))
      const open = before.filter(([, status]) => status === 'PENDING').map(([id]) => id)
      advance(DAY)
      api.requests.reset()
      await sync()
      // On the first day the head still looks back upon them.
      if (day > 0) expect(asked(harness)).toEqual(expect.arrayContaining(open))
      expect(new Set(asked(harness)).size).toBe(asked(harness).length)
      // Spans are read again at an hour and a day; the empty ones a day later once more.
      if (day > 3) expect(api.requests.entries.filter(({ query }) => isOfSpan(query))).toEqual([])
      expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    }
    expect(new Set(Object.values(await statusesOf(database)))).toEqual(new Set(['COMPLETED']))
    const { rows } = await database.pool.query('select distinct result_type from llamacloud.classify_jobs')
    expect(rows).toEqual([{ result_type: RESULT.type }])
  })

  test('I11, A14: each is asked for once a cycle, also where the clock of the API is set back meanwhile', async () => {
    const harness = await createHarness()
    const { world, sync, advance, api, now, worker } = harness
    for (let index = 0; index < 50; index += 1)
      world.put({ id: `open-${index}`, createdAt: now() - 10 * MINUTE })
    await sync()
    advance(10 * MINUTE)
    api.requests.reset()
    // The requests are counted before they are answered: the first question by id shows the clock that was set back.
    const setBack = () => (asked(harness).length > 0 ? 5 * MINUTE : 0)
    const mostRequests = 10
    api.settings.intercept = () => {
      if (api.requests.total > mostRequests) throw new Error('it asks without end')
      return undefined
    }
    await sync(worker({ apiClock: { now: () => now() - setBack() } }))
    expect(asked(harness).toSorted()).toEqual(
      [...world.all()].map((job) => (job as { id: string }).id).toSorted(),
    )
  })

  test('a job that is stuck is asked for ever more rarely', async () => {
    const harness = await createHarness()
    const { world, sync, advance, api } = harness
    world.put({ id: 'stuck', createdAt: harness.now() })
    // The newest job is in the head, which begins there.
    world.put({ id: 'newest', createdAt: harness.now() + MINUTE, fields: { status: 'COMPLETED' } })
    advance(MINUTE)
    const cycles = [...Array(48).fill(30 * MINUTE), ...Array(58).fill(3 * HOUR), ...Array(21).fill(DAY)]
    await sync()
    for (const step of cycles) {
      advance(step)
      await sync()
    }
    // Every half hour up to 5 h; a tenth of the age apart up to 60 h; not before 6 h have passed from then on.
    const bound = 10 + Math.ceil(Math.log(12) / Math.log(1.1)) + Math.ceil((8 * 24 - 60) / 6) + 21
    const times = asked(harness).filter((id) => id === 'stuck').length
    expect(times).toBeLessThanOrEqual(bound)
    expect(times).toBeGreaterThan(bound / 2)
    // Beside these: the head of each cycle, the oldest jobs once a day, and the spans at an hour and a day.
    expect(api.requests.total).toBeLessThanOrEqual(times + cycles.length + 30 + 10)
  })

  test('I8: old open jobs fill up the last request of each cycle, and get one of their own when the head takes three', async () => {
    const harness = await createHarness({ run: { pageSize: 10 } })
    const { world, sync, advance, now } = harness
    // Known for 5 days, due every 6 hours; and one known for 20 minutes, due in every cycle.
    const old = Array.from({ length: 150 }, (_, index) => `old-${index}`)
    for (const id of old) world.put({ id, createdAt: now() })
    await sync()
    for (const step of [HOUR, 5 * DAY]) {
      advance(step)
      await sync()
    }
    world.put({ id: 'young', createdAt: now() })
    await sync()
    advance(10 * MINUTE)
    world.put({ id: 'newest', createdAt: now(), fields: { status: 'COMPLETED' } })
    await sync()
    advance(10 * MINUTE)
    await sync()
    const askedNext = async (step: number) => {
      advance(step)
      harness.api.requests.reset()
      await sync()
      return asked(harness)
    }
    const filled = await askedNext(5 * MINUTE)
    expect(filled).toHaveLength(100)
    expect(filled).toContain('young')
    // Nothing is due a second later, and what was just seen is not asked for again.
    expect(await askedNext(SECOND)).toEqual([])
    for (let index = 0; index < 60; index += 1) world.put({ id: `new-${index}`, createdAt: now() })
    // The head takes six or seven requests of 10 jobs, so two may go to the others.
    const all = await askedNext(5 * MINUTE)
    const known = all.filter((id) => id.startsWith('new-'))
    expect(all.filter((id) => !known.includes(id)).toSorted()).toEqual([...old, 'young'].toSorted())
    // Each with one that the head has just shown.
    expect(known).toHaveLength(2)
  })

  test('what the head has shown in a cycle is not asked for again in it, also by a worker that just started', async () => {
    const harness = await createHarness()
    const { world, sync, advance, api, now } = harness
    for (let index = 0; index < 250; index += 1) world.put({ id: `j${index}`, createdAt: now() - index })
    await sync(harness.worker())
    advance(3 * MINUTE)
    api.requests.reset()
    await sync(harness.worker())
    advance(10 * MINUTE)
    await sync(harness.worker())
    expect(asked(harness)).toEqual([])
    advance(10 * MINUTE)
    await sync(harness.worker())
    // Now that they lie before the overlap: each once, and in each request the newest, which the head begins with.
    const others = Array.from({ length: 249 }, (_, index) => `j${index + 1}`)
    expect(asked(harness).toSorted()).toEqual([...others, 'j0', 'j0', 'j0'].toSorted())
    expect(api.requests.entries.filter(idsAskedFor)).toHaveLength(3)
  })

  test('I11: a job that the tables lost is stored again, and the cycle ends', async () => {
    const harness = await createHarness()
    const { world, sync, advance, database } = harness
    world.put(slow(harness, 'lost', HOUR))
    advance(MINUTE)
    await sync()
    await database.pool.query('delete from llamacloud.classify_jobs')
    advance(2 * HOUR)
    await sync()
    expect(await statusesOf(database)).toEqual({ lost: 'COMPLETED' })
    const { rows } = await database.pool.query('select * from llamacloud_sync.rechecks')
    expect(rows).toEqual([])
  })
})
