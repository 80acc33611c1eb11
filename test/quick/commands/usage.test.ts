import { describe, expect, test } from 'vitest'
import { runCli } from '../../support/cli.ts'

describe('the command line', () => {
  test.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['sync', '--nonsense'], /unknown option '--nonsense'/],
    [['sync', 'extra'], /too many arguments for 'sync'/],
    [['sync', '--max-runtime', 'soon'], /'soon' is invalid.*30s, 10m or 1h30m/],
    [['simulate', '--jobs', 'many'], /'many' is invalid.*whole number/],
    [['simulate', '--days', '0'], /'0' is invalid.*whole number from 1 to 3650/],
    [['simulate', '--rate-limit', '0'], /'0' is invalid.*whole number from 1 to/],
    [['simulate', '--order', 'sideways'], /'sideways' is invalid.*ascending, descending, shuffled/],
    [[], /^Usage: llamacloud-sync/],
  ])('%j is a fault of usage: exit code 2, what is wrong and the usage on stderr', async (args, problem) => {
    const end = await runCli(args)
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toMatch(problem)
    expect(end.stderr).toMatch(/^Usage: llamacloud-sync/m)
  })

  test('--help lists every command on stdout', async () => {
    const end = await runCli(['--help'])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    for (const command of ['sync', 'migrate', 'status', 'demo', 'simulate']) {
      expect(end.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    }
  })

  test('what it prints finds the disk full: no success, and a sentence on stderr', async () => {
    const end = await runCli(['settings', '--json'], { full: 'stdout' })
    expect(end.code).toBe(1)
    expect(end.stderr).toMatch(/^Cannot write the output \(ENOSPC.*\): it is not complete\. Free some space/m)
  })

  test('sync --help is about sync', async () => {
    const end = await runCli(['sync', '--help'])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toContain('--max-runtime <duration>')
  })
})

describe('settings', () => {
  test('I10: settings --json needs nothing, lists faults like any other value, and shows no secret', async () => {
    const env = { LLAMA_CLOUD_API_KEY: 'llx-of-settings-5b1d', SYNC_OVERLAP: 'soon' }
    const end = await runCli(['settings', '--json'], { env })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).not.toContain('llx-of-settings-5b1d')
    const { settings } = JSON.parse(end.stdout)
    expect(settings).toContainEqual(
      expect.objectContaining({ name: 'SYNC_OVERLAP', from: 'environment', value: 'soon' }),
    )
    const text = await runCli(['settings'], { env })
    expect(text.stdout).toMatch(/^LLAMA_CLOUD_API_KEY +\| \(hidden\) +\| environment$/m)
  })

  test('without a key: one message, with the variable and an example', async () => {
    const end = await runCli(['sync'], { env: { DATABASE_URL: 'postgres://app@127.0.0.1:1/warehouse' } })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toBe(
      'One fault in the settings:\n  LLAMA_CLOUD_API_KEY: is not set; for example LLAMA_CLOUD_API_KEY=llx-…\n',
    )
  })

  test('I10: every fault at once, a line each, and the password in none', async () => {
    const env = {
      DATABASE_URL: 'mysql://app:pass-word-of-another-kind@127.0.0.1/warehouse',
      LLAMA_CLOUD_REGION: 'moon',
      SYNC_LEASE: '1s',
      SYNC_PAGE_SIZE: '101',
      SYNC_OVERLAPP: '5m',
    }
    const end = await runCli(['sync'], { env })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    const [head, ...faults] = end.stderr.trimEnd().split('\n')
    expect(head).toBe('6 faults in the settings:')
    const names = ['LLAMA_CLOUD_API_KEY', ...Object.keys(env)].sort()
    expect(faults.map((line) => line.trim().split(':')[0]).sort()).toEqual(names)
    expect(end.stderr).toContain('did you mean SYNC_OVERLAP?')
    expect(end.stderr).not.toContain('pass-word-of-another-kind')
  })

  test.each(['migrate', 'status'])('%s needs no key, but what there is has to be right', async (command) => {
    const end = await runCli([command], { env: { DATABASE_URL: 'warehouse', SYNC_CONCURRENCY: 'all' } })
    expect(end).toMatchObject({ code: 2, stdout: '' })
    expect(end.stderr).toMatch(/^2 faults/)
  })
})
