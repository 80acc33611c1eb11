import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { runCli, startCli } from '../../support/cli.ts'

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'simulate: prints its URL, answers, and stops on %s',
  async (signal) => {
    const api = await startCli(['simulate', '--port', '0', '--jobs', '500', '--days', '3'])
    const line = await api.line(/LLAMA_CLOUD_BASE_URL=/)
    const [, url, key] = /LLAMA_CLOUD_BASE_URL=(\S+) LLAMA_CLOUD_API_KEY=(\S+) /.exec(line)!
    const list = (authorization: string) =>
      fetch(`${url}/api/v2/classify?page_size=7`, { headers: { authorization } })
    const page = (await (await list(`Bearer ${key}`)).json()) as {
      items: unknown[]
      next_page_token: unknown
    }
    expect(page.items).toHaveLength(7)
    expect(page.next_page_token).toEqual(expect.any(String))
    expect((await list('Bearer another')).status).toBe(401)
    api.kill(signal)
    const end = await api.finished
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(end.stdout).toMatch(
      /^The simulated API serves \d+ jobs of each list at http:\/\/127\.0\.0\.1:\d+;/,
    )
  },
)

test('simulate: a port that is taken is one plain message', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const end = await runCli(['simulate', '--port', String(port), '--jobs', '1'])
  expect(end).toMatchObject({ code: 2, stdout: '' })
  expect(end.stderr).toMatch(
    /^Cannot listen on that address \(.*EADDRINUSE.*\)\. Choose another --port or --host\.\n$/,
  )
})

test('a reader that leaves, as head does, ends the program cleanly', async () => {
  const api = await startCli(['simulate', '--port', '0', '--jobs', '1'])
  api.stopReading('stdout')
  expect(await api.finished).toMatchObject({ code: 0, signal: null, stderr: '' })
})
