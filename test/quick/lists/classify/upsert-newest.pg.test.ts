import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { at, createJobStore, type JobStore, NONE_WRITTEN, seen } from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

const OPEN = 'RUNNING'
const DONE = 'COMPLETED'

describe('I4: the newest wins', () => {
  test.each([
    // updated_at stored and incoming, then how long after the stored one the incoming observation was made
    ['smaller updated_at, observed later', 5, 4, 1, 'stale'],
    ['smaller updated_at, observed earlier', 5, 4, -1, 'stale'],
    ['smaller updated_at by a microsecond, observed later', 5, 4.999999, 1, 'stale'],
    ['equal updated_at, observed later', 5, 5, 1, 'updated'],
    ['equal updated_at, observed at the same moment', 5, 5, 0, 'updated'],
    ['equal updated_at, observed earlier by a microsecond', 5, 5, -0.000001, 'stale'],
    ['greater updated_at, observed later', 5, 6, 1, 'updated'],
    ['greater updated_at, observed earlier', 5, 6, -1, 'updated'],
    ['no updated_at any more, observed later', 5, null, 1, 'updated'],
    ['no updated_at yet, observed earlier', 5, null, -1, 'stale'],
    ['an updated_at at last, observed later', null, 5, 1, 'updated'],
    ['an updated_at once, observed earlier', null, 5, -1, 'stale'],
    ['updated_at on neither side, observed later', null, null, 1, 'updated'],
    ['updated_at on neither side, observed earlier', null, null, -1, 'stale'],
  ] as const)('%s', async (_, stored, incoming, later, fate) => {
    const updatedAt = (seconds: number | null) => (seconds === null ? null : at(seconds))
    await store.write([seen(100, { status: OPEN, updatedAt: updatedAt(stored) })])
    const written = await store.write([seen(100 + later, { status: DONE, updatedAt: updatedAt(incoming) })])
    const wins = fate === 'updated'
    expect(written).toEqual({ ...NONE_WRITTEN, [fate]: 1, openIds: wins ? [] : ['j1'] })
    expect(await store.job()).toMatchObject({
      status: wins ? DONE : OPEN,
      updated_at: updatedAt(wins ? incoming : stored),
      synced_at: at(wins ? 100 + later : 100),
      first_seen_at: at(100),
    })
    expect(await store.changes()).toHaveLength(wins ? 1 : 0)
  })

  test.each([5, null])(
    'the same content is unchanged, whenever it was observed (updated_at %s)',
    async (u) => {
      const same = { status: OPEN, updatedAt: u === null ? null : at(u) }
      await store.write([seen(100, same)])
      for (const moment of [101, 99, 100]) {
        expect(await store.write([seen(moment, same)])).toEqual({
          ...NONE_WRITTEN,
          unchanged: 1,
          openIds: ['j1'],
        })
      }
      expect(await store.job()).toMatchObject({ synced_at: at(100) })
    },
  )

  test('the same id twice in a batch: the newest is written', async () => {
    const batch = [
      seen(100, { status: OPEN, updatedAt: at(5) }),
      seen(100, { status: DONE, updatedAt: at(6) }),
      seen(100, { status: OPEN, updatedAt: at(5) }),
      seen(100, { status: DONE, updatedAt: at(6) }),
    ]
    expect(await store.write(batch)).toEqual({ ...NONE_WRITTEN, inserted: 1, unchanged: 1, stale: 2 })
    expect(await store.job()).toMatchObject({ status: DONE })
  })
})
