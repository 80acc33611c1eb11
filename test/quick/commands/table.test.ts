import { expect, test } from 'vitest'
import { table } from '../../../src/commands/table.ts'

test('columns are as wide as the widest cell; numbers stand on the right, text on the left', () => {
  const rows = [
    ['COMPLETED', '1024', '-0.5'],
    ['NEW', '7', '12.25'],
  ]
  expect(table(['status', 'jobs', 'change'], rows)).toBe(
    [
      'status    | jobs | change',
      '----------+------+-------',
      'COMPLETED | 1024 |   -0.5',
      'NEW       |    7 |  12.25',
    ].join('\n'),
  )
})

test('one cell that is no number makes its column text', () => {
  expect(
    table(
      ['id', 'n'],
      [
        ['1', 'x'],
        ['20', '3'],
      ],
    ),
  ).toBe('id | n\n---+--\n 1 | x\n20 | 3')
  expect(table(['version'], [['2'], ['n/a']])).toBe('version\n-------\n2\nn/a')
})

test('an empty cell among numbers keeps them on the right; no line ends in blanks', () => {
  expect(
    table(
      ['error', 'jobs'],
      [
        ['', '10'],
        ['timeout', ''],
      ],
    ),
  ).toBe('error   | jobs\n--------+-----\n        |   10\ntimeout |')
})

test('without rows there is the head alone', () => {
  expect(table(['status', 'jobs'], [])).toBe('status | jobs\n-------+-----')
})

test('a text of several lines or with commands for the terminal stays one plain line', () => {
  expect(table(['error', 'jobs'], [['first\nsecond\tthird\u001b[31m', '1']])).toBe(
    'error                   | jobs\n------------------------+-----\nfirst second third [31m |    1',
  )
})
