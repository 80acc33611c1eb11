import { expect, test } from 'vitest'
import { completeBy, countRepairs } from '../../../../src/sync/commit/repairs.ts'
import { DAY, formatInstant, HOUR, parseInstant } from '../../../../src/values/instant.ts'

const present = parseInstant('2026-03-01T00:00:00Z')!
const complete = { lower: present - 30 * DAY, upper: present }

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

test('only new jobs where the coverage was complete count, both ends included', () => {
  const page = pageOf({
    'too old': formatInstant(complete.lower - 1),
    oldest: formatInstant(complete.lower),
    newest: formatInstant(complete.upper),
    'too new': formatInstant(complete.upper + 1),
    timeless: null,
    absurd: '9999-12-31T23:59:59.999999Z',
    'not new': formatInstant(complete.upper - DAY),
  })
  const inserted = ['too old', 'oldest', 'newest', 'too new', 'timeless', 'absurd']
  expect(countRepairs(page, written(inserted), complete)).toBe(2)
  expect(countRepairs(page, written(inserted), null)).toBe(0)
  expect(countRepairs(page, written([]), complete)).toBe(0)
})

test('terminal jobs that differed count wherever they lie, in addition', () => {
  const page = pageOf({ a: formatInstant(present), b: null, c: formatInstant(0) })
  expect(countRepairs(page, written(['a'], ['b', 'c']), complete)).toBe(3)
  expect(countRepairs(page, written([], ['b', 'c']), null)).toBe(2)
})

test('A7: nothing counts as complete within the overlap, in which jobs may become visible late', () => {
  const coverage = { coveredFrom: present - DAY, watermark: present }
  expect(completeBy(coverage, { overlap: HOUR })).toEqual({ lower: present - DAY, upper: present - HOUR })
  expect(completeBy(null, { overlap: HOUR })).toBeNull()
})
