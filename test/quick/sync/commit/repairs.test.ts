import { expect, test } from 'vitest'
import { countRepairs, promisedBy } from '../../../../src/sync/commit/repairs.ts'
import { DAY, formatInstant, HOUR, parseInstant } from '../../../../src/values/instant.ts'

const present = parseInstant('2026-03-01T00:00:00Z')!
const promised = { from: present - 30 * DAY, to: present }

function pageOf(createdAt: Record<string, string | null>) {
  const observedAt = formatInstant(present)
  return {
    jobs: Object.entries(createdAt).map(([id, at]) => ({
      job: { id, projectId: null, createdAt: at },
      observedAt,
    })),
  }
}

function written(insertedIds: string[], revisedIds: string[] = []) {
  return { insertedIds, revisedIds }
}

test('only new jobs that the coverage promised count, both ends included', () => {
  const page = pageOf({
    'too old': formatInstant(promised.from - 1),
    oldest: formatInstant(promised.from),
    newest: formatInstant(promised.to),
    'too new': formatInstant(promised.to + 1),
    timeless: null,
    absurd: '9999-12-31T23:59:59.999999Z',
    'not new': formatInstant(promised.to - DAY),
  })
  const inserted = ['too old', 'oldest', 'newest', 'too new', 'timeless', 'absurd']
  expect(countRepairs(page, written(inserted), promised)).toBe(2)
  expect(countRepairs(page, written(inserted), null)).toBe(0)
  expect(countRepairs(page, written([]), promised)).toBe(0)
})

test('terminal jobs that differed count wherever they lie, in addition', () => {
  const page = pageOf({ a: formatInstant(present), b: null, c: formatInstant(0) })
  expect(countRepairs(page, written(['a'], ['b', 'c']), promised)).toBe(3)
  expect(countRepairs(page, written([], ['b', 'c']), null)).toBe(2)
})

test('A7: the coverage promises nothing of the overlap, in which jobs may become visible late', () => {
  const coverage = { coveredFrom: present - DAY, watermark: present }
  expect(promisedBy(coverage, { overlap: HOUR })).toEqual({ from: present - DAY, to: present - HOUR })
  expect(promisedBy(null, { overlap: HOUR })).toBeNull()
})
