import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MUTATIONS, type Mutation } from './mutations.ts'
import { withServer } from './server.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Within this many seeds each mutation has to be found. */
const SEEDS = 300
const COPIED = ['src', 'test', 'migrations', 'package.json', 'tsconfig.json']

/** A copy of the program, to be broken. */
async function copyProgram(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'llamacloud-sync-mutants-'))
  for (const name of COPIED) await cp(join(ROOT, name), join(directory, name), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  return directory
}

/** Breaks the copy, plays, and fixes it. Returns what the simulation said of the first seed that failed, if one did. */
async function tryMutation(directory: string, { name, file, from, to }: Mutation, serverUrl: string) {
  const path = join(directory, 'src', file)
  const original = await readFile(path, 'utf8')
  if (original.split(from).length !== 2)
    throw new Error(`${name}: its text does not occur once in src/${file}`)
  await writeFile(
    path,
    original.replace(from, () => to),
  )
  try {
    return await simulate(directory, serverUrl)
  } finally {
    await writeFile(path, original)
  }
}

async function simulate(directory: string, serverUrl: string): Promise<string | undefined> {
  const args = [join(directory, 'test/simulation/main.ts'), '--seeds', `1..${SEEDS}`]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TEST_DATABASE_URL: serverUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = await once(child, 'close')
  if (code === 0) return undefined
  if (code !== 1) throw new Error(`the simulation itself ended with ${code}: ${output.slice(-2_000)}`)
  const [, seed, promise] = /^seed (\d+) FAILED\n {2}(.*)$/m.exec(output) ?? []
  return `seed ${seed}: ${promise?.slice(0, 100)}`
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2).join(' ')
  const mutations = MUTATIONS.filter(({ name }) => name.includes(wanted))
  const directory = await copyProgram()
  let survivors = 0
  try {
    await withServer(async (serverUrl) => {
      for (const mutation of mutations) {
        const caught = await tryMutation(directory, mutation, serverUrl)
        if (caught === undefined) survivors += 1
        process.stdout.write(
          `${caught === undefined ? 'SURVIVED' : 'caught  '} ${mutation.name} (${caught})\n`,
        )
      }
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  process.stdout.write(
    `${mutations.length - survivors} of ${mutations.length} mutations caught within ${SEEDS} seeds\n`,
  )
  return survivors > 0 || mutations.length === 0 ? 1 : 0
}

process.exitCode = await main()
