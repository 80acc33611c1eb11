import { describe, expect, test } from 'vitest'
import { decodeFields, NOTHING } from '../../../support/decode-item.ts'

const decodeResult = (result: string) => decodeFields(`"result":${result}`)

describe('A11: timestamps', () => {
  test.each([
    ['2025-06-01T12:34:56.123456Z', '2025-06-01T12:34:56.123456Z'],
    ['2025-06-01T12:34:56', '2025-06-01T12:34:56.000000Z'],
    ['2025-06-01T12:34:56.1234560000-01:30', '2025-06-01T14:04:56.123456Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
    ['2099-12-31T23:59:59.999999Z', '2099-12-31T23:59:59.999999Z'],
  ])('%s is stored as %s', (text, stored) => {
    const fields = `"created_at":"${text}","updated_at":"${text}"`
    expect(decodeFields(fields)).toEqual({ ...NOTHING, createdAt: stored, updatedAt: stored })
  })

  test.each([
    '"soon"',
    '""',
    '1748781296',
    '"9999-12-31T23:59:59-01:00"',
    '"infinity"',
    '["2025-06-01T00:00:00Z"]',
  ])('%s is kept in extra only', (value) => {
    expect(decodeFields(`"created_at":${value}`)).toEqual({ ...NOTHING, extra: `{"created_at":${value}}` })
  })

  test('finer than a microsecond: cut in the column, verbatim in extra', () => {
    expect(decodeFields('"updated_at":"2025-06-01T12:34:56.1234569Z"')).toEqual({
      ...NOTHING,
      updatedAt: '2025-06-01T12:34:56.123456Z',
      extra: '{"updated_at":"2025-06-01T12:34:56.1234569Z"}',
    })
  })
})

describe('result', () => {
  test.each([
    '{}',
    '{"type":null}',
    '{"confidence":null,"reasoning":null,"type":null}',
    '{"type":null,"x":null}',
  ])('%s could not be told from null by its columns: it is kept whole', (result) => {
    expect(decodeResult(result)).toEqual({ ...NOTHING, extra: `{"result":${result}}` })
  })

  test.each(['[]', '"none"', '0', 'false', '1e999'])('%s is kept verbatim', (result) => {
    expect(decodeResult(result)).toEqual({ ...NOTHING, extra: `{"result":${result}}` })
  })

  test('no rule matched', () => {
    expect(decodeResult('{"type":null,"confidence":0.9,"reasoning":"x"}')).toEqual({
      ...NOTHING,
      resultConfidence: 0.9,
      resultReasoning: 'x',
    })
  })

  test.each([
    ['0', 0, null],
    ['1', 1, null],
    ['5e-324', 5e-324, null],
    ['-0.5', null, '-0.5'],
    ['1.0000000000000002', null, '1.0000000000000002'],
    ['1.7976931348623157e308', null, '1.7976931348623157e+308'],
    ['87.5', null, '87.5'],
    ['87.1234567890123456789012', null, '87.1234567890123456789012'],
    ['0.1234567890123456789012', 0.12345678901234568, '0.1234567890123456789012'],
    ['1e-400', 0, '1e-400'],
    ['1e999', null, '1e999'],
    ['"0.9"', null, '"0.9"'],
    ['[0.9]', null, '[0.9]'],
  ])('I9: confidence %s is %s, and in extra %s', (source, resultConfidence, kept) => {
    const extra = kept === null ? null : `{"result":{"confidence":${kept}}}`
    expect(decodeResult(`{"confidence":${source}}`)).toEqual({ ...NOTHING, resultConfidence, extra })
  })

  test('unfit known fields and unknown fields stand side by side in extra', () => {
    expect(decodeResult('{"type":7,"reasoning":"r","more":null}')).toEqual({
      ...NOTHING,
      resultReasoning: 'r',
      extra: '{"result":{"more":null,"type":7}}',
    })
  })
})

test.each(['"unknown"', '"status"', '"configuration"', '"result"', '"created_at"'])(
  'A9: 100,000 levels of nesting at %s do not overflow the stack',
  (field) => {
    const deep = '[{"a":'.repeat(50_000) + 1 + '}]'.repeat(50_000)
    expect(decodeFields(`${field}:${deep}`).extra).toHaveLength(expectedLength(field, deep))
  },
)

/** `extra` is one level itself, so 499 levels of `deep` stay; the rest is a string, its quotes escaped. */
function expectedLength(field: string, deep: string): number {
  const stringsBelow = (100_000 - 499 + 1) / 2
  return deep.length + 2 + stringsBelow * 2 + field.length + 3
}
