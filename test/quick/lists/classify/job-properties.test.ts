import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classify } from '../../../../src/lists/classify/list.ts'
import { createJobDecoder } from '../../../../src/lists/decode.ts'
import { formatJson, parseJson } from '../../../../src/values/json.ts'
import { anyItem, anyJson } from '../../../support/arbitrary-payload.ts'
import type { ClassifyJob } from '../../../support/decode-item.ts'
import { comparable, expectedPayload, reassemble } from '../../../support/reassemble.ts'

test('I9: columns, extra and configuration together are the whole payload', () => {
  const decodeJob = createJobDecoder(classify)
  fc.assert(
    fc.property(anyItem, (item) => {
      const decoded = decodeJob(parseJson(formatJson(item)))
      if ('reject' in decoded) throw new Error(decoded.reject)
      expect(comparable(reassemble(decoded.job as ClassifyJob))).toBe(comparable(expectedPayload(item)))
    }),
    { seed: 4, numRuns: 3_000 },
  )
})

test('I9: any JSON at all is either a job or rejected for its id', () => {
  fc.assert(
    fc.property(anyJson, (item) => {
      const decoded = createJobDecoder(classify)(item)
      if ('reject' in decoded) expect(decoded.reject).toMatch(/^the (item|id) /)
      else
        expect(comparable(reassemble(decoded.job as ClassifyJob))).toBe(
          comparable(expectedPayload(item as { id: string })),
        )
    }),
    { seed: 5, numRuns: 2_000 },
  )
})
