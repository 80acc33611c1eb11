import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyDatabase, JOBS, settingsFor, startApi, summaryOf } from '../quick/commands/support.ts'
import { createAuthority } from '../support/authority.ts'
import { type Finished, logLines, runCli, temporaryDirectory } from '../support/cli.ts'
import { type ForwardProxy, proxies, startSmallProxy } from '../support/forward-proxy.ts'
import { httpsFront } from '../support/fronts.ts'

const LOGIN = 'worker:pass-of-the-proxy'

/** The API over TLS, by a certificate of an authority that nobody knows. */
async function privateApi(names = 'DNS:localhost,IP:127.0.0.1') {
  const directory = await temporaryDirectory()
  const authority = createAuthority(directory)
  const api = await startApi()
  const port = await httpsFront(api.url, authority.issue(names))
  const database = await emptyDatabase()
  const env = settingsFor(api, {
    LLAMA_CLOUD_BASE_URL: `https://localhost:${port}`,
    DATABASE_URL: database.url,
    SYNC_RETRY_FOR: '0s',
  })
  return { env, authority, port, directory }
}

interface Finding {
  readonly check: string
  readonly status: string
  readonly found: string
  readonly cure?: string
}

function findings(end: Finished): Finding[] {
  return JSON.parse(end.stdout).findings
}

async function failureOf(env: Readonly<Record<string, string>>): Promise<Finding> {
  const end = await runCli(['doctor', '--json'], { env })
  expect(end.stdout + end.stderr).not.toMatch(/pass-of-the-proxy|d29ya2VyOnBhc3Mt/)
  return findings(end).find(({ status }) => status === 'failed')!
}

const throughProxy = ({ port }: ForwardProxy, login = '') => `http://${login}127.0.0.1:${port}`

describe.each(proxies)('%s', (_name, start) => {
  test('HTTPS_PROXY is honoured by sync, and doctor names it', async () => {
    const [{ env, authority, port }, proxy] = [await privateApi(), await start()]
    const set = { ...env, HTTPS_PROXY: throughProxy(proxy), NODE_EXTRA_CA_CERTS: authority.file }
    const end = await runCli(['sync'], { env: set })
    expect(summaryOf(end)).toMatchObject({ outcome: 'succeeded', inserted: JOBS })
    expect(new Set(await proxy.asked())).toEqual(new Set([`localhost:${port}`]))
    const doctor = await runCli(['doctor', '--json'], { env: set })
    expect(findings(doctor)).toContainEqual({
      check: 'proxy',
      status: 'ok',
      found: `HTTPS_PROXY http://127.0.0.1:${proxy.port}`,
    })
  })

  test('NO_PROXY goes past it, in small letters too; the cure of a proxy that lets nobody through', async () => {
    const [{ env, authority }, proxy] = [await privateApi(), await start({ closed: true })]
    const set = { ...env, https_proxy: throughProxy(proxy), NODE_EXTRA_CA_CERTS: authority.file }
    const failure = await failureOf(set)
    expect(failure).toMatchObject({ check: 'api', cure: expect.stringMatching(/add the host to NO_PROXY/) })
    const end = await runCli(['sync'], { env: { ...set, no_proxy: 'localhost' } })
    expect(summaryOf(end)).toMatchObject({ outcome: 'succeeded' })
    expect(await proxy.asked()).toHaveLength(1)
  })

  test('I10: a proxy that wants a login: doctor says so, the cure works, and its password is nowhere', async () => {
    const [{ env, authority }, proxy] = [await privateApi(), await start({ login: LOGIN })]
    const set = { ...env, HTTPS_PROXY: throughProxy(proxy), NODE_EXTRA_CA_CERTS: authority.file }
    expect(await failureOf(set)).toMatchObject({ cure: expect.stringMatching(/http:\/\/user:password@host/) })
    const mended = { ...set, HTTPS_PROXY: throughProxy(proxy, `${LOGIN}@`), LOG_LEVEL: 'debug' }
    const end = await runCli(['sync'], { env: mended })
    expect(summaryOf(end)).toMatchObject({ outcome: 'succeeded' })
    expect(end.stderr).not.toMatch(/pass-of-the-proxy|d29ya2VyOnBhc3Mt/)
  })
})

