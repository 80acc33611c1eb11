import { expect, test } from 'vitest'
import { countRepairs } from '../../../src/sync/reconcile.ts'
import { DAY, formatInstant, parseInstant } from '../../../src/values/instant.ts'

const present = parseInstant('2026-03-01T00:00:00Z')!
const promised = { coveredFrom: present - 30 * DAY, watermark: present }

function pageOf(createdAt: Record<string, string | null>) {
  const observedAt = formatInstant(present)
  return {
    jobs: Object.entries(createdAt).map(([id, at]) => ({
      job: { id, projectId: null, createdAt: at },
      observedAt,
    })),
    rejects: [],
  }
}

function written(insertedIds: string[], revisedIds: string[] = []) {
  return {
    inserted: insertedIds.length,
    updated: 9,
    unchanged: 9,
    stale: 9,
    openIds: [],
    insertedIds,
    revisedIds,
  }
}

test('only new jobs that the coverage promised count, both ends included', () => {
  const page = pageOf({
    'too old': formatInstant(promised.coveredFrom - 1),
    oldest: formatInstant(promised.coveredFrom),
    newest: formatInstant(promised.watermark),
    'too new': formatInstant(promised.watermark + 1),
    timeless: null,
    absurd: '9999-12-31T23:59:59.999999Z',
    'not new': formatInstant(promised.watermark - DAY),
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
