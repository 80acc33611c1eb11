import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { type JsonObject, type JsonValue, parseJson } from '../../../src/values/json.ts'

const MEGABYTE = 1_000_000

/** Each took minutes or hours where time or memory grew as the square of the text: a test that ends is the proof. */
describe('I11: what a stranger sends is read in time that grows as the text does', () => {
  test.each([160_000, 2 * MEGABYTE])('a key that ends in %i dots, beside one with an escape', (dots) => {
    const key = `key${'.'.repeat(dots)}`
    expect(parseJson(`{"${key}":1,"\\n":2}`)).toEqual({ [key]: 1, '\n': 2 })
  })

  test('a key of 2 MB, beside 100,000 with an escape', () => {
    const key = `key${'.'.repeat(2 * MEGABYTE)}`
    const escaped = Array.from({ length: 100_000 }, (_, index) => `"\\n${index}":${index}`)
    const value = parseJson(`{"${key}":-1,${escaped.join(',')}}`) as JsonObject
    expect(Object.keys(value)).toHaveLength(100_001)
    expect([value[key], value['\n0'], value['\n99999']]).toEqual([-1, 0, 99_999])
  })

  test('each name that a key with an escape could be given for a while is taken', () => {
    const taken = Array.from({ length: 100_000 }, (_, index) => `"key${index}.":${index}`)
    const value = parseJson(`{${taken.join(',')},"\\n":"escaped"}`) as JsonObject
    expect([value['key0.'], value['key99999.'], value['\n']]).toEqual([0, 99_999, 'escaped'])
  })

  test.each([
    ['backslashes', '\\\\'.repeat(MEGABYTE)],
    ['quotes', '\\"'.repeat(MEGABYTE)],
    ['digits and points', '1.'.repeat(MEGABYTE)],
    ['exponents', '1e-1,'.repeat(MEGABYTE / 2)],
    ['spaces', ' '.repeat(2 * MEGABYTE)],
  ])('2 MB of %s, as a key and as a value', (_name, text) => {
    const value = JSON.parse(`"${text}"`)
    const read = parseJson(`{"${text}":"${text}","n":1e999}`) as JsonObject
    expect(Object.keys(read)[0] === value && read[value] === value).toBe(true)
  })

  test('2 MB of numbers that JavaScript rounds', () => {
    const numbers = `[${'1e999,'.repeat(MEGABYTE / 3)}0]`
    expect(parseJson(numbers)).toHaveLength(Math.floor(MEGABYTE / 3) + 1)
  })
})

test('I11: a number of a reply does not keep the whole reply in memory', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const kept: JsonValue[] = []
  collect()
  const before = process.memoryUsage().heapUsed
  for (let reply = 0; reply < 50; reply += 1) {
    const [number] = parseJson(`[1234567890123456789${reply},"${'x'.repeat(MEGABYTE)}"]`) as JsonValue[]
    kept.push(number!)
  }
  collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * MEGABYTE)
  expect(kept).toHaveLength(50)
})
