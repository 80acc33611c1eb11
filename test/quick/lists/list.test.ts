import type { ClassifyConfiguration, ClassifyListResponse } from '@llamaindex/llama-cloud/resources/classify'
import { expect, test } from 'vitest'
import { classify } from '../../../src/lists/classify/list.ts'
import { columnsOf } from '../../../src/lists/columns.ts'
import { type FieldsOf, isEnd, number, text } from '../../../src/lists/list.ts'

// These hold at compile time. A configuration is stored whole, so nothing is lost when the client learns a field of
// it; but the field may deserve a column, which is why this stops compiling then.
type Kind<T> = [T] extends [string] ? 'text' : [T] extends [number] ? 'number' : 'object'
type Kinds<T> = { readonly [Name in keyof T]-?: Kind<NonNullable<T[Name]>> }

const configuration = {
  rules: 'object',
  mode: 'text',
  parsing_configuration: 'object',
} satisfies Kinds<ClassifyListResponse['configuration']>
const rule = { type: 'text', description: 'text' } satisfies Kinds<ClassifyConfiguration.Rule>
const parsing = {
  lang: 'text',
  max_pages: 'number',
  target_pages: 'text',
} satisfies Kinds<ClassifyConfiguration.ParsingConfiguration>

interface Wire {
  readonly name: string
  readonly usage?: { readonly credits?: number | null } | null
}

test('a field that is not declared, is too much, or changes its type fails to compile', () => {
  const name = text('name', 'Name.')
  const usage = { credits: number('credits', 'Credits.') }
  const right = { name, usage } satisfies FieldsOf<Wire>
  // @ts-expect-error: the client learnt a field
  void ({ name, usage } satisfies FieldsOf<Wire & { weight?: number }>)
  // @ts-expect-error: the client learnt a field of an inner object
  void ({ name, usage } satisfies FieldsOf<Wire & { usage: { pages: number } }>)
  // @ts-expect-error: the client lost a field
  void ({ name, usage } satisfies FieldsOf<Pick<Wire, 'name'>>)
  // @ts-expect-error: a text became an object
  void ({ name, usage } satisfies FieldsOf<{ name: { first: string }; usage: Wire['usage'] }>)
  expect(columnsOf({ fields: right }).known.map((column) => column.name)).toEqual(['name', 'credits'])
  expect(Object.keys({ ...configuration, ...rule, ...parsing })).toHaveLength(8)
})

test('the columns of classify are those of its fields', () => {
  const { all, logged, erased } = columnsOf(classify)
  expect(all).toHaveLength(19)
  expect(logged).toEqual(['status', 'result_type', 'result_confidence', 'updated_at'])
  expect(erased).toEqual([
    'user_id',
    'file_input',
    'transaction_id',
    'error_message',
    'result_reasoning',
    'extra',
  ])
})

test('A9: a status ends a job in any case of its letters; an unknown one and none do not', () => {
  for (const status of ['COMPLETED', 'completed', 'Failed', 'cancelled'])
    expect(isEnd(classify, status)).toBe(true)
  for (const status of ['RUNNING', 'THROTTLED', '', null]) expect(isEnd(classify, status)).toBe(false)
})
