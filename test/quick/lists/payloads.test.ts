import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJobDecoder } from '../../../src/lists/decode.ts'
import { LISTS } from '../../../src/lists/lists.ts'
import { omit } from '../../../src/lists/omit.ts'
import { formatJson, parseJson } from '../../../src/values/json.ts'
import { anyItemOf } from '../../support/arbitrary-payload.ts'
import { comparable, expectedPayload, reassemble } from '../../support/reassemble.ts'

test.each(LISTS)('I9: $name, columns, extra and shared documents together are the whole payload', (list) => {
  const decodeJob = createJobDecoder(list)
  fc.assert(
    fc.property(anyItemOf(list), (item) => {
      const received = parseJson(formatJson(item))
      omit(received, list.fields, new Set())
      const decoded = decodeJob(received)
      if ('reject' in decoded) throw new Error(decoded.reject)
      expect(comparable(reassemble(decoded.job, list))).toBe(comparable(expectedPayload(item, list)))
    }),
    { seed: 8, numRuns: 1_000 },
  )
})
