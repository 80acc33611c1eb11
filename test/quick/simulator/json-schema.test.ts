import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/simulator/json.ts'
import { type Schema, violations } from './json-schema.ts'

const DOCUMENT = { parts: { name: { type: 'string', minLength: 2, maxLength: 3 } } }

test.each<[Schema, JsonValue, JsonValue, string]>([
  [{ type: 'integer' }, 1, 1.5, '$: not of type integer'],
  [{ type: 'null' }, null, 0, '$: not of type null'],
  [{ type: 'object' }, {}, [], '$: not of type object'],
  [{ type: 'boolean' }, true, 'true', '$: not of type boolean'],
  [{ enum: ['a', 'b'] }, 'a', 'c', '$: not one of a, b'],
  [{ const: 'FAST' }, 'FAST', 'SLOW', '$: not FAST'],
  [{ minimum: 0, maximum: 1 }, 1, 1.1, '$: above 1'],
  [{ minimum: 0, maximum: 1 }, 0, -0.1, '$: below 0'],
  [{ $ref: '#/parts/name' }, 'ab', 'a', '$: shorter than 2'],
  [{ $ref: '#/parts/name' }, 'abc', 'abcd', '$: longer than 3'],
  [{ format: 'date-time' }, '2025-01-01T00:00:00.000001Z', '2025-13-01T00:00:00Z', '$: not a date-time'],
  [{ format: 'uuid' }, '11111111-1111-4111-8111-111111111111', '1', '$: not a UUID'],
  [{ type: 'array', minItems: 1 }, [1], [], '$: fewer than 1 items'],
  [{ items: { type: 'string' } }, ['a'], ['a', 1], '$[1]: not of type string'],
  [{ properties: { a: { type: 'null' } } }, { a: null, b: 1 }, { a: 1 }, '$.a: not of type null'],
  [{ required: ['a'] }, { a: null }, { b: 1 }, '$.a: missing'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, null, 1, '$: not of type string'],
])('%j holds for %j and not for %j', (schema, good, bad, problem) => {
  expect(violations(good, schema, DOCUMENT)).toEqual([])
  expect(violations(bad, schema, DOCUMENT)).toContain(problem)
})

test('a reference that leads nowhere is an error', () => {
  expect(() => violations(1, { $ref: '#/parts/none' }, DOCUMENT)).toThrow('no #/parts/none')
})
