import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idBatches } from '../../../../src/sync/recheck/batches.ts'

describe('ids in a request', () => {
  test('each once and in order, at most 100, at most 6 KB of query', () => {
    const id = fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }))
    fc.assert(
      fc.property(fc.array(id, { maxLength: 400 }), (ids) => {
        const batches = idBatches(ids)
        expect(batches.flat()).toEqual(ids)
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(100)
          const query = batch.map((one) => `&job_ids=${encodeURIComponent(one)}`).join('')
          if (batch.length > 1) expect(query.length).toBeLessThanOrEqual(6_000)
        }
      }),
    )
  })

  test('as few batches as fit: 100 of the usual 40 characters', () => {
    const ids = Array.from({ length: 250 }, (_, index) => `cls-${String(index).padStart(36, '0')}`)
    expect(idBatches(ids).map((batch) => batch.length)).toEqual([100, 100, 50])
    expect(idBatches([])).toEqual([])
    expect(idBatches(['x'.repeat(10_000), 'y'])).toHaveLength(2)
  })
})
