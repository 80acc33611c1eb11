import { Pool } from 'pg'
import { describe, expect, test } from 'vitest'
import type { Page } from '../../../../src/api/request.ts'
import { ApiUnavailableError, DatabaseError, WrongProjectError } from '../../../../src/errors.ts'
import type { JobList, ListedJob, ListQuery } from '../../../../src/sync/job-list.ts'
import { admit, isProjectShown, showsAny } from '../../../../src/sync/recheck/known-jobs.ts'
import { ProjectWatch } from '../../../../src/sync/recheck/project-watch.ts'

const CANARIES = Array.from({ length: 50 }, (_, index) => `job ${index}`)
const STRANGER: ListedJob = { id: 'stranger', projectId: 'q', createdAt: null }

interface Api {
  /** Which jobs the API returns. */
  readonly shown?: readonly string[]
  /** What a request throws that holds one of these. */
  readonly poisoned?: readonly string[]
  readonly error?: Error
}

/** What asks, of an API that answers so. */
function asking({ shown = [], poisoned = [], error = new ApiUnavailableError('500') }: Api) {
  const requests: ListQuery[] = []
  const projects = new ProjectWatch({ known: new Map([['p', CANARIES]]), now: () => 0, random: () => 0 })
  const readPage = async (query: ListQuery): Promise<Page> => {
    requests.push(query)
    const { ids = [] } = query
    if (ids.some((id) => poisoned.includes(id))) throw error
    const items = ids.filter((id) => shown.includes(id))
    return { items, nextPageToken: null, size: 0, date: undefined, receivedAt: 0 } as unknown as Page
  }
  const decode = (id: unknown) => ({ job: { id: String(id), projectId: 'p', createdAt: null } })
  const jobs = { readPage, decode, asksById: true, pageSize: { most: 100 } } as unknown as JobList
  const explain = (reason: unknown) => reason as Error
  // It takes ids: where its jobs were created is not looked up.
  const pool = new Pool()
  return { run: { jobs, pool, projects, explain, signal: new AbortController().signal }, projects, requests }
}

describe('I12, A19: a canary that makes requests fail', () => {
  test.each([
    [1, ['job 0']],
    [1, ['job 49']],
    [2, ['job 3', 'job 4']],
  ])('costs no more than itself (%s at fault)', async (_, poisoned) => {
    const { run, projects, requests } = asking({ shown: CANARIES, poisoned })
    expect(await isProjectShown(run, 'p')).toBe(true)
    expect(projects.canariesOf('p')).toEqual(CANARIES.filter((id) => !poisoned.includes(id)))
    expect(requests.length).toBeLessThanOrEqual(21)
    // Only the first may be retried.
    expect(requests.slice(1).every(({ attempts }) => attempts === 'one')).toBe(true)
    const again = requests.length
    expect(await isProjectShown(run, 'p')).toBe(true)
    expect(requests).toHaveLength(again)
  })

  test('does not hide that the project is dark', async () => {
    const { run, projects } = asking({ poisoned: ['job 7'] })
    expect(await isProjectShown(run, 'p')).toBe(false)
    expect(projects.nothingCame).toBe(true)
  })

  test('is no reason to take a key for a wrong one, or to let a wrong one in', async () => {
    const poisoned = ['job 1']
    await expect(admit(asking({ shown: CANARIES, poisoned }).run, [STRANGER])).resolves.toBeUndefined()
    await expect(admit(asking({ poisoned }).run, [STRANGER])).rejects.toThrow(WrongProjectError)
  })

  test('I11: where many are at fault the search ends', async () => {
    const { run, requests } = asking({ shown: CANARIES, poisoned: CANARIES.filter((_, index) => index % 2) })
    expect(await isProjectShown(run, 'p')).toBe(false)
    expect(requests.length).toBeLessThanOrEqual(22)
  })
})

describe('where nothing is answered', () => {
  test('no miss counts, and no canary is dropped', async () => {
    const { run, projects, requests } = asking({ poisoned: CANARIES })
    expect(await isProjectShown(run, 'p')).toBe(false)
    expect(projects.canariesOf('p')).toEqual(CANARIES)
    const asked = requests.length
    expect(await isProjectShown(run, 'p')).toBe(false)
    expect(requests).toHaveLength(asked)
  })

  test('nobody can tell whose the key is: that fails', async () => {
    await expect(admit(asking({ poisoned: CANARIES }).run, [STRANGER])).rejects.toThrow(ApiUnavailableError)
  })
})

test('what concerns everything is thrown at once', async () => {
  const { run, requests } = asking({ poisoned: CANARIES, error: new DatabaseError('gone') })
  await expect(isProjectShown(run, 'p')).rejects.toThrow(DatabaseError)
  expect(requests).toHaveLength(1)
})

test('a project without canaries is not shown, and not dark either', async () => {
  const { run, projects, requests } = asking({ shown: CANARIES })
  expect(await isProjectShown(run, 'q')).toBe(false)
  expect(await showsAny(run, [])).toBe(false)
  expect([requests.length, projects.nothingCame]).toEqual([0, false])
})
