import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../..')

export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** The files in these folders that people read, in their order; paths from the root of the project. */
export function textFiles(folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((path) => /\.(ts|js|cjs|md|sql|sh|ya?ml)$/.test(path))
    .sort()
}

/** Every page of the project, those at its root first. */
export function pages(): string[] {
  const atRoot = readdirSync(ROOT).filter((name) => name.endsWith('.md'))
  return [...atRoot, ...textFiles(['docs', '.github']).filter((path) => path.endsWith('.md'))]
}

/** What stands in the titles of a file's tests and of their groups. */
export function testTitles(path: string): string[] {
  return [...read(path).matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1,\s*(?:async\b|\()/gs)].map(
    ([, , title = '']) => title,
  )
}

/** The numbers of invariants and assumptions that a text cites; `I1..I3` cites three. */
export function citedNumbers(text: string): string[] {
  const found = text.matchAll(/\b([AI])(\d{1,2})(?:\.\.\1(\d{1,2}))?\b/g)
  return [...found].flatMap(([, letter = '', first, last = first]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, index) => `${letter}${Number(first) + index}`,
    ),
  )
}
