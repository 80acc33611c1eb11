import { expect, test } from 'vitest'
import { wrongEncoding } from '../../../src/store/encoding.ts'

const cureOf = async (encoding: string, database: string) => {
  const query = async () => ({ rows: [{ encoding, database, user: 'the "worker"' }] })
  return (await wrongEncoding({ query } as never))?.cure
}

test.each([
  ['shop', 'shop_utf8'],
  ['Größe "7"', 'Größe ""7""_utf8'],
  ['x'.repeat(63), `${'x'.repeat(58)}_utf8`],
  [`${'x'.repeat(57)}ü-and-so-on`, `${'x'.repeat(57)}_utf8`],
])('what is to be created beside %j has a name of its own, of at most 63 bytes', async (database, name) => {
  expect(await cureOf('SQL_ASCII', database)).toMatch(
    new RegExp(`^create database "${name}" owner "the ""worker""" encoding 'UTF8'`),
  )
  expect(await cureOf('UTF8', database)).toBeUndefined()
})
