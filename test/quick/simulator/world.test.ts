import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { Job } from '../../../src/simulator/job.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import type { World } from '../../../src/simulator/world.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { at, job, NOON, worldAt } from './support.ts'

function ids(world: World): unknown[] {
  return [...world.all()].map((payload) => (payload as JsonObject).id)
}

describe('a world over time', () => {
  test('a job appears at its created_at, not a microsecond before', () => {
    const { world, time } = worldAt(NOON - 1)
    world.put(job('a', NOON))
    expect([world.get('a'), world.size, ids(world)]).toEqual([undefined, 0, []])
    time.now = NOON
    expect(world.get('a')).toMatchObject({
      id: 'a',
      created_at: '2025-06-04T12:00:00.000000Z',
      status: 'PENDING',
    })
    expect([world.size, ids(world)]).toEqual([1, ['a']])
  })

  test('A15, A18, A20: what a rule hides shows neither in lists nor by id, for as long as it says so', () => {
    const { world, time } = worldAt(NOON)
    generate(world, { seed: 1, jobs: 3, from: NOON - HOUR, to: NOON, projectId: 'another' })
    world.put(job('a', NOON - 2 * HOUR), job('undated', null))
    const all = ids(world)
    world.hide(({ projectId }, now) => now <= NOON && projectId() === 'another')
    expect(ids(world)).toEqual(['a', 'undated'])
    expect([world.size, world.get(String(all[1]))]).toEqual([2, undefined])
    world.hide(({ createdAt }, now) => createdAt < now - HOUR)
    expect(ids(world)).toEqual(['undated'])
    time.now++
    expect(ids(world)).toEqual(all.slice(1))
    expect(world.get(String(all[1]))).toBeDefined()
  })

  test('A7: a job may become visible later than its created_at, or before it', () => {
    const { world, time } = worldAt(NOON + MINUTE - 1)
    world.put(
      job('late', NOON, { visibleAt: NOON + MINUTE }),
      job('early', at('2099-01-01T00:00:00Z'), { visibleAt: 0 }),
    )
    expect(ids(world)).toEqual(['early'])
    time.now++
    expect(ids(world)).toEqual(['late', 'early'])
  })

  test('A6: planned steps change a job and its updated_at when their time comes', () => {
    const { world, time } = worldAt(NOON)
    const steps = [
      { at: NOON + SECOND, changes: { status: 'RUNNING' } },
      {
        at: NOON + MINUTE,
        changes: { status: 'COMPLETED', result: { type: null, confidence: 0, reasoning: '' } },
      },
    ]
    world.put(job('a', NOON, { steps }))
    expect(world.get('a')).toMatchObject({
      status: 'PENDING',
      updated_at: '2025-06-04T12:00:00.000000Z',
      result: null,
    })
    time.now = NOON + MINUTE - 1
    expect(world.get('a')).toMatchObject({ status: 'RUNNING', updated_at: '2025-06-04T12:00:01.000000Z' })
    time.now = NOON + MINUTE
    expect(world.get('a')).toMatchObject({
      status: 'COMPLETED',
      updated_at: '2025-06-04T12:01:00.000000Z',
      result: {},
    })
  })

  test('a patch holds from now on and moves updated_at unless it names it', () => {
    const { world, time } = worldAt(NOON)
    world.put(job('a', NOON - HOUR, { steps: [{ at: NOON + HOUR, changes: { status: 'FAILED' } }] }))
    world.patch('a', { status: 'RUNNING', new_field: [1] })
    expect(world.get('a')).toMatchObject({
      status: 'RUNNING',
      new_field: [1],
      updated_at: '2025-06-04T12:00:00.000000Z',
    })
    time.now++
    world.patch('a', { user_id: undefined, updated_at: 'never' })
    expect(world.get('a')).toMatchObject({ status: 'RUNNING', updated_at: 'never' })
    expect(world.get('a')).not.toHaveProperty('user_id')
    time.now = NOON + HOUR
    expect(world.get('a')).toMatchObject({ status: 'FAILED', updated_at: '2025-06-04T13:00:00.000000Z' })
  })

  test('a patch of what a job is filed by, and edits of jobs that are not there, are refused', () => {
    const { world } = worldAt(NOON)
    world.put(job('a', NOON))
    expect(() => world.patch('a', { created_at: null })).toThrow(TypeError)
    expect(() => world.patch('a', { id: 'b' })).toThrow(TypeError)
    for (const edit of [() => world.patch('b', {}), () => world.remove('b'), () => world.restore('b')]) {
      expect(edit).toThrow('there is no job b')
    }
  })

  test('A8: a removed job is gone everywhere until it is restored', () => {
    const { world, time } = worldAt(NOON)
    world.put(job('a', NOON), job('b', NOON), job('c', NOON, { deletedAt: NOON + SECOND }))
    world.remove('a')
    expect([ids(world), world.size, world.get('a')]).toEqual([['b', 'c'], 2, undefined])
    world.restore('a')
    world.restore('c')
    expect(ids(world)).toEqual(['a', 'b', 'c'])
    time.now = NOON + SECOND
    expect(ids(world)).toEqual(['a', 'b'])
    world.restore('c')
    expect(ids(world)).toEqual(['a', 'b', 'c'])
  })

  test('jobs put in any order are kept by created_at and id, those without created_at last', () => {
    const { world } = worldAt(NOON)
    world.put(job('z', null), job('c', NOON), job('a', NOON), job('b', NOON - 1), job('y', null))
    expect(ids(world)).toEqual(['b', 'a', 'c', 'y', 'z'])
    world.put(job('c', NOON - 2), job('a', NOON, { fields: { status: 'WAITING' } }))
    expect(ids(world)).toEqual(['c', 'b', 'a', 'y', 'z'])
    expect(world.get('a')).toMatchObject({ status: 'WAITING' })
  })

  test('A9, A10: a payload may be any JSON, also a function of the time', () => {
    const { world, time } = worldAt(NOON)
    const payloads: Job['payload'][] = [
      null,
      'text',
      [1],
      { no: 'id' },
      { id: 5, status: {}, created_at: 'soon', text: '\u0000 \ud800' },
      (now) => ({ id: 'f', ticks: now - NOON }),
    ]
    payloads.forEach((payload, index) => {
      world.put({ id: `job-${index}`, createdAt: NOON, ...(payload === undefined ? {} : { payload }) })
    })
    time.now++
    expect([...world.all()]).toEqual([...payloads.slice(0, 5), { id: 'f', ticks: 1 }])
    world.patch('job-5', { more: true, updated_at: undefined })
    expect(world.get('job-5')).toEqual({ id: 'f', ticks: 1, more: true })
  })
})

