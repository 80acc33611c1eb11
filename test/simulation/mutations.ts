import { NEW_RULES } from './mutations-of-belief.ts'
import { LIST_RULES } from './mutations-of-lists.ts'

/** One way to break the engine: in a file below `src`, the first text, which must occur once, becomes the second. */
export interface Mutation {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
}

const PROTOCOL: readonly Mutation[] = [
  {
    name: 'the coverage is committed before the rows',
    file: 'sync/commit/commit.ts',
    from: '  const pageSize = run.jobs.pageSize.unsaved\n',
    to: '  const pageSize = run.jobs.pageSize.unsaved\n  if (save) await run.lease.commit((client) => save(client, { insertedIds: [] } as never))\n',
  },
  {
    name: 'the last row of a page is dropped',
    file: 'sync/commit/commit.ts',
    from: '  for (const item of items) {',
    to: '  for (const item of items.length > 1 ? items.slice(0, -1) : items) {',
  },
  {
    name: 'the fence is ignored',
    file: 'store/lease.ts',
    from: '      if (!claimed) throw loss()\n',
    to: '      if (!claimed) return work(client)\n',
  },
  {
    name: 'a listing stops at an empty page',
    file: 'api/pages.ts',
    from: '    if (next === null) return\n',
    to: '    if (next === null || page.received === 0) return\n',
  },
  {
    name: 'an empty page ends the reading of its span',
    file: 'sync/timeline/reading.ts',
    from: '    const isLast = page.nextPageToken === null\n',
    to: '    const isLast = page.nextPageToken === null || this.#estimate.jobs === 0\n',
  },
  {
    name: 'open jobs are not asked for again',
    file: 'sync/recheck/recheck.ts',
    from: '    if (due.length + early.length === 0) break',
    to: '    if (due.length >= 0) break',
  },
  {
    name: 'the overlap is ignored',
    file: 'sync/timeline/schedule.ts',
    from: '.filter((age) => age > 0)',
    to: '.filter(() => false)',
  },
  {
    name: 'an older observation wins',
    file: 'lists/newest.ts',
    from: 'return `(case\n',
    to: 'return `(case when true then false\n',
  },
  {
    name: 'a span whose token expired is asked for with it again',
    file: 'sync/timeline/due-spans.ts',
    from: "if (end === 'expired' && !(await cutExpired(run, span)))",
    to: "if (end === 'expired' && span.pages < 0)",
  },
  {
    name: 'a span that stands in the middle counts as read',
    file: 'sync/timeline/reading.ts',
    from: 'this.#progress(page, this.#span, false)',
    to: 'this.#progress(page, this.#span, true)',
  },
  {
    name: 'a span goes on from the token after the next',
    file: 'sync/listing.ts',
    from: '    for await (const page of ahead(readPages(fetchPage, from))) {\n      underWay.delete(page.observation)\n      try {\n        yield page',
    to: '    let first = from !== null\n    for await (const page of ahead(readPages(fetchPage, from))) {\n      underWay.delete(page.observation)\n      try {\n        if (!first) yield page\n        first = false',
  },
  {
    name: 'the head leaves a minute out where it ended before',
    file: 'sync/timeline/head-reading.ts',
    from: 'const left = unreadSpan({ lower: this.#from, upper }',
    to: 'const left = unreadSpan({ lower: Math.min(upper, this.#from + 60_000_000), upper }',
  },
  {
    name: 'a rejected item is not counted',
    file: 'sync/commit/commit.ts',
    from: '  const rejected = rejects.length + refused\n',
    to: '  const rejected = 0 * rejects.length + refused\n',
  },
  {
    name: 'a rejected item is not kept',
    file: 'sync/commit/commit.ts',
    from: '  await keepRejects(client, source, rejects)\n',
    to: '',
  },
  {
    name: "the watermark goes by the worker's clock",
    file: 'sync/run.ts',
    from: 'return apiClock.now() ?? ownTime(clock)',
    to: 'return ownTime(clock)',
  },
  {
    name: 'the watermark is the time after the listing, not before it',
    file: 'sync/timeline/head-reading.ts',
    from: 'return apiTimeAt(this.#run, this.#startedAt)',
    to: 'return presentOf(this.#run)',
  },
  {
    name: 'a lost answer to a commit is taken for a rollback, and repeated',
    file: 'store/pool.ts',
    from: 'const isKnown = !committing ||',
    to: 'const isKnown = true ||',
  },
  {
    name: 'terminal jobs found open are not remembered',
    file: 'store/rechecks.ts',
    from: '  if (ids.length > 0) await client.query(REMEMBER,',
    to: '  if (ids.length > 1) await client.query(REMEMBER,',
  },
  {
    name: 'unchanged rows are written again',
    file: 'lists/upsert.ts',
    from: '    stored.deleted_at is null\n',
    to: '    false\n',
  },
  {
    name: 'the lease is never checked to be free',
    file: 'store/take-lease.ts',
    from: '    lease_owner is null\n    or lease_expires_at',
    to: '    true\n    or lease_expires_at',
  },
  {
    name: 'a day loses its marks, and one of its sums is not made anew',
    file: 'store/sums.ts',
    from: 'of settled) {',
    to: 'of settled.slice(1)) {',
  },
]

export const MUTATIONS: readonly Mutation[] = [...NEW_RULES, ...LIST_RULES, ...PROTOCOL]