describe('the way to the API', () => {
  test('a private authority: doctor names the variable, and NODE_EXTRA_CA_CERTS in .env works', async () => {
    const { env, authority, directory } = await privateApi()
    const failure = await failureOf(env)
    expect(failure).toMatchObject({ check: 'api', cure: expect.stringMatching(/^Set NODE_EXTRA_CA_CERTS/) })
    const sync = await runCli(['sync'], { env: { ...env, SYNC_RETRY_FOR: '1d' } })
    expect(logLines(sync).at(-1)!.msg).toMatch(/NODE_EXTRA_CA_CERTS/)
    writeFileSync(join(directory, '.env'), `NODE_EXTRA_CA_CERTS=${authority.file}\n`)
    expect(summaryOf(await runCli(['sync'], { env, cwd: directory }))).toMatchObject({ outcome: 'succeeded' })
  })

  test('HTTPS_PROXY in .env works, though Node.js itself does not read it there', async () => {
    const [{ env, authority, directory }, proxy] = [await privateApi(), await proxies[0]![1]()]
    const lines = [`HTTPS_PROXY=${throughProxy(proxy)}`, `NODE_EXTRA_CA_CERTS=${authority.file}`]
    writeFileSync(join(directory, '.env'), lines.join('\n'))
    expect(summaryOf(await runCli(['sync'], { env, cwd: directory }))).toMatchObject({ outcome: 'succeeded' })
    expect((await proxy.asked()).length).toBeGreaterThan(0)
  })

  test('a certificate for another host is told at once, not retried', async () => {
    const { env, authority } = await privateApi('DNS:elsewhere.example')
    const set = { ...env, NODE_EXTRA_CA_CERTS: authority.file, SYNC_RETRY_FOR: '1d' }
    expect(await failureOf(set)).toMatchObject({
      cure: expect.stringMatching(/^Use a host name in LLAMA_CLOUD_BASE_URL/),
    })
    expect((await runCli(['sync'], { env: set })).code).toBe(1)
  })

  test.each(['127.0.0.0/8', '10.0.0.0/8, .internal,127.0.0.1/32'])(
    'NO_PROXY=%s: a range goes past the proxy, as it does with other programs',
    async (ranges) => {
      const [{ env, authority, port }, proxy] = [await privateApi(), await startSmallProxy({ closed: true })]
      const set = {
        ...env,
        LLAMA_CLOUD_BASE_URL: `https://127.0.0.1:${port}`,
        HTTPS_PROXY: throughProxy(proxy),
        NODE_EXTRA_CA_CERTS: authority.file,
      }
      expect(summaryOf(await runCli(['sync'], { env: { ...set, NO_PROXY: ranges } })).outcome).toBe(
        'succeeded',
      )
      expect(await proxy.asked()).toEqual([])
      expect(await failureOf({ ...set, NO_PROXY: '127.1.0.0/16,127.0.0.1/33' })).toMatchObject({
        check: 'api',
      })
    },
  )

  test.each([
    ['401 Unauthorized', /^The proxy requires a login/],
    ['405 Method Not Allowed', /is not a forward proxy: correct HTTPS_PROXY/],
    ['400 Bad Request', /is not a forward proxy: correct HTTPS_PROXY/],
  ])('a proxy that answers %s: told at once, not retried', async (refusal, cure) => {
    const [{ env }, proxy] = [await privateApi(), await startSmallProxy({ closed: true, refusal })]
    const set = { ...env, HTTPS_PROXY: throughProxy(proxy), SYNC_RETRY_FOR: '1d' }
    expect(await failureOf(set)).toMatchObject({ cure: expect.stringMatching(cure) })
    expect((await runCli(['sync'], { env: set })).code).toBe(1)
  })

  test('https:// where nobody speaks TLS, of the proxy or of the API: told at once, not retried', async () => {
    const [{ env }, proxy, api] = [await privateApi(), await startSmallProxy(), await startApi()]
    for (const wrong of [
      { HTTPS_PROXY: `https://127.0.0.1:${proxy.port}` },
      { LLAMA_CLOUD_BASE_URL: api.url.replace('http:', 'https:') },
    ]) {
      const failure = await failureOf({ ...env, ...wrong, SYNC_RETRY_FOR: '1d' })
      expect(failure.cure).toMatch(/does not speak TLS: correct the port, or write http:/)
    }
  })

  test('a proxy that is down is named in the error', async () => {
    const { env, authority } = await privateApi()
    const set = { ...env, HTTPS_PROXY: 'http://127.0.0.1:1', NODE_EXTRA_CA_CERTS: authority.file }
    const failure = await failureOf(set)
    expect(failure.found).toMatch(/ECONNREFUSED.*via HTTPS_PROXY http:\/\/127\.0\.0\.1:1/)
  })
})
