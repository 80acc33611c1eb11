import type {
  ClassifyConfiguration,
  ClassifyListResponse,
  ClassifyResult,
} from '@llamaindex/llama-cloud/resources/classify'
import { expect, test } from 'vitest'
import {
  JOB_FIELD_NAMES,
  RESULT_FIELD_NAMES,
  type StoredFields,
} from '../../../../src/lists/classify/wire.ts'

// These hold at compile time. A configuration is stored whole, so nothing is lost when the client learns a field of
// it; but the field may deserve a column, which is why this stops compiling then.
const configuration = {
  rules: 'object',
  mode: 'text',
  parsing_configuration: 'object',
} satisfies StoredFields<ClassifyListResponse['configuration']>
const rule = { type: 'text', description: 'text' } satisfies StoredFields<ClassifyConfiguration.Rule>
const parsing = {
  lang: 'text',
  max_pages: 'number',
  target_pages: 'text',
} satisfies StoredFields<ClassifyConfiguration.ParsingConfiguration>

test('a field that is not in the list, is too much in it, or changes its type fails to compile', () => {
  // @ts-expect-error: the client learnt a field
  void ({ ...rule } satisfies StoredFields<ClassifyConfiguration.Rule & { weight?: number }>)
  // @ts-expect-error: the client lost a field
  void ({ ...parsing, pages: 'text' } satisfies StoredFields<{ lang?: string }>)
  // @ts-expect-error: a text became an object
  void ({ ...configuration } satisfies StoredFields<{
    rules: []
    mode: { a: 1 }
    parsing_configuration: null
  }>)
  expect(Object.keys({ ...configuration, ...rule, ...parsing })).toHaveLength(8)
})

test('the lists are those of the job and of its result', () => {
  const result: Record<keyof ClassifyResult, true> = { confidence: true, reasoning: true, type: true }
  expect([...RESULT_FIELD_NAMES].sort()).toEqual(Object.keys(result).sort())
  expect(JOB_FIELD_NAMES.size).toBe(14)
})
