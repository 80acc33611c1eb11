import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pages, ROOT, read, testTitles, textFiles } from './pages.ts'

const exists = (path: string) => existsSync(join(ROOT, path))

interface Link {
  readonly words: string
  /** From the root of the project. */
  readonly path: string
  readonly anchor: string
}

/** The links of a page that stay in the project. */
function linksIn(page: string): Link[] {
  const links = [...read(page).matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)]
  return links
    .filter(([, , target = '']) => !/^[a-z]+:/.test(target))
    .map(([, words = '', target = '']) => {
      const [path = '', anchor = ''] = target.split('#')
      return { words, path: path === '' ? page : normalize(join(dirname(page), path)), anchor }
    })
}

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

/** Whether a source file says what the name is: a function, a type, a constant, a method or a member. */
function declares(path: string, name: string): boolean {
  const declared = new RegExp(
    `\\b(function\\*?|class|interface|type|const|let) ${name}\\b|^ +(readonly |async |get |\\*)*${name}[?(:]`,
    'm',
  )
  return declared.test(read(path))
}

describe.each(pages())('%s', (page) => {
  test('its links lead somewhere', () => {
    const broken = linksIn(page).filter(
      ({ path, anchor }) => !exists(path) || (anchor !== '' && !anchorsOf(path).includes(anchor)),
    )
    expect(broken).toEqual([])
  })

  test('a link named like `code` leads to the file that declares it, and one named "so" to the test of that title', () => {
    const named = linksIn(page).filter(({ path }) => /^(src|test)\/.*\.ts$/.test(path))
    const wrong = named.filter(({ words, path }) => {
      const [, file = '', symbol] = /^(?:`([\w./-]+)` )?`(\w+)`$/.exec(words) ?? []
      const [, title] = /^"(.+)"$/.exec(words) ?? []
      if (symbol !== undefined) return !(path.endsWith(file) && declares(path, symbol))
      if (title !== undefined) return !testTitles(path).some((it) => it.includes(title))
      // The words are the path itself, or the end of it.
      return !path.endsWith(words.replaceAll('`', ''))
    })
    expect(wrong).toEqual([])
  })

  test('the files and folders that it names are there', () => {
    const paths = [...read(page).matchAll(/`((?:src|test|docs|bench|scripts|migrations)\/[\w./-]+)`/g)]
    expect(paths.map(([, path = '']) => path).filter((path) => !exists(path))).toEqual([])
  })

  test('the npm scripts that it names are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(page).matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

test('nothing names a document that is not in the project', () => {
  const folders = ['src', 'test', 'bench', 'scripts', 'migrations', 'bin', 'docs', '.github']
  const missing = [...new Set([...textFiles(folders), ...pages()])].flatMap((path) => {
    const text = read(path)
    const places = ['', dirname(path), 'docs']
    const files = text.match(/(?<![\w/.*-])[\w./-]*\w\.md\b/g) ?? []
    const numbered = text.match(/\b[Ss]ection \d|\b[D]ESIGN\b|\b[Ii]ssue #?\d/g) ?? []
    const unknown = files.filter((file) => !places.some((place) => exists(join(place, file))))
    return [...unknown, ...numbered].map((words) => `${path}: ${words}`)
  })
  expect(missing).toEqual([])
})
