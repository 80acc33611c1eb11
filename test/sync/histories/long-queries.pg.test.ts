import { expect, test } from 'vitest'
import { HOUR, MILLISECOND, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { cycles, failures, quarantinedIds, runOnce } from './support.ts'

const JOBS = 600

/** What firewalls allow by default. */
const LONGEST_QUERY = 2_048

test.each([403, 414])(
  'I8, I11, I12: a firewall answers queries of more than 2 KB with %s: fewer ids are asked for at a time, and all jobs finish',
  async (status) => {
    const harness = await createHarness()
    const { world, now, api, database } = harness
    const steps = [{ at: now() + 20 * MINUTE, changes: { status: 'COMPLETED' } }]
    for (let index = 0; index < JOBS; index += 1) {
      const id = `clj-${String(index).padStart(36, '0')}`
      world.put({ id, createdAt: now() - HOUR + index * MILLISECOND, fields: { status: 'RUNNING' }, steps })
    }
    api.settings.intercept = ({ url }) =>
      url.search.length > LONGEST_QUERY ? { kind: 'status', status, body: '<h1>Blocked</h1>' } : undefined
    const ran = await cycles(harness, { during: HOUR })
    expect(failures(ran)).toEqual([])
    expect(await quarantinedIds(database)).toEqual([])
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    // Some 32 ids a query. The length that is allowed is looked for once.
    const [, , ...later] = ran.map(({ requests }) => requests)
    expect(Math.max(...later)).toBeLessThanOrEqual(2 + Math.ceil(JOBS / 24))
  },
)

test('I12: the key is refused while jobs are asked for by id: the run fails for it', async () => {
  const harness = await createHarness()
  const { world, now, api } = harness
  for (const id of ['one', 'two']) world.put({ id, createdAt: now() - HOUR, fields: { status: 'RUNNING' } })
  await runOnce(harness)
  api.settings.intercept = ({ query }) =>
    query.has('job_ids') ? { kind: 'status', status: 403, body: '{"detail":"Forbidden"}' } : undefined
  harness.advance(HOUR)
  expect(String((await runOnce(harness)).error)).toContain('refused LLAMA_CLOUD_API_KEY (403: Forbidden)')
})

test('I11: long queries fail for a while, as an API under load does: later as many ids are asked for at a time as before', async () => {
  const harness = await createHarness()
  const { world, now, api, database } = harness
  for (let index = 0; index < JOBS; index += 1) {
    const id = `clj-${String(index).padStart(36, '0')}`
    world.put({ id, createdAt: now() - HOUR + index * MILLISECOND, fields: { status: 'RUNNING' } })
  }
  await cycles(harness, { during: 10 * MINUTE })
  api.settings.intercept = ({ url }) =>
    url.search.length > LONGEST_QUERY ? { kind: 'status', status: 503, body: 'overloaded' } : undefined
  await cycles(harness, { during: 10 * MINUTE })
  api.settings.intercept = undefined
  harness.advance(6 * HOUR)
  api.requests.reset()
  await runOnce(harness)
  const asked = api.requests.entries.map(({ query }) => query.getAll('job_ids').length)
  expect(Math.max(...asked)).toBe(100)
  expect(await quarantinedIds(database)).toEqual([])
})
