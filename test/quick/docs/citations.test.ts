import { describe, expect, test } from 'vitest'
import { citedNumbers, read, testTitles, textFiles } from './pages.ts'

const design = read('docs/design.md')
const upstream = read('docs/upstream.md')

/** The numbers in the first cells of a page's tables, in their order. */
const numbersIn = (page: string) => [...page.matchAll(/^\| ([AI]\d+) \|/gm)].map(([, number = '']) => number)

const upTo = (letter: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`)

const assumptions = upTo('A', numbersIn(upstream).length)
/** The page has two tables of them: what each says, and where it holds. */
const invariants = upTo('I', numbersIn(design).length / 2)

test('the pages define each number once, in order', () => {
  expect(numbersIn(upstream)).toEqual(assumptions)
  expect(numbersIn(design)).toEqual([...invariants, ...invariants])
})

describe('numbers in code, tests and pages', () => {
  const defined = [...assumptions, ...invariants]
  const files = textFiles(['src', 'test', 'bench', 'scripts', 'migrations', 'docs'])
  const citations = files.map((path) => ({ path, numbers: citedNumbers(read(path)) }))

  test('each that is cited is defined', () => {
    const unknown = citations.flatMap(({ path, numbers }) =>
      numbers.filter((number) => !defined.includes(number)).map((number) => `${path}: ${number}`),
    )
    expect(unknown).toEqual([])
  })

  test('each that is defined is cited by the code or a test', () => {
    const cited = citations.filter(({ path }) => !/(^|\/)docs\//.test(path)).flatMap(({ numbers }) => numbers)
    expect(defined.filter((number) => !cited.includes(number))).toEqual([])
  })
})

/** Rows of the table of evidence: number, where it holds, the tests that show it. */
const evidence = [
  ...design.matchAll(/^\| (I\d+) \| (.*\]\(\.\.\/src\/.*) \| (.*\]\(\.\.\/test\/.*) \|$/gm),
].map(([, number = '', , tests = '']) => ({ number, tests }))

describe('docs/design.md: where an invariant holds and what shows it', () => {
  test('every invariant has a place and a test', () => {
    expect(evidence.map(({ number }) => number)).toEqual(invariants)
  })

  test.each(evidence)('$number: each test that is named has the number in its title', ({ number, tests }) => {
    const links = [...tests.matchAll(/\["([^\]]+)"\]\(\.\.\/(test\/[^)]+)\)/g)]
    expect(links.length).toBeGreaterThan(0)
    for (const [, words = '', path = ''] of links) {
      const titles = testTitles(path).filter((title) => title.includes(words))
      expect([path, words, titles.length]).toEqual([path, words, 1])
      expect(citedNumbers(titles.join())).toContain(number)
    }
  })
})