describe('a world of generated jobs', () => {
  const options = { seed: 1, jobs: 200, from: NOON, to: NOON + HOUR }

  test('jobs appear as the clock moves, merged with those put by hand', () => {
    const { world, time } = worldAt(NOON - 1)
    generate(world, options)
    generate(world, { ...options, seed: 2 })
    world.put(job('mine', NOON + HOUR / 2))
    expect([world.size, ids(world).length]).toEqual([0, 0])
    time.now = NOON + HOUR
    const created = [...world.all()].map((payload) => (payload as JsonObject).created_at)
    expect([world.size, created.length]).toEqual([401, 401])
    expect(created).toEqual(created.toSorted())
    expect(ids(world)).toContain('mine')
  })

  test('A7: a share of them becomes visible late', () => {
    const { world, time } = worldAt(NOON + HOUR)
    generate(world, { ...options, fate: { lateShare: 0.5, lateBy: 10 * HOUR } })
    expect(world.size).toBeGreaterThan(90)
    expect(world.size).toBeLessThan(140)
    expect(ids(world)).toHaveLength(world.size)
    time.now = NOON + 11 * HOUR
    expect(world.size).toBe(200)
  })

  test('they can be patched, removed, restored and replaced like any other', () => {
    const { world, time } = worldAt(NOON + HOUR)
    generate(world, options)
    const [first, second, third] = ids(world) as [string, string, string]
    const before = ids(world)
    world.patch(first, { status: 'THROTTLED' })
    expect(world.get(first)).toMatchObject({
      id: first,
      status: 'THROTTLED',
      updated_at: '2025-06-04T13:00:00.000000Z',
    })
    expect(ids(world)).toEqual(before)
    world.remove(second)
    expect([world.get(second), world.size]).toEqual([undefined, 199])
    world.restore(second)
    expect(ids(world)).toEqual(before)
    world.put(job(third, NOON))
    expect([world.size, ids(world)[0]]).toEqual([200, third])
    time.now = NOON - 1
    expect([world.size, world.get(first), world.get(second)]).toEqual([0, undefined, undefined])
  })

  test('the same seed twice in one world is refused', () => {
    const { world } = worldAt(NOON)
    generate(world, options)
    expect(() => generate(world, options)).toThrow('another one')
  })
})
