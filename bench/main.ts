/**
 * The yardstick: `npm run bench`, `npm run bench -- --quick`, `npm run bench -- --only a,c`,
 * `npm run bench -- --only h --stored 3000000`, `npm run bench -- --only h --beside postgres://…`. Runs the program as published
 * against the simulated API in a process of its own and a real PostgreSQL, prints one table and writes bench/results.json.
 * docs/performance.md says what each figure means.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { backfillUnderLimit } from './backfill-under-limit.ts'
import { exactLimit } from './exact-limit.ts'
import { fiveLists } from './five-lists.ts'
import { growth } from './growth.ts'
import { memory } from './memory.ts'
import { plain } from './plain.ts'
import { smallHistory } from './small-history.ts'
import { startup } from './startup.ts'
import { steadyState } from './steady-state.ts'
import { storage } from './storage.ts'
import { serverVersion } from './support/database.ts'
import { type BenchOptions, type Figure, renderRows } from './support/figure.ts'
import { Stages } from './support/stage.ts'
import { throughput } from './throughput.ts'
import { unchanged } from './unchanged.ts'

/** In the order in which they run: what writes to a stage's tables comes after what measures them. */
const FIGURES: Readonly<Record<string, (options: BenchOptions) => Promise<Figure>>> = {
  a: steadyState,
  b: backfillUnderLimit,
  c: throughput,
  d: unchanged,
  e: memory,
  f: startup,
  g: storage,
  h: growth,
  i: plain,
  j: smallHistory,
  k: exactLimit,
  l: fiveLists,
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    stored: { type: 'string' },
    beside: { type: 'string' },
  },
})
const letters = values.only?.split(',') ?? Object.keys(FIGURES)
const unknown = letters.filter((letter) => !(letter in FIGURES))
if (unknown.length > 0) {
  process.stderr.write(
    `There is no figure ${unknown.join(', ')}: choose from ${Object.keys(FIGURES).join(', ')}.\n`,
  )
  process.exit(2)
}

const stored = values.stored === undefined ? undefined : Number(values.stored)
if (stored !== undefined && !(Number.isInteger(stored) && stored > 0)) {
  process.stderr.write('--stored has to be a number of jobs.\n')
  process.exit(2)
}

const print = (text: string) => process.stdout.write(`${text}\n`)
const stages = new Stages(print)
const figures = new Map<string, Figure>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stages.close().finally(() => process.exit(1)))
}
try {
  for (const [letter, measure] of Object.entries(FIGURES)) {
    if (!letters.includes(letter)) continue
    const begun = performance.now()
    print(`${letter} ...`)
    figures.set(letter, await measure({ quick: values.quick, stored, beside: values.beside, stages, print }))
    print(`${letter} took ${((performance.now() - begun) / 1_000).toFixed(0)} s`)
  }
} finally {
  await stages.close()
}

const rows = [...figures.values()].flatMap((figure) => figure.rows)
const machine = describeMachine()
print(`\n${Object.values(machine).join(', ')}\n\n${renderRows(rows)}\n`)
for (const [letter, { notes }] of figures) for (const note of notes) print(`${letter}: ${note}`)
const notes = Object.fromEntries([...figures].map(([letter, figure]) => [letter, figure.notes.join('. ')]))
const results = { ...machine, size: values.quick ? 'quick' : 'full', rows, notes }
writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
if (rows.some(({ reached }) => reached === false)) process.exitCode = 1

function describeMachine() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    version: `llamacloud-sync ${version}`,
    commit: `commit ${commit()}`,
    processor: `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GB`,
    node: `Node.js ${process.versions.node}`,
    postgres: `PostgreSQL ${serverVersion()}`,
  }
}

/** With a mark when the files differ from it. */
function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], {
      encoding: 'utf8',
    }).trim()
  } catch {
    return 'unknown'
  }
}
