import { expect, test } from 'vitest'
import type { Fault } from '../../../src/simulator/faults.ts'
import { loadSourceStates } from '../../../src/store/source-state.ts'
import { syncOnce } from '../../../src/sync/cycle.ts'
import type { Source } from '../../../src/sync/source.ts'
import { HOUR, MINUTE } from '../../../src/values/instant.ts'
import { isRefusedWhole } from '../../../src/worker/one-pass.ts'
import { createHarness, type Harness } from '../../support/harness.ts'

const refusal = (status: number, detail: string): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ detail }),
})

/** A source of which another list of its scope is read as well. */
async function oneOfMany(answer: Fault): Promise<Harness & { readonly among: Source }> {
  const harness = await createHarness({ simulator: { intercept: () => answer } })
  return { ...harness, among: harness.worker({ isOneOfMany: true }) }
}

/** Notes that a worker has just read the other list. */
const readOther = ({ database, source }: Harness) =>
  database.pool.query(
    `insert into llamacloud_sync.sources (name, list, base_url, last_success_at)
    values ('other', 'other', $1, clock_timestamp())
    on conflict (name) do update set last_success_at = excluded.last_success_at`,
    [source.scope.baseUrl],
  )

const sync = (source: Source) =>
  syncOnce(source, { signal: new AbortController().signal, maxRuntimeMs: null })

test.each([
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [400, 'This organization has no access to the product'],
])('I12: a list that may not be read (%i) is said once, and is no failure', async (status, detail) => {
  const harness = await oneOfMany(refusal(status, detail))
  const first = await sync(harness.among)
  expect(first).toMatchObject({ outcome: 'denied', denied: expect.stringContaining(detail) })
  expect(await sync(harness.among)).toMatchObject({ outcome: 'denied', denied: null })
})

test('I12: while other lists are read it costs a request an hour, and is found to be readable within that', async () => {
  const harness = await oneOfMany(refusal(403, 'Forbidden'))
  const { among, api, advance, database } = harness
  await sync(among)
  const asked = api.requests.total
  advance(MINUTE)
  await readOther(harness)
  expect(await sync(among)).toMatchObject({ outcome: 'denied', denied: null, requests: 0 })
  expect(api.requests.total).toBe(asked)
  expect(await loadSourceStates(database.pool, [among.name])).toMatchObject([{ denied: true }])
  api.settings.intercept = undefined
  advance(HOUR)
  await readOther(harness)
  expect(await sync(among)).toMatchObject({ outcome: 'succeeded' })
  expect(await loadSourceStates(database.pool, [among.name])).toMatchObject([{ denied: false }])
})

test('a key that is refused for every list is asked for in each cycle: it may be replaced at any time', async () => {
  const harness = await oneOfMany(refusal(403, 'Forbidden'))
  const { among, api, database } = harness
  const end = { source: among, used: among.usage(), result: await sync(among) }
  expect(await loadSourceStates(database.pool, [among.name])).toMatchObject([{ denied: false }])
  expect(isRefusedWhole([end])).toBe(true)
  const other = { ...end, source: { ...among, scope: { ...among.scope, list: 'other' } } }
  expect(isRefusedWhole([end, other])).toBe(true)
  expect(isRefusedWhole([end, { ...other, result: { ...end.result, outcome: 'succeeded' } }])).toBe(false)
  api.settings.intercept = undefined
  expect(await sync(among)).toMatchObject({ outcome: 'succeeded' })
})

test.each([
  [401, 'Invalid API Key'],
  [400, 'Bad filter'],
  [422, 'Unprocessable'],
])('%i is a failure as before', async (status, detail) => {
  const { among } = await oneOfMany(refusal(status, detail))
  await expect(sync(among)).rejects.toThrow(detail)
})

test('a list that is the only one, and one that was read in the same run, are refused as before', async () => {
  const { harness } = { harness: await oneOfMany(refusal(403, 'Forbidden')) }
  await expect(harness.sync()).rejects.toThrow('Forbidden')
  let requests = 0
  harness.api.settings.intercept = () => {
    requests += 1
    return requests > 1 ? refusal(403, 'Forbidden') : undefined
  }
  await expect(sync(harness.among)).rejects.toThrow('Forbidden')
})
