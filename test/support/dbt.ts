import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const PACKAGES = ['dbt-core~=1.10.0', 'dbt-postgres~=1.9.0']
/** Kept from run to run: installing takes a minute. */
const HOME = join(tmpdir(), 'llamacloud-sync-dbt-1.10')
const PACKAGE = new URL('../../dbt', import.meta.url).pathname

export type Dbt = { readonly missing: string } | { readonly missing: null; readonly program: string }

/** dbt from PyPI in an environment of its own, or why it is not to be had. */
export async function installDbt(): Promise<Dbt> {
  const program = join(HOME, 'bin', 'dbt')
  const isReady = () =>
    access(join(HOME, 'ready')).then(
      () => true,
      () => false,
    )
  if (await isReady()) return { missing: null, program }
  try {
    await rm(HOME, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', HOME])
    await run(join(HOME, 'bin', 'pip'), ['install', '--quiet', ...PACKAGES])
    await writeFile(join(HOME, 'ready'), '')
    return { missing: null, program }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { missing: reason.trim().split('\n').at(-1) ?? reason }
  }
}

/** The model of the package's README. */
const MODEL = `{{ config(materialized='incremental', unique_key='id') }}
select *, {{ llamacloud_sync.settled_to() }} as settled_to
from {{ source('llamacloud', 'classify_jobs') }}
where {{ llamacloud_sync.settled_increment('synced_at') }}
`

/** A user's project that takes ours as a package. */
export class DbtProject {
  readonly #program: string
  readonly folder: string

  private constructor(program: string, folder: string) {
    this.#program = program
    this.folder = folder
  }

  static async create(program: string, databaseUrl: string): Promise<DbtProject> {
    const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-dbt-project-'))
    const { hostname, port, username, password, pathname } = new URL(databaseUrl)
    const target = {
      type: 'postgres',
      host: hostname,
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      dbname: pathname.slice(1),
      schema: 'analytics',
      threads: 2,
    }
    // JSON is YAML.
    const project = { name: 'team', version: '1.0', 'config-version': 2, profile: 'team' }
    await mkdir(join(folder, 'models'))
    await writeFile(join(folder, 'dbt_project.yml'), JSON.stringify(project))
    await writeFile(join(folder, 'packages.yml'), JSON.stringify({ packages: [{ local: PACKAGE }] }))
    await writeFile(
      join(folder, 'profiles.yml'),
      JSON.stringify({ team: { target: 'test', outputs: { test: target } } }),
    )
    await writeFile(join(folder, 'models', 'own_jobs.sql'), MODEL)
    return new DbtProject(program, folder)
  }

  /** What it printed; an error with all of it where it failed. */
  async dbt(...args: string[]): Promise<string> {
    const env = { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', DO_NOT_TRACK: '1' }
    const options = { cwd: this.folder, env: { ...env, DBT_PROFILES_DIR: this.folder } }
    const flags = ['--no-use-colors', '--no-version-check']
    try {
      return (await run(this.#program, [...flags, ...args], options)).stdout
    } catch (error) {
      const printed = (error as { stdout?: string }).stdout ?? ''
      throw new Error(`dbt ${args.join(' ')} failed:\n${printed}`, { cause: error })
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}
