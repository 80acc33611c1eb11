import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** What every part may use; it uses nothing but itself. */
const GROUND = ['clock', 'error-text', 'errors', 'log', 'memory', 'redact', 'terminal', 'values']

/** The arrows between the parts of src, as ARCHITECTURE.md draws them. Whoever adds a part says here what it may use. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  main: ['commands'],
  commands: ['worker', 'sources', 'sync', 'store', 'config', 'doctor', 'report', 'simulator'],
  worker: ['sources', 'sync', 'store'],
  doctor: ['sources', 'store', 'api', 'config'],
  sources: ['lists', 'sync', 'store', 'api', 'config'],
  lists: ['sync', 'store', 'api'],
  sync: ['store', 'api'],
  report: ['store'],
  config: ['store', 'api'],
  store: ['embedded-postgres'],
  api: [],
  'embedded-postgres': [],
  simulator: [],
}

/** Packages that only some parts may use. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pg: ['commands', 'doctor', 'lists', 'sync', 'report', 'store', 'embedded-postgres'],
  'drizzle-orm': ['store'],
  'embedded-postgres': ['store', 'embedded-postgres'],
  '@llamaindex/llama-cloud': ['lists', 'api'],
}

/** Path of a file to its text. */
type Files = Readonly<Record<string, string>>

/** `src/store/pool.ts` is of the part `store`, and `src/sources.ts` is the part `sources`. */
function partOf(path: string): string {
  const [, name = ''] = path.split('/')
  return name.replace(/\.c?[jt]s$/, '')
}

const IMPORT = /(?:\bfrom |\bimport |\bimport\(|\brequire\(|\)\()'([^']+)'/g

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, specifier = '']) => specifier)
}

/** Each import against the arrows, a line each, and each part that has none. */
function faultsIn(files: Files): string[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const part = partOf(path)
    if (!GROUND.includes(part) && ARROWS[part] === undefined) return [`${path}: no arrows for ${part}`]
    return importsOf(text).flatMap((specifier) =>
      specifier.startsWith('.')
        ? faultOfFile(path, join(dirname(path), specifier))
        : faultOfPackage(path, specifier),
    )
  })
}

function faultOfFile(path: string, target: string): string[] {
  const [from, to] = [partOf(path), partOf(target)]
  const allowed = [from, ...GROUND, ...(ARROWS[from] ?? [])]
  return allowed.includes(to) ? [] : [`${path} imports ${target}: ${from} may not use ${to}`]
}

function faultOfPackage(path: string, specifier: string): string[] {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''
  const from = partOf(path)
  const allowed = PACKAGES[name] ?? [from]
  return allowed.includes(from) ? [] : [`${path} imports ${specifier}: ${from} may not use it`]
}

function sourceFiles(): Files {
  const paths = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  const sources = paths.filter((path) => /\.c?ts$|\.cjs$/.test(path)).map((path) => join('src', path))
  return Object.fromEntries(sources.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
}

test('no import goes against the arrows', () => {
  const files = sourceFiles()
  expect(Object.keys(files)).toContain('src/store/drizzle.cjs')
  expect(faultsIn(files)).toEqual([])
})

test.each([
  ['src/sync/head.ts', "import { a } from '../lists/classify/job.ts'", 'src/lists/classify/job.ts', 'lists'],
  ['src/simulator/world.ts', "import type { Page } from '../api/request.ts'", 'src/api/request.ts', 'api'],
  ['src/store/lease.ts', "await import('../sync/run.ts')", 'src/sync/run.ts', 'sync'],
  ['src/values/json.ts', "export { a } from '../api/pages.ts'", 'src/api/pages.ts', 'api'],
])('an import in %s against the arrows is found: %s', (path, text, target, part) => {
  const fault = `${path} imports ${target}: ${partOf(path)} may not use ${part}`
  expect(faultsIn({ [path]: `${text}\n` })).toEqual([fault])
})

test('api knows no SQL, and the engine no API of LlamaCloud', () => {
  expect(faultsIn({ 'src/api/client.ts': "import type { Pool } from 'pg'" })).toHaveLength(1)
  expect(faultsIn({ 'src/sync/run.ts': "import L from '@llamaindex/llama-cloud/client'" })).toHaveLength(1)
})

test('a part without arrows is found', () => {
  expect(faultsIn({ 'src/parts/new.ts': '' })).toEqual(['src/parts/new.ts: no arrows for parts'])
})

test("all SQL on the worker's own tables is in the store", () => {
  const others = Object.entries(sourceFiles()).filter(([path]) => partOf(path) !== 'store')
  expect(others.flatMap(([path, text]) => (/llamacloud_sync\./.test(text) ? [path] : []))).toEqual([])
})

test('the arrows run one way, and ARCHITECTURE.md shows them', () => {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  const wordsIn = (text = '') => [...text.matchAll(/`([\w-]+)`/g)].map(([, word]) => word)
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| .* \|([^|]*)\|$/gm)].map(([, part, uses]) => [
    part,
    wordsIn(uses),
  ])
  expect(rows).toEqual(Object.entries(ARROWS))
  expect(wordsIn(/^The ground floor: .*$/m.exec(page)?.[0]).sort()).toEqual(GROUND)
  const parts = Object.keys(ARROWS)
  const upward = parts.filter((part, place) => ARROWS[part]?.some((used) => parts.indexOf(used) <= place))
  expect(upward).toEqual([])
})
