import type { PoolClient } from 'pg'
import { expect, test } from 'vitest'
import { PageSize } from '../../../../src/api/page-size.ts'
import { Hold } from '../../../../src/api/room.ts'
import { Committer, type DecodedPage, type PageCommits } from '../../../../src/sync/commit/committer.ts'
import { type RunContext, Tally } from '../../../../src/sync/run.ts'

/** A transaction that has begun and ends when the test says so. */
interface Transaction {
  /** The progress that it saves, one list a listing. */
  saved: readonly (readonly string[])[]
  /** How many jobs it writes. */
  rows: number
  end(error?: Error): Promise<void>
}

/** A run whose transactions stay open until they are ended. */
function createCommits() {
  const transactions: Transaction[] = []
  const client = {
    query: async () => ({ rows: [{ commits: transactions.length }] }),
  } as unknown as PoolClient
  const written = { inserted: 0, updated: 0, unchanged: 0, stale: 0 }
  const commit = <T>(work: (client: PoolClient) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const transaction: Transaction = {
        saved: [],
        rows: 0,
        end: async (error) => {
          if (error) reject(error)
          else resolve(await work(client))
          await rest()
        },
      }
      transactions.push(transaction)
    })
  const run = {
    id: 1,
    lease: { source: 'default', now: () => 0, commit },
    jobs: {
      pageSize: stored(new PageSize()),
      write: async (_: PoolClient, __: string, jobs: readonly unknown[]) => {
        current().rows = jobs.length
        return { ...written, openIds: [], insertedIds: [], doubtfulIds: [], revisedIds: [], ended: [] }
      },
    },
    projects: { newAmong: () => new Map(), stored: () => {} },
    tally: new Tally(),
    complete: null,
    options: { overlap: 0 },
  } as unknown as RunContext
  let ended = 0
  const current = () => transactions[ended - 1]!
  const committer = new Committer<string>(run, async (_, progress) => {
    current().saved = progress
  })
  /** Ends the n-th transaction to have begun. */
  const end = async (number: number, error?: Error) => {
    ended = number
    await transactions[number - 1]!.end(error)
  }
  return { committer, transactions, end }
}

const OBSERVED = '2026-03-02 08:00:00+00'

function pageOf(jobs: number, size = 0, hold = new Hold(0, () => true)): DecodedPage {
  const job = (index: number) => ({
    job: { id: `job ${index}`, projectId: null, createdAt: null },
    observedAt: OBSERVED,
  })
  return {
    jobs: Array.from({ length: jobs }, (_, index) => job(index)),
    rejects: [],
    size,
    observation: { at: OBSERVED, end: () => {} },
    received: jobs,
    nextPageToken: null,
    hold,
  }
}

function stored(pageSize: PageSize): PageSize {
  pageSize.begin(null)
  return pageSize
}

/** Lets everything go on that can. */
const rest = () => new Promise((resolve) => setImmediate(resolve))

function addTo(commits: PageCommits<string>, progress: string, page = pageOf(1)): Promise<void> {
  const added = commits.add(page, progress)
  added.catch(() => {})
  return added
}

test('what waits while two transactions are under way goes into the next one together', async () => {
  const { committer, transactions, end } = createCommits()
  for (const name of ['a', 'b', 'c', 'd', 'e']) addTo(committer.open(), name)
  expect(transactions).toHaveLength(2)
  await end(1)
  expect(transactions).toHaveLength(3)
  await end(3)
  expect(transactions[0]?.saved).toEqual([['a']])
  expect(transactions[2]).toMatchObject({ saved: [['c'], ['d'], ['e']], rows: 3 })
})

test('I2: the pages of one listing are in order and never in two transactions at once', async () => {
  const { committer, transactions, end } = createCommits()
  const [one, other] = [committer.open(), committer.open()]
  for (const page of ['1', '2', '3']) addTo(one, page)
  expect(transactions).toHaveLength(1)
  addTo(other, 'x')
  expect(transactions).toHaveLength(2)
  await end(2)
  expect(transactions).toHaveLength(2)
  await end(1)
  expect(transactions).toHaveLength(3)
  await end(3)
  expect(transactions.map(({ saved }) => saved)).toEqual([[['1']], [['x']], [['2', '3']]])
})

test('a transaction takes about 1,000 rows, or 4 MB, but always a page', async () => {
  const { committer, transactions, end } = createCommits()
  for (const name of ['a', 'b']) addTo(committer.open(), name)
  for (const rows of [600, 400, 1, 5_000]) addTo(committer.open(), 'many', pageOf(rows))
  for (const size of [5_000_000, 2_500_000, 1_500_000]) addTo(committer.open(), 'large', pageOf(1, size))
  for (let number = 1; number <= transactions.length; number += 1) await end(number)
  expect(transactions.map(({ saved }) => saved.length)).toEqual([1, 1, 2, 1, 1, 1, 2])
})

test('I2: after a failure nothing more is committed, and all that waits fails for the same reason', async () => {
  const { committer, transactions, end } = createCommits()
  const listing = committer.open()
  const [first, second] = [addTo(listing, '1'), addTo(listing, '2')]
  await Promise.all([first, second])
  const failure = new Error('disk full')
  await end(1, failure)
  await expect(listing.flush()).rejects.toBe(failure)
  const late = committer.open()
  await addTo(late, 'late')
  await expect(late.flush()).rejects.toBe(failure)
  expect(transactions).toHaveLength(1)
})

test('I2: flush is not over while a transaction with a page of the listing is under way, even after a failure', async () => {
  const { committer, end } = createCommits()
  const [listing, other] = [committer.open(), committer.open()]
  for (const page of ['1', '2']) addTo(listing, page)
  addTo(other, 'x')
  let outcome: unknown = 'under way'
  const flushed = listing.flush().catch((error) => {
    outcome = error
  })
  const failure = new Error('disk full')
  await end(2, failure)
  expect(outcome).toBe('under way')
  await end(1)
  await flushed
  expect(outcome).toBe(failure)
})

test('I11: a listing with two pages on their way waits before it hands over another', async () => {
  const { committer, end } = createCommits()
  const listing = committer.open()
  for (const page of ['1', '2']) await addTo(listing, page)
  let accepted = false
  const third = addTo(listing, '3').then(() => {
    accepted = true
  })
  await rest()
  expect(accepted).toBe(false)
  await end(1)
  await third
  expect(accepted).toBe(true)
})
