import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ApiProtocolError,
  ApiRefusedError,
  ApiRequestError,
  ApiThrottledError,
  ApiUnavailableError,
  DatabaseError,
  FilterIgnoredError,
  LeaseLostError,
  WrongProjectError,
} from '../../../src/errors.ts'
import { bisect, failureOf, mayBeOfOne } from '../../../src/sync/isolation.ts'

function halved(ids: readonly number[]): (readonly number[])[] {
  const middle = Math.ceil(ids.length / 2)
  return ids.length < 2 ? [] : [ids.slice(0, middle), ids.slice(middle)]
}

async function isolated(batches: readonly (readonly number[])[], culprits: readonly number[], budget = 1e9) {
  let calls = 0
  const found = await bisect(batches, {
    size: (ids) => ids.length,
    halves: (ids) => (calls < budget ? halved(ids) : []),
    isWell: async (ids) => {
      calls += 1
      return !ids.some((id) => culprits.includes(id))
    },
  })
  return { found, calls }
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

test('I12, A19: halving finds exactly the culprits, each alone, in about two calls a halving', async () => {
  const drawn = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(drawn, async (culprits) => {
      const { found, calls } = await isolated([range(100)], culprits)
      expect(found.flat().toSorted()).toEqual(culprits.toSorted())
      expect(found.every((ids) => ids.length === 1)).toBe(true)
      expect(calls).toBeLessThanOrEqual(14 * culprits.length)
    }),
  )
})

test('I11: where cutting ends early, what still fails is set aside as a whole, and no culprit is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(299), { maxLength: 40 }), fc.nat(60), async (culprits, budget) => {
      const batches = halved(range(300))
      const failing = batches.filter((ids) => ids.some((id) => culprits.includes(id)))
      const { found, calls } = await isolated(failing, culprits, budget)
      expect(calls).toBeLessThanOrEqual(budget + 1)
      expect(found.flat()).toEqual(expect.arrayContaining(culprits))
      for (const ids of found) expect(ids.some((id) => culprits.includes(id))).toBe(true)
    }),
  )
})

test('a batch whose halves are both well had no culprit of its own', async () => {
  expect(await isolated([range(100)], [])).toEqual({ found: [], calls: 2 })
})

test('I12: a fault of the API may be of one id or instant; a refused key, a lost lease, a dead database may not', () => {
  const ofOne = [
    new ApiUnavailableError('500'),
    new ApiRequestError('422', 422),
    new ApiProtocolError('HTML'),
  ]
  const ofAll = [
    new ApiRefusedError('401', 401),
    new ApiThrottledError('429'),
    new FilterIgnoredError('job_ids'),
    new WrongProjectError('another'),
    new DatabaseError('gone'),
    new LeaseLostError('lost'),
    new TypeError('a bug'),
    'text',
  ]
  expect(ofOne.map(mayBeOfOne)).toEqual(ofOne.map(() => true))
  expect(ofAll.map(mayBeOfOne)).toEqual(ofAll.map(() => false))
})

test('the reason of a failure is told without secrets; what concerns everything is thrown', async () => {
  const run = { explain: (error: unknown) => new Error(String(error).replace('llx-key', '***')) }
  const failing = (error: Error) => failureOf(run, () => Promise.reject(error))
  expect(await failing(new ApiUnavailableError('500 for llx-key'))).toMatch(/500 for \*\*\*/)
  expect(await failureOf(run, async () => {})).toBeUndefined()
  const lost = new LeaseLostError('lost')
  await expect(failing(lost)).rejects.toBe(lost)
})
