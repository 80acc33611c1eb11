import { expect, test } from 'vitest'
import { waysToTry } from '../../support/postgres-choice.ts'

const URL = 'postgres://127.0.0.1/postgres'

test('a server that was named is the only way', () => {
  expect(waysToTry({ TEST_DATABASE_URL: URL })).toEqual(['url'])
})

test('without one, a Docker engine is asked before the embedded server is', () => {
  expect(waysToTry({})).toEqual(['docker', 'embedded'])
  expect(waysToTry({ TEST_DATABASE_URL: '', TEST_POSTGRES: '' })).toEqual(['docker', 'embedded'])
})

test.each(['url', 'docker', 'embedded'] as const)('TEST_POSTGRES=%s leaves no other way', (way) => {
  expect(waysToTry({ TEST_DATABASE_URL: URL, TEST_POSTGRES: way })).toEqual([way])
})

test('a way that is unknown or lacks its URL is an error, not another way', () => {
  expect(() => waysToTry({ TEST_POSTGRES: 'podman' })).toThrow('TEST_POSTGRES=podman is unknown')
  expect(() => waysToTry({ TEST_POSTGRES: 'url' })).toThrow('needs TEST_DATABASE_URL')
})
