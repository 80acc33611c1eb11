import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

const VERSION = '5.16.0'
/** Kept from run to run. Beside the project: its 70 MB are for this test alone. */
const HOME = join(tmpdir(), `llamacloud-sync-prism-${VERSION}`)
const PROGRAM = join(HOME, 'node_modules', '@stoplight', 'prism-cli', 'dist', 'index.js')
const READY = join(HOME, 'ready')

/** Installs Prism, a server that is driven by an OpenAPI description; returns why it is not to be had, if so. */
export async function installPrism(): Promise<string | null> {
  const isReady = await access(READY).then(
    () => true,
    () => false,
  )
  if (isReady) return null
  try {
    await rm(HOME, { recursive: true, force: true })
    await mkdir(HOME, { recursive: true })
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error']
    await run('npm', ['install', '--prefix', HOME, ...flags, `@stoplight/prism-cli@${VERSION}`])
    await writeFile(READY, '')
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return reason.trim().split('\n').at(-1) ?? reason
  }
}

export interface Prism {
  readonly url: string
  /** How many requests it took. */
  requests(): number
  /** What was wrong with requests and replies. */
  complaints(): string[]
}

/** Serves the API that a file describes: with replies of its own, or in front of `upstream`. It ends with the test. */
export async function startPrism(description: string, upstream?: string): Promise<Prism> {
  const mode = upstream === undefined ? ['mock', description] : ['proxy', description, upstream]
  const child = spawn(process.execPath, [PROGRAM, ...mode, '--port', '0', '--multiprocess', 'false'], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const lines: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const listening = /Prism is listening on (\S+)/.exec(line)
      if (listening?.[1]) resolve(listening[1])
    })
    child.once('exit', () => reject(new Error(`Prism ended:\n${lines.join('\n')}`)))
  })
  const matching = (pattern: RegExp) => lines.filter((line) => pattern.test(line))
  return {
    url,
    requests: () => matching(/Request received/).length,
    complaints: () => matching(/warning|error/),
  }
}
