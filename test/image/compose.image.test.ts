import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { NEVER_CAME_MS } from '../support/hang.ts'

const ROOT = join(import.meta.dirname, '../..')
const PROJECT = `llamacloud-sync-test-${process.pid}`
const ENV = {
  ...process.env,
  COMPOSE_PROJECT_NAME: PROJECT,
  WORKER_IMAGE: `${PROJECT}:latest`,
  // Any free ones.
  POSTGRES_PORT: '0',
  DEMO_HTTP_PORT: '0',
  HTTP_PORT: '0',
  SYNC_SCHEDULE: '*/2 * * * * *',
}

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { cwd: ROOT, env: ENV, maxBuffer: 2 ** 26 })
  return stdout.trim()
}

const compose = (...args: string[]) => docker('compose', '--profile', 'demo', '--profile', 'once', ...args)
const containerOf = (service: string) => compose('ps', '--all', '--quiet', service)

async function sql(statement: string): Promise<string> {
  return compose('exec', '-T', 'postgres', 'psql', '--user', 'llamacloud', '-Atc', statement)
}

/** Of the worker's last run that succeeded; 0 while there is none. */
const lastSuccess = () =>
  sql(`select coalesce(max(id), 0) from llamacloud_sync.runs where outcome = 'succeeded'`).catch(() => '0')

async function untilNextSuccess(): Promise<void> {
  const before = Number(await lastSuccess())
  const isLater = async () => Number(await lastSuccess()) > before
  await vi.waitUntil(isLater, { timeout: NEVER_CAME_MS, interval: 500 })
}

async function inspect<T>(service: string, format: string): Promise<T> {
  return JSON.parse(await docker('inspect', await containerOf(service), '--format', `{{json ${format}}}`))
}

/** Every job that the API shows is stored, and nothing else: what `verify` says from a container of its own. */
async function verify(): Promise<{ equal: boolean; received: number }> {
  return JSON.parse(await compose('run', '--rm', '-T', '--no-deps', 'demo', 'verify', '--json'))
}

beforeAll(async () => {
  await docker('build', '--quiet', '--tag', ENV.WORKER_IMAGE, ROOT)
  await compose('up', '--no-build', '--wait', 'demo')
  await untilNextSuccess()
})

afterAll(async () => {
  await compose('down', '--volumes', '--timeout', '5')
  await docker('rmi', '--force', ENV.WORKER_IMAGE)
})

test('the image: no root, no sources, no tests, no packages beside the bundle; at most 25 MB beside Node.js', async () => {
  const lines = (await compose('exec', '-T', 'demo', 'sh', '-c', 'id -u; ls -A')).split('\n')
  expect(Number(lines[0])).toBeGreaterThan(0)
  expect(lines.slice(1)).toEqual(['CHANGELOG.md', 'LICENSE', 'dist', 'migrations', 'package.json'])
  const sizeOf = async (image: string) =>
    Number(await docker('image', 'inspect', image, '--format', '{{.Size}}'))
  const bytes = (await sizeOf(ENV.WORKER_IMAGE)) - (await sizeOf('node:24-bookworm-slim'))
  expect(bytes).toBeLessThan(25 * 1_000_000)
})

test('it runs with a read-only root, without capabilities, and is healthy', async () => {
  expect(await inspect('demo', '.HostConfig.ReadonlyRootfs')).toBe(true)
  await expect(compose('exec', '-T', 'demo', 'touch', '/app/x')).rejects.toThrow(/Read-only file system/)
  expect(await inspect('demo', '.State.Health.Status')).toBe('healthy')
})

test('no port is open to other machines', async () => {
  for (const service of ['demo', 'postgres', 'simulator']) {
    const ports = await inspect<Record<string, { HostIp: string }[] | null>>(
      service,
      '.NetworkSettings.Ports',
    )
    for (const binding of Object.values(ports).flatMap((bindings) => bindings ?? [])) {
      expect(binding.HostIp).toBe('127.0.0.1')
    }
  }
})

test('I8: jobs arrive', async () => {
  const { equal, received } = await verify()
  expect({ equal, some: received > 1_000 }).toEqual({ equal: true, some: true })
})

test('docker stop: ends cleanly within 10 s, and the lease is free', async () => {
  // What has not ended by then is killed, and does not exit with 0.
  await compose('stop', '--timeout', '10', 'demo')
  expect(await inspect('demo', '.State.ExitCode')).toBe(0)
  expect(await sql('select count(*) from llamacloud_sync.sources where lease_owner is not null')).toBe('0')
  await compose('start', 'demo')
  await untilNextSuccess()
})

test('I2: docker kill loses nothing', async () => {
  await compose('kill', 'demo')
  await compose('start', 'demo')
  await untilNextSuccess()
  expect(await verify()).toMatchObject({ equal: true })
})

test('the database killed and started again is survived', async () => {
  const before = await inspect('demo', '.State.StartedAt')
  await compose('kill', 'postgres')
  await expect
    .poll(() => compose('logs', '--no-log-prefix', 'demo'), { interval: 1_000 })
    .toMatch(/"level":"(error|warn)"/)
  await compose('start', 'postgres')
  await expect.poll(lastSuccess, { interval: 500 }).not.toBe('0')
  await untilNextSuccess()
  expect(await verify()).toMatchObject({ equal: true })
  expect(await inspect('demo', '.State.StartedAt')).toBe(before)
})

test('one cycle for cron: the service `once`', async () => {
  const key = {
    LLAMA_CLOUD_API_KEY: 'llx-simulated',
    LLAMA_CLOUD_BASE_URL: 'http://simulator:8080',
    SYNC_SOURCE: 'demo',
  }
  const env = Object.entries(key).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  await compose('stop', 'demo')
  await compose('run', '--rm', '-T', '--no-deps', ...env, 'once')
  const { outcome } = JSON.parse(
    await sql('select to_json(runs) from llamacloud_sync.runs order by id desc limit 1'),
  )
  expect(outcome).toBe('succeeded')
})
