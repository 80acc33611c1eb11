/**
 * Where the worker's time goes: `npm run build && npm exec -- node bench/profile.ts load [JOBS]` for a first load, 100,000
 * jobs by default, or `… startup` for a `sync` that finds nothing new. Prints what the processor worked on, by package and
 * by function; what the worker waited for is `(idle)`. It runs from its sources, which tell its parts.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from '../src/commands/table.ts'
import { withBenchDatabase } from './support/database.ts'
import { startApi } from './support/stage.ts'
import { runWorker, SOURCES } from './support/worker.ts'

const LINES = 25

interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly children?: readonly number[]
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

const [what = 'load', size] = process.argv.slice(2)
const isStartup = what === 'startup'
const jobs = Number(size ?? (isStartup ? 10_000 : 100_000))
const print = (text: string) => process.stdout.write(`${text}\n`)
const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-profile-'))
const { api, env: apiEnv } = await startApi(jobs)
try {
  await withBenchDatabase(async ({ url }) => {
    const env = { ...apiEnv, DATABASE_URL: url }
    await runWorker(['migrate'], env)
    if (isStartup) await runWorker(['sync'], env)
    await runWorker(['sync'], env, ['--cpu-prof', `--cpu-prof-dir=${folder}`], SOURCES)
  })
  for (const file of await readdir(folder)) show(JSON.parse(await readFile(join(folder, file), 'utf8')))
} finally {
  await api.stop()
  await rm(folder, { recursive: true, force: true })
}

function show({ nodes, samples, timeDeltas }: Profile): void {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const callers = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  )
  const groups = new Map<string, number>()
  const functions = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const node = byId.get(id)
    const micros = timeDeltas[index] ?? 0
    if (!node) continue
    total += micros
    add(groups, groupOf(node, callers), micros)
    add(functions, nameOf(node), micros)
  }
  for (const [title, times] of [
    ['where', groups],
    ['function', functions],
  ] as const) {
    const largest = [...times].toSorted(([, left], [, right]) => right - left).slice(0, LINES)
    const lines = largest.map(([name, micros]) => [
      name,
      (micros / 1_000).toFixed(0),
      ((micros / total) * 100).toFixed(1),
    ])
    print(`\n${table([title, 'ms', '%'], lines)}`)
  }
}

function add(times: Map<string, number>, name: string, micros: number): void {
  times.set(name, (times.get(name) ?? 0) + micros)
}

/** The package, the program's own folder, or a part of Node.js. What is built into V8 counts for who called it. */
function groupOf(node: ProfileNode, callers: ReadonlyMap<number, ProfileNode>): string {
  const { functionName, url } = node.callFrame
  const caller = callers.get(node.id)
  if (url === '' && caller && !functionName.startsWith('(')) return groupOf(caller, callers)
  const fromPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (fromPackage !== undefined) return fromPackage
  const own = /\/src\/(.*\/)?/.exec(url)
  if (own) return `llamacloud-sync ${own[1] ?? ''}`.trim()
  if (url === '') return functionName
  return /^node:internal\/(modules|bootstrap|vm|process)/.test(url) ? 'Node.js: loading modules' : 'Node.js'
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const place = url === '' ? '' : ` ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`
  return `${functionName || '(anonymous)'}${place}`
}
