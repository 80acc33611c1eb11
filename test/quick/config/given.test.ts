import { expect, test } from 'vitest'
import { SETTINGS } from '../../../src/config/catalogue.ts'
import { givenSettings } from '../../../src/config/given.ts'

const noFile = (path: string): string => {
  throw Object.assign(new Error(path), { code: 'ENOENT' })
}

const given = (environment: Record<string, string>, dotEnv: Record<string, string> = {}) =>
  Object.fromEntries(givenSettings(environment, dotEnv, noFile).map((setting) => [setting.name, setting]))

test('each setting is listed with its value and where that comes from; the environment wins, unless it is empty', () => {
  const settings = given(
    { SYNC_OVERLAP: ' 7m ', SYNC_LEASE: '', no_proxy: 'db.internal' },
    { SYNC_OVERLAP: '9m', SYNC_LEASE: '20s' },
  )
  expect(Object.keys(settings)).toEqual(Object.keys(SETTINGS))
  expect(settings).toMatchObject({
    SYNC_OVERLAP: { isSet: true, from: 'environment', value: '7m', default: '5m', kind: 'duration' },
    SYNC_LEASE: { isSet: true, from: '.env', value: '20s' },
    SYNC_PAGE_SIZE: { isSet: false, from: 'default', value: '100', accepts: 'a whole number from 1 to 100' },
    SYNC_SOURCES_FILE: { isSet: false, from: null, value: null, default: null },
    NO_PROXY: { isSet: true, from: 'environment', value: 'db.internal' },
  })
})

test('I10: a secret is shown nowhere, also not where it landed by mistake', () => {
  const password = 'pass-word-7f3a'
  const key = 'key-without-its-prefix-91'
  const settings = given({
    LLAMA_CLOUD_API_KEY: key,
    DATABASE_URL: `postgresql://app:${password}@host/database`,
    HTTPS_PROXY: `http://user:proxy-${password}@proxy:1`,
    LLAMA_CLOUD_CUSTOM_HEADERS: 'X-Token: token-of-a-gateway',
    SYNC_SOURCE: key,
    SYNC_DATA_DIR: `postgresql://app:another-word@host/database`,
    SYNC_START_AT: password,
  })
  const printed = JSON.stringify(settings)
  for (const secret of [password, key, 'token-of-a-gateway', 'another-word'])
    expect(printed).not.toContain(secret)
  expect(settings.LLAMA_CLOUD_API_KEY).toMatchObject({ secret: true, isSet: true, value: null })
  expect(settings.SYNC_DATA_DIR).toMatchObject({ secret: false, isSet: true, value: null })
  expect(settings.SYNC_SOURCE!.value).toBe('[redacted]')
})

test('a default is a value that its setting accepts, and so is its example', async () => {
  const { variables } = await import('../../../src/config/variables.ts')
  for (const [name, schema] of Object.entries(variables.shape)) {
    const { default: initial, example } = SETTINGS[name]!
    expect([name, schema.safeParse(example).success]).toEqual([name, true])
    expect([name, schema.safeParse(initial ?? undefined).success]).toEqual([name, true])
  }
})
