import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SECOND } from '../../../../src/values/instant.ts'
import { at, createJobStore, type JobStore, NONE_WRITTEN, OVERLAP, seen } from './job-store.ts'

let store: JobStore
beforeAll(async () => {
  store = await createJobStore()
})
beforeEach(() => store.clear())
afterAll(() => store.database.drop())

const OPEN = 'RUNNING'
const DONE = 'COMPLETED'
/** Twice the overlap, seconds. */
const FAR = (2 * OVERLAP) / SECOND

describe('I4: the newest wins', () => {
  const updatedAt = (seconds: number | null) => (seconds === null ? null : at(seconds))

  /** Each as status and updated_at. The incoming observation was made so long after the stored one. */
  type Look = readonly [status: string | null, updatedAt: number | null]

  async function expectFate(stored: Look, incoming: Look, later: number, fate: string): Promise<void> {
    await store.write([seen(10_000, { status: stored[0], updatedAt: updatedAt(stored[1]) })])
    const observed = 10_000 + later
    const written = await store.write([
      seen(observed, { status: incoming[0], updatedAt: updatedAt(incoming[1]) }),
    ])
    const wins = fate === 'updated'
    // A change keeps apart from the moment of the insert.
    const observedAs = later === 0 ? observed + 0.000001 : observed
    const [status, stands] = wins ? incoming : stored
    expect(written).toEqual({ ...NONE_WRITTEN, [fate]: 1, openIds: status === DONE ? [] : ['j1'] })
    expect(await store.job()).toMatchObject({
      status,
      updated_at: updatedAt(stands),
      synced_at: at(wins ? observedAs : 10_000),
      first_seen_at: at(10_000),
    })
    expect(await store.changes()).toHaveLength(wins ? 1 : 0)
  }

  test.each([
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
    ['smaller updated_at, observed twice the overlap later', 5, 4, FAR, 'stale'],
    ['greater updated_at, observed twice the overlap earlier', 5, 6, -FAR, 'updated'],
    ['A16: smaller updated_at, observed later than that', 5, 4, FAR + 0.000001, 'updated'],
    ['A16: greater updated_at, observed earlier than that', 5, 6, -FAR - 0.000001, 'stale'],
    ['A16: smaller updated_at, observed a month later', 5, 4, 30 * 86_400, 'updated'],
    ['updated_at on neither side, observed long before', null, null, -30 * 86_400, 'stale'],
  ] as const)('%s', async (_, stored, incoming, later, fate) => {
    await expectFate([OPEN, stored], ['PENDING', incoming], later, fate)
  })

  test.each([
    ['A16: ended, observed later', [OPEN, 5], [DONE, 4], 1, 'updated'],
    ['ended, its status unknown before', [null, 5], [DONE, 4], 1, 'updated'],
    ['ended, but observed earlier, with a smaller updated_at', [OPEN, 5], [DONE, 4], -1, 'stale'],
    ['ended, but observed at the same moment, with a smaller updated_at', [OPEN, 5], [DONE, 4], 0, 'stale'],
    ['ended, observed earlier, with a greater updated_at', [OPEN, 5], [DONE, 6], -1, 'updated'],
    ['A16: open when it was observed before it ended', [DONE, 5], [OPEN, 6], -1, 'stale'],
    ['of no status when it was observed before it ended', [DONE, 5], [null, 6], -1, 'stale'],
    ['open again, observed later', [DONE, 5], [OPEN, 6], 1, 'updated'],
    ['open, observed later, with a smaller updated_at', [DONE, 5], [OPEN, 4], 1, 'stale'],
    ['ended otherwise, observed later, with a smaller updated_at', [DONE, 5], ['FAILED', 4], 1, 'stale'],
    ['open, observed long after', [DONE, 5], [OPEN, 4], FAR + 1, 'updated'],
  ] as const)('%s', async (_, stored, incoming, later, fate) => {
    await expectFate(stored, incoming, later, fate)
  })

  test.each([
    ['no overlap', 0, 0.000001],
    ['the longest overlap', 7 * 86_400, 14 * 86_400 + 1],
  ] as const)(
    '%s: the later of two observations wins that are further apart than twice the overlap',
    async (_, overlapSeconds, later) => {
      const overlap = overlapSeconds * SECOND
      await store.write([seen(100, { status: OPEN, updatedAt: at(5) })], { overlap })
      const again = (seconds: number) => seen(100 + seconds, { status: OPEN, updatedAt: at(4) })
      expect(await store.write([again(2 * overlapSeconds)], { overlap })).toMatchObject({ stale: 1 })
      expect(await store.write([again(later)], { overlap })).toMatchObject({ updated: 1 })
    },
  )

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
