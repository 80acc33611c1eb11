import { describe, expect, test } from 'vitest'
import type { ListedJob } from '../../../../src/sync/job-list.ts'
import { MOST_CANARIES, ProjectWatch } from '../../../../src/sync/recheck/project-watch.ts'
import { type Instant, MINUTE } from '../../../../src/values/instant.ts'
import { seededRandom } from '../../../support/virtual-clock.ts'

function watchOf(known: Record<string, readonly string[]> = {}) {
  let now: Instant = 0
  const watch = new ProjectWatch({
    known: new Map(Object.entries(known)),
    now: () => now,
    random: seededRandom(1),
  })
  const pass = (by: Instant) => {
    now += by
  }
  return { watch, pass }
}

const jobsOf = (projectId: string | null, ...ids: string[]): ListedJob[] =>
  ids.map((id) => ({ id, projectId, createdAt: null }))
const many = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index}`)

describe('A20: jobs are strangers', () => {
  test.each<[string, Record<string, string[]>, ListedJob[], boolean]>([
    ['not while no project is known', {}, jobsOf('q', 'a'), false],
    [
      'not when one of them is of a known project',
      { p: [] },
      [...jobsOf('q', 'a'), ...jobsOf('p', 'b')],
      false,
    ],
    ['when all of them are of others', { p: ['c'] }, jobsOf('q', 'a', 'b'), true],
    ['not when they name no project: that says nothing', { p: ['c'] }, jobsOf(null, 'a'), false],
    ['not when there are none', { p: ['c'] }, [], false],
    ['not when only jobs without a project are known', { '': ['c'] }, jobsOf('q', 'a'), false],
  ])('%s', (_, known, jobs, expected) => {
    expect(watchOf(known).watch.areStrangers(jobs)).toBe(expected)
  })
})

describe('whether a project shows', () => {
  test('A18: is known for ten minutes after its jobs came, or were asked for in vain; then it is asked again', () => {
    const { watch, pass } = watchOf({ p: ['a'] })
    expect(watch.isShown('p')).toBeUndefined()
    watch.isDark('p')
    pass(10 * MINUTE)
    expect(watch.isShown('p')).toBe(false)
    pass(1)
    expect(watch.isShown('p')).toBeUndefined()
    watch.delivered(jobsOf('p', 'a'))
    expect([watch.isShown('p'), watch.isShown('q')]).toEqual([true, undefined])
    pass(10 * MINUTE + 1)
    expect(watch.isShown('p')).toBeUndefined()
  })

  test('A18: nothing came only where one is dark and no other came', () => {
    const { watch } = watchOf({ p: ['a'] })
    expect(watch.nothingCame).toBe(false)
    watch.isDark('p')
    expect(watch.nothingCame).toBe(true)
    watch.delivered(jobsOf('q', 'b'))
    expect(watch.nothingCame).toBe(false)
  })
})

describe('canaries', () => {
  test('of a new project are the first jobs that were stored of it, at most 50, saved with them', () => {
    const { watch } = watchOf()
    const jobs = [...jobsOf('p', ...many(60, 'p')), ...jobsOf(null, 'timeless')]
    const found = watch.newAmong(jobs)
    expect(found.get('p')).toEqual(many(MOST_CANARIES, 'p'))
    expect(found.get('')).toEqual(['timeless'])
    expect(watch.canaries).toEqual([])
    watch.stored(jobs)
    expect(watch.canariesOf('p')).toEqual(many(MOST_CANARIES, 'p'))
    expect(watch.newAmong(jobs)).toEqual(new Map())
    expect(watch.projects).toEqual(['p'])
  })

  test('are renewed by half at a run that stored jobs, so that what vanishes first does not take all of them', () => {
    const old = many(MOST_CANARIES, 'old')
    const { watch } = watchOf({ p: old, q: ['b'] })
    expect(watch.renewed(true)).toEqual(new Map())
    watch.stored(jobsOf('p', ...many(500, 'new')))
    const renewed = watch.renewed(true)
    expect([...renewed.keys()]).toEqual(['p'])
    const ids = renewed.get('p')!
    expect(ids).toHaveLength(MOST_CANARIES)
    expect(ids.filter((id) => id.startsWith('old'))).toHaveLength(MOST_CANARIES / 2)
    // Of the whole run, not of its beginning.
    expect(ids.some((id) => Number(id.replace('new ', '')) > 100)).toBe(true)
  })

  test('of a project that has few are joined by others that come, new or not', () => {
    const { watch } = watchOf({ p: ['a'], q: many(MOST_CANARIES / 2, 'q') })
    watch.stored([...jobsOf('p', 'a', 'moved'), ...jobsOf('q', 'another')])
    expect(watch.renewed(false)).toEqual(new Map([['p', ['moved', 'a']]]))
  })

  test('half of them are the oldest ones, however often they are renewed: what is created together may vanish together', () => {
    let known: Record<string, readonly string[]> = { p: many(MOST_CANARIES, 'first') }
    for (const day of [1, 2, 3, 4, 5, 6]) {
      const { watch } = watchOf(known)
      watch.stored(jobsOf('p', ...many(10, `day ${day}`)))
      known = Object.fromEntries(watch.renewed(true))
    }
    const ids = known.p!
    expect(ids).toHaveLength(MOST_CANARIES)
    expect(ids.filter((id) => id.startsWith('first'))).toHaveLength(MOST_CANARIES / 2)
    // The others are the newest.
    expect(ids.filter((id) => id.startsWith('day 6'))).toHaveLength(10)
    expect(ids.filter((id) => id.startsWith('day 5'))).toHaveLength(10)
    expect(ids.filter((id) => id.startsWith('day 1'))).toEqual([])
  })

  test('those that went or cannot be asked for are none any more', () => {
    const { watch } = watchOf({ p: ['a', 'b'], q: ['c'] })
    watch.lapse('a')
    expect([watch.canariesOf('p'), watch.canaries]).toEqual([['b'], ['b', 'c']])
    watch.lapse('c')
    expect(watch.renewed(false)).toEqual(
      new Map([
        ['p', ['b']],
        ['q', []],
      ]),
    )
  })

  test('are different jobs, also where the head and a span showed the same', () => {
    const { watch } = watchOf({ p: ['gone'] })
    for (let time = 0; time < 3; time += 1) watch.stored(jobsOf('p', 'a', 'b'))
    expect(watch.renewed(true).get('p')?.toSorted()).toEqual(['a', 'b', 'gone'])
  })

  test('A5: are different jobs where a page holds one twice, and where one moved to another project', () => {
    const { watch } = watchOf()
    const [job] = jobsOf('p', 'a')
    expect(watch.newAmong([job!, job!])).toEqual(new Map([['p', ['a']]]))
    watch.stored([job!, ...jobsOf('q', 'a')])
    expect([watch.canariesOf('p'), watch.canariesOf('q'), watch.canaries]).toEqual([['a'], ['a'], ['a']])
  })

  test('are forgotten when the stored jobs were lost; the projects are not', () => {
    const { watch } = watchOf({ p: ['a'] })
    watch.forgetCanaries()
    expect([watch.canaries, watch.projects]).toEqual([[], ['p']])
    expect(watch.areStrangers(jobsOf('q', 'b'))).toBe(true)
    expect(watch.newAmong(jobsOf('p', 'c'))).toEqual(new Map([['p', ['c']]]))
  })
})
