import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import { DEFAULT_ORGANIZATION } from '../../../src/simulator/world.ts'
import { DAY, formatInstant, HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { at, get, idsOf, job, NOON, type Params, simulate, worldAt } from './support.ts'

const OTHER_PROJECT = '33333333-3333-4333-8333-333333333333'

/** Jobs a to f, a minute apart from noon on, and `undated`, of which only a listing without time filters knows. */
async function simulator() {
  const { world, time } = worldAt(NOON + HOUR)
  const fields: JsonObject[] = [
    { status: 'COMPLETED', configuration_id: 'cfg-1' },
    { status: 'FAILED', configuration_id: 'cfg-1' },
    { status: 'RUNNING', configuration_id: 'cfg-2' },
    { status: 'COMPLETED', project_id: OTHER_PROJECT },
    { status: 'CANCELLED', project_id: OTHER_PROJECT, configuration_id: 'cfg-1' },
    { status: 'PENDING' },
  ]
  fields.forEach((values, index) => {
    world.put(job('abcdef'.charAt(index), NOON + index * MINUTE, { fields: values }))
  })
  world.put(job('undated', null))
  return { ...(await simulate({ world })), time }
}

describe('filters', () => {
  test.each<[string, Params, string]>([
    ['none', {}, 'a b c d e f undated'],
    ['status', { status: 'COMPLETED' }, 'a d'],
    ['status without a match', { status: 'FAILED', configuration_id: 'cfg-2' }, ''],
    ['configuration_id', { configuration_id: 'cfg-1' }, 'a b e'],
    ['unknown configuration_id', { configuration_id: 'cfg-9' }, ''],
    ['project_id', { project_id: OTHER_PROJECT }, 'd e'],
    ['project_id in capitals', { project_id: OTHER_PROJECT.toUpperCase() }, 'd e'],
    ['unknown project_id', { project_id: '44444444-4444-4444-8444-444444444444' }, ''],
    ['organization_id', { organization_id: DEFAULT_ORGANIZATION }, 'a b c d e f undated'],
    ['unknown organization_id', { organization_id: OTHER_PROJECT }, ''],
    ['one of job_ids', { job_ids: ['c'] }, 'c'],
    [
      'repeated job_ids, in any order, twice, unknown',
      { job_ids: ['e', 'undated', 'b', 'x', 'b'] },
      'b e undated',
    ],
    ['empty job_ids', { job_ids: '' }, ''],
    [
      'job_ids and a time',
      { job_ids: ['a', 'b', 'c', 'undated'], created_at_on_or_after: '2025-06-04T12:01:00Z' },
      'b c',
    ],
    [
      'all at once',
      {
        status: 'CANCELLED',
        configuration_id: 'cfg-1',
        project_id: OTHER_PROJECT,
        job_ids: ['d', 'e'],
        created_at_on_or_before: '2025-06-04T12:04:00Z',
      },
      'e',
    ],
    ['unknown parameters', { sort: 'created_at', order: 'desc' }, 'a b c d e f undated'],
  ])('%s', async (_, params, expected) => {
    expect(idsOf(await get(await simulator(), params)).join(' ')).toBe(expected)
  })

  test('time filters are inclusive to the microsecond, on both sides', async () => {
    const running = await simulator()
    const list = async (params: Params) => idsOf(await get(running, params)).join('')
    const minute = (index: number, more: number) => formatInstant(NOON + index * MINUTE + more)
    expect(await list({ created_at_on_or_after: minute(3, -1) })).toBe('def')
    expect(await list({ created_at_on_or_after: minute(3, 0) })).toBe('def')
    expect(await list({ created_at_on_or_after: minute(3, 1) })).toBe('ef')
    expect(await list({ created_at_on_or_before: minute(3, -1) })).toBe('abc')
    expect(await list({ created_at_on_or_before: minute(3, 0) })).toBe('abcd')
    expect(await list({ created_at_on_or_before: minute(3, 1) })).toBe('abcd')
    expect(await list({ created_at_on_or_after: minute(2, 0), created_at_on_or_before: minute(2, 0) })).toBe(
      'c',
    )
    expect(await list({ created_at_on_or_after: minute(2, 1), created_at_on_or_before: minute(2, 0) })).toBe(
      '',
    )
  })

  test('A11: a job without created_at is found without time filters only, one in 2099 with them too', async () => {
    const running = await simulator()
    running.world.put(job('absurd', at('2099-01-01T00:00:00Z'), { visibleAt: NOON }))
    const list = async (params: Params) => idsOf(await get(running, params)).join(' ')
    expect(await list({})).toBe('a b c d e f absurd undated')
    expect(await list({ created_at_on_or_after: '0001-01-01T00:00:00Z' })).toBe('a b c d e f absurd')
    expect(await list({ created_at_on_or_before: '9999-12-31T23:59:59Z' })).toBe('a b c d e f absurd')
    expect(await list({ created_at_on_or_after: '2098-12-31T23:00:00-02:00' })).toBe('')
    expect(await list({ created_at_on_or_after: '2098-12-31T23:00:00-01:00' })).toBe('absurd')
  })

  test('a time may carry any offset, or none, which is UTC', async () => {
    const running = await simulator()
    for (const noon of [
      '2025-06-04T12:00:00',
      '2025-06-04T14:00:00+02:00',
      '2025-06-04T06:30:00.000000-05:30',
    ]) {
      expect(idsOf(await get(running, { created_at_on_or_before: noon }))).toEqual(['a'])
    }
  })
})

describe('refusals', () => {
  test.each<[string, string | number, string]>([
    ['page_size', 0, 'greater_than_equal'],
    ['page_size', 101, 'less_than_equal'],
    ['page_size', 'ten', 'int_parsing'],
    ['page_size', '1.5', 'int_parsing'],
    ['page_size', '', 'int_parsing'],
    ['status', 'DONE', 'literal_error'],
    ['status', 'completed', 'literal_error'],
    ['project_id', 'default', 'uuid_parsing'],
    ['organization_id', '', 'uuid_parsing'],
    ['created_at_on_or_after', 'yesterday', 'datetime_from_date_parsing'],
    ['created_at_on_or_before', '2025-02-30T00:00:00Z', 'datetime_from_date_parsing'],
  ])('422 for %s=%s', async (name, input, type) => {
    const { status, body } = await get(await simulator(), { [name]: input })
    expect(status).toBe(422)
    expect(body).toEqual({
      detail: [expect.objectContaining({ type, loc: ['query', name], input: String(input) })],
    })
  })

  test('422 names every parameter that is wrong', async () => {
    const { body } = await get(await simulator(), { status: 'x', page_size: -1, project_id: 'y' })
    const wrong = (body.detail as JsonObject[]).map(({ loc }) => (loc as string[])[1])
    expect(wrong.sort()).toEqual(['page_size', 'project_id', 'status'])
  })

  test('401 without a key, with a wrong one and with another scheme', async () => {
    const running = await simulator()
    const key = running.settings.apiKey
    for (const headers of [{}, { authorization: `Bearer ${key}x` }, { authorization: `Basic ${key}` }]) {
      const { status, body } = await get(running, { page_size: 0 }, headers)
      expect([status, body]).toEqual([401, { detail: 'Invalid API Key. Please check your region' }])
    }
    running.settings.apiKey = 'rotated'
    expect((await get(running, {}, { authorization: `Bearer ${key}` })).status).toBe(401)
    expect((await get(running)).status).toBe(200)
  })

  test('404 for another path, 405 for another method', async () => {
    const { url } = await simulator()
    const statusOf = async (path: string, method = 'GET') => (await fetch(url + path, { method })).status
    expect(await statusOf('/api/v2/classify/a/b')).toBe(404)
    expect(await statusOf('/')).toBe(404)
    expect(await statusOf('//')).toBe(404)
    expect(await statusOf('/api/v2/classify', 'POST')).toBe(405)
    expect(await statusOf('/api/v2/classify', 'HEAD')).toBe(405)
  })
})

describe('answers', () => {
  test('a page has ten items unless page_size says otherwise', async () => {
    const { world } = worldAt(NOON + DAY)
    generate(world, { seed: 1, jobs: 150, from: NOON, to: NOON + HOUR })
    const running = await simulate({ world })
    expect(idsOf(await get(running))).toHaveLength(10)
    expect(idsOf(await get(running, { page_size: 1 }))).toHaveLength(1)
    expect(idsOf(await get(running, { page_size: 100 }))).toHaveLength(100)
  })

  test('the items are the jobs as the world has them now', async () => {
    const running = await simulator()
    generate(running.world, { seed: 1, jobs: 20, from: NOON, to: NOON + HOUR })
    const { body } = await get(running, { page_size: 100 })
    expect(body).toEqual({ items: [...running.world.all()], next_page_token: null, total_size: null })
    running.world.patch('a', { status: 'FAILED' })
    running.world.remove('b')
    running.time.now += SECOND
    const after = await get(running, { page_size: 100 })
    expect(after.body.items).toEqual([...running.world.all()])
    expect(after.body.items).not.toEqual(body.items)
  })

  test('A10: what JSON can hold arrives unharmed', async () => {
    const { world } = worldAt(NOON)
    const payload = {
      id: 'a',
      text: '\u0000\ud800"\\\u2028é',
      deep: [{ __proto__: null }],
      big: 1e300,
      status: 5,
    }
    world.put({ id: 'a', createdAt: NOON, payload }, { id: 'b', createdAt: NOON, payload: null })
    const { body } = await get(await simulate({ world }))
    expect(body.items).toEqual([payload, null])
  })

  test('A14: the Date header is the clock of the world, in whole seconds', async () => {
    const running = await simulator()
    running.time.now = at('2031-02-03T04:05:06.999999Z')
    expect((await get(running)).headers.get('date')).toBe('Mon, 03 Feb 2031 04:05:06 GMT')
    expect((await get(running, {}, {})).headers.get('date')).toBe('Mon, 03 Feb 2031 04:05:06 GMT')
  })

  test('requests are logged and counted', async () => {
    const { requests, ...running } = await simulator()
    await get({ ...running, requests }, { job_ids: ['a', 'b'] })
    await get({ ...running, requests }, {}, {})
    expect(requests.entries.map(({ path, status, items }) => [path, status, items])).toEqual([
      ['/api/v2/classify', 200, 2],
      ['/api/v2/classify', 401, undefined],
    ])
    expect(requests.entries[0]?.query.getAll('job_ids')).toEqual(['a', 'b'])
    expect([requests.total, requests.byStatus]).toEqual([2, { 200: 1, 401: 1 }])
    requests.reset()
    expect([requests.total, requests.byStatus, requests.entries]).toEqual([0, {}, []])
  })
})
