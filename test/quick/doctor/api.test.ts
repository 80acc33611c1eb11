import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { loadSettings } from '../../../src/config.ts'
import { checkSource } from '../../../src/doctor/api.ts'
import { createLogger } from '../../../src/log.ts'
import { startSimulator } from '../../../src/simulator/server.ts'
import { World } from '../../../src/simulator/world.ts'
import { MILLISECOND, MINUTE } from '../../../src/values/instant.ts'

const KEY = 'llx-key-of-the-doctor-tests'

async function startApi(apiKey: string, ahead = 0) {
  const world = new World({ now: () => Date.now() * MILLISECOND + ahead })
  const api = await startSimulator({ world, apiKey })
  onTestFinished(() => api.close())
  return api
}

async function examine(baseUrl: string, { regions = {}, env = {} }: { regions?: object; env?: object } = {}) {
  const settings = loadSettings(
    { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: baseUrl, ...env },
    { readFile: () => '' },
    { apiKey: true },
  )
  const findings = await checkSource(settings, settings.sources[0], {
    signal: new AbortController().signal,
    clock: systemClock,
    fetch,
    random: Math.random,
    log: createLogger({ level: 'silent', format: 'json', secrets: () => [] }),
    regions: { na: 'https://na.invalid', eu: 'https://eu.invalid', ...regions },
  })
  expect(JSON.stringify(findings)).not.toContain(KEY)
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]))
}

const statuses = (findings: Awaited<ReturnType<typeof examine>>) =>
  Object.entries(findings).map(([check, { status }]) => `${check} ${status}`)

test('all well: key, region, scope and clock', async () => {
  const api = await startApi(KEY)
  expect(statuses(await examine(api.url))).toEqual(['api ok', 'key ok', 'region ok', 'scope ok', 'clock ok'])
})

test('I10: nobody answers', async () => {
  const findings = await examine('http://127.0.0.1:1')
  expect(statuses(findings)).toEqual([
    'api failed',
    'key skipped',
    'region skipped',
    'scope skipped',
    'clock skipped',
  ])
  expect(findings.api!.cure).toMatch(/network, the proxy and LLAMA_CLOUD_BASE_URL/)
})

test('I10: a key that no region accepts', async () => {
  const api = await startApi('another')
  const findings = await examine(api.url, { regions: { na: api.url, eu: (await startApi('a third')).url } })
  expect(findings.key).toMatchObject({ status: 'failed', cure: expect.stringMatching(/Create a new key/) })
  expect(findings.region).toMatchObject({ status: 'skipped' })
})

test('a key of the other region', async () => {
  const [na, eu] = [await startApi('another'), await startApi(KEY)]
  const findings = await examine(na.url, { regions: { na: na.url, eu: eu.url } })
  expect(statuses(findings)).toEqual(['api ok', 'key ok', 'region failed', 'scope skipped', 'clock skipped'])
  expect(findings.region!.cure).toMatch(/LLAMA_CLOUD_REGION=eu/)
})

test('an address of one’s own: the key is shown to nobody else', async () => {
  const [own, eu] = [await startApi('another'), await startApi(KEY)]
  const findings = await examine(own.url, { regions: { eu: eu.url } })
  expect(findings.key).toMatchObject({ status: 'failed' })
  expect(eu.requests.total).toBe(0)
})

test('a scope that is refused', async () => {
  const api = await startApi(KEY)
  api.settings.intercept = () => ({ kind: 'status', status: 422, body: '{"detail": "no such project"}' })
  const findings = await examine(api.url)
  expect(findings.scope).toMatchObject({ status: 'failed', found: expect.stringMatching(/no such project/) })
  expect(findings.scope!.cure).toMatch(/^Check LLAMA_CLOUD_PROJECT_ID/)
})

test('A14: clocks that are apart', async () => {
  const findings = await examine((await startApi(KEY, 10 * MINUTE)).url)
  expect(findings.clock).toMatchObject({ status: 'failed', cure: expect.stringMatching(/NTP/) })
  expect(findings.clock!.found).toMatch(/^this machine is (599|600|601) s behind the API$/)
})
