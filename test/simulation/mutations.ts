/** One way to break the engine: in a file below `src`, the first text, which must occur once, becomes the second. */
export interface Mutation {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the coverage is committed before the rows',
    file: 'sync/commit.ts',
    from: '  const counts = await run.lease.commit(async (client) => {',
    to: '  if (save) await run.lease.commit(save)\n  const counts = await run.lease.commit(async (client) => {',
  },
  {
    name: 'the last row of a page is dropped',
    file: 'sync/commit.ts',
    from: '  for (const item of items) {',
    to: '  for (const item of items.length > 1 ? items.slice(0, -1) : items) {',
  },
  {
    name: 'the fence is ignored',
    file: 'store/lease.ts',
    from: 'if (held.rowCount === 0) throw loss()',
    to: '',
  },
  {
    name: 'a listing stops at an empty page',
    file: 'api/pages.ts',
    from: '    if (next === null) return\n',
    to: '    if (next === null || page.received === 0) return\n',
  },
  {
    name: 'an empty page drains its window',
    file: 'sync/read-window.ts',
    from: '    if (nextPageToken === null) return',
    to: '    if (nextPageToken === null || this.#evidence.jobs === 0) return',
  },
  {
    name: 'open jobs are not asked for again',
    file: 'sync/open-jobs.ts',
    from: '    if (due.length + early.length === 0) return true',
    to: '    if (due.length >= 0) return true',
  },
  {
    name: 'the overlap is ignored',
    file: 'sync/head.ts',
    from: ' - run.options.overlap\n',
    to: '\n',
  },
  {
    name: 'a job is marked as deleted after one miss',
    file: 'sync/deletions.ts',
    from: 'const MISSES_TO_DELETE = 2',
    to: 'const MISSES_TO_DELETE = 1',
  },
  {
    name: 'nothing is ever marked as deleted',
    file: 'sync/deletions.ts',
    from: 'const MISSES_TO_DELETE = 2',
    to: 'const MISSES_TO_DELETE = 2_000',
  },
  {
    name: 'a job that was just shown counts as missed where it is hidden',
    file: 'store/open-jobs.ts',
    from: 'formatInstant(now - overlap),',
    to: 'formatInstant(now + overlap),',
  },
  {
    name: 'an older observation wins',
    file: 'lists/classify/newest.ts',
    from: 'return `(case\n',
    to: 'return `(case when true then false\n',
  },
  {
    name: 'an expired token counts as the end of the listing',
    file: 'sync/listing.ts',
    from: '      if (!isExpiredToken(error, listing.hadToken)) throw error\n',
    to: '      if (!isExpiredToken(error, listing.hadToken)) throw error\n      return true\n',
  },
  {
    name: 'a window that stands in the middle counts as drained',
    file: 'sync/read-window.ts',
    from: "return { kind: abandon ? 'abandoned' : 'read-on', window }",
    to: "return { kind: abandon ? 'abandoned' : 'read-on', window: { ...window, drained: true } }",
  },
  {
    name: 'a window goes on from the token after the next',
    file: 'sync/listing.ts',
    from: 'yield* ahead(readPages(fetchPage, from))',
    to: 'let first = from !== null\n    for await (const page of ahead(readPages(fetchPage, from))) {\n      if (!first) yield page\n      first = false\n    }',
  },
  {
    name: 'windows leave an hour out at their boundaries',
    file: 'sync/windows.ts',
    from: '    if (span.upper < upper) found.push({ lower: Math.max(span.upper, target.lower), upper })',
    to: '    if (span.upper < upper) found.push({ lower: Math.min(upper, Math.max(span.upper, target.lower) + 3_600_000_000), upper })',
  },
  {
    name: 'a rejected item is not counted',
    file: 'sync/commit.ts',
    from: '  const rejected = rejects.length\n',
    to: '  const rejected = 0 * rejects.length\n',
  },
  {
    name: 'a rejected item is not kept',
    file: 'sync/commit.ts',
    from: '  await keepRejects(client, source, rejects)\n',
    to: '',
  },
  {
    name: "the watermark goes by the worker's clock",
    file: 'sync/run.ts',
    from: 'return apiClock.now() ?? Math.floor(clock.now()) * MILLISECOND',
    to: 'return Math.floor(clock.now()) * MILLISECOND',
  },
  {
    name: 'the watermark is the time after the listing, not before it',
    file: 'sync/read-window.ts',
    from: 'reach: reach ?? apiTimeAt(this.#run, this.#pass.startedAt)',
    to: 'reach: apiTimeAt(this.#run, this.#run.clock.monotonic())',
  },
  {
    name: 'a lost answer to a commit is taken for a rollback, and repeated',
    file: 'store/pool.ts',
    from: 'const isKnown = !committing ||',
    to: 'const isKnown = true ||',
  },
  {
    name: 'terminal jobs found open are not remembered',
    file: 'store/open-jobs.ts',
    from: '  if (jobs.length === 0) return\n',
    to: '  if (jobs.length !== 1) return\n',
  },
  {
    name: 'a reconcile does not look for what it did not come by',
    file: 'store/listed-jobs.ts',
    from: '      and job.first_seen_at < $2\n',
    to: '      and job.first_seen_at < $2 and false\n',
  },
  {
    name: 'unchanged rows are written again',
    file: 'lists/classify/upsert.ts',
    from: '    stored.deleted_at is null\n',
    to: '    false\n',
  },
  {
    name: 'the lease is never checked to be free',
    file: 'store/lease.ts',
    from: 'and (lease_owner is null or lease_expires_at <= clock_timestamp())',
    to: '',
  },
]
