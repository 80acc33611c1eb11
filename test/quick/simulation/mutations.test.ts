import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { MUTATIONS } from '../../simulation/mutations.ts'

const SRC = new URL('../../../src/', import.meta.url)

test.each(MUTATIONS)('a mutant can be made of the program as it is: $name', async ({ file, from, to }) => {
  const text = await readFile(new URL(file, SRC), 'utf8')
  expect(text.split(from)).toHaveLength(2)
  expect(to).not.toBe(from)
})
