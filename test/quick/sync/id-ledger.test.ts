import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdLedger } from '../../../src/sync/id-ledger.ts'

/** Ids of a small pool, so that they repeat. */
const ids = fc.array(
  fc.integer({ min: 0, max: 30 }).map((number) => `cls-${number}`),
  { maxLength: 60 },
)

function countOf(list: readonly string[], id: string): number {
  return list.filter((each) => each === id).length
}

test('an id balances exactly when it came as often on both sides', () => {
  fc.assert(
    fc.property(ids, ids, (added, subtracted) => {
      const ledger = new IdLedger()
      for (const id of added) ledger.add(id)
      for (const id of subtracted) ledger.subtract(id)
      // These 31 ids are all in buckets of their own.
      for (const id of new Set([...added, ...subtracted])) {
        expect(ledger.isSuspect(id)).toBe(countOf(added, id) !== countOf(subtracted, id))
      }
    }),
  )
})

test('the order, also of adding and subtracting, does not matter', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 }).map(String)), {
    maxLength: 60,
  })
  const shuffled = steps.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  const suspects = (list: readonly (readonly [boolean, string])[]) => {
    const ledger = new IdLedger()
    for (const [isAdded, id] of list) isAdded ? ledger.add(id) : ledger.subtract(id)
    return list.map(([, id]) => id).filter((id) => ledger.isSuspect(id))
  }
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      expect(new Set(suspects(other))).toEqual(new Set(suspects(list)))
    }),
  )
})

test('I11: of many ids, all that are on one side only are suspects, and hardly any other', () => {
  const ledger = new IdLedger()
  const all = Array.from({ length: 50_000 }, (_, index) => `cls-${index}`)
  for (const id of all) ledger.add(id)
  const missing = new Set(all.filter((_, index) => index % 5_000 === 0))
  for (const id of all.toReversed()) if (!missing.has(id)) ledger.subtract(id)
  const suspects = all.filter((id) => ledger.isSuspect(id))
  expect(suspects).toEqual(expect.arrayContaining([...missing]))
  expect(suspects.length).toBeLessThan(missing.size + 50)
})
