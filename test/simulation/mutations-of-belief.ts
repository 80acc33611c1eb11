import type { Mutation } from './mutations.ts'

/** Ways to break what is believed, and when: 2.1 to 2.3 of the design. */
export const NEW_RULES: readonly Mutation[] = [
  {
    name: 'a job is marked as gone after one miss',
    file: 'store/misses.ts',
    from: `missed_again_at is not null and gone_at is null
  and missed_again_at - missed_at >= make_interval(secs => $2)`,
    to: `missed_at is not null and gone_at is null
  and $2::float8 >= 0`,
  },
  {
    name: 'nothing is ever marked as gone',
    file: 'store/misses.ts',
    from: '  and missed_again_at - missed_at >= make_interval(secs => $2)',
    to: '  and $2::float8 < 0',
  },
  {
    name: 'two misses at once are enough',
    file: 'sync/recheck/ask.ts',
    from: '  return Math.max(options.goneAfterMs * MILLISECOND, 2 * options.overlap)',
    to: '  return 0 * options.overlap',
  },
  {
    name: 'a miss counts where nothing of its project came',
    file: 'sync/recheck/ask.ts',
    from: 'if (answer.shown.has(project)) misses.counted',
    to: 'if (answer.shown.has(project) || true) misses.counted',
  },
  {
    name: 'many that are missing at once are believed like few',
    file: 'sync/recheck/gone.ts',
    from: 'const apart = areMany ? DAY : missesApart(run)',
    to: 'const apart = areMany ? missesApart(run) : missesApart(run)',
  },
  {
    name: 'what a span does not show is not noted',
    file: 'sync/timeline/progress.ts',
    from: '  await suspectMissing(client, lease.source, missing, lease.now())\n',
    to: '',
  },
  {
    name: 'what is marked as gone is not looked for again',
    file: 'store/misses.ts',
    from: "    set gone_at = $3, due_at = $3::timestamptz + interval '1 hour'\n",
    to: "    set gone_at = $3, due_at = $3::timestamptz + interval '1000 days'\n",
  },
  {
    name: 'jobs that no span holds are never asked for again',
    file: 'sync/upkeep.ts',
    from: '[...new Set([...ids, ...outside])]',
    to: '[...new Set([...ids, ...outside.slice(0, 0)])]',
  },
  {
    name: 'a span that came out empty is not read again',
    file: 'sync/timeline/schedule.ts',
    from: '    empties === 1 ? at + HOUR : null,\n    empties === 2 ? at + DAY : null,\n',
    to: '',
  },
  {
    name: 'a span that brought late jobs waits as if it had not',
    file: 'sync/timeline/schedule.ts',
    from: '    late > 0 ?',
    to: '    late > 1_000 ?',
  },
  {
    name: 'a span that was never read counts as covered',
    file: 'store/coverage.ts',
    from: '  where span.read_at is not null and span.upper >= down.edge\n',
    to: '  where span.upper >= down.edge\n',
  },
  {
    name: 'a watermark in the future stays there',
    file: 'sync/timeline/head.ts',
    from: 'if (head === null || !(isAhead || isOverstated)) return false',
    to: 'if (head === null || !(isAhead || isOverstated) || true) return false',
  },
  {
    name: 'the watermark goes by a Date that no other clock bears out',
    file: 'sync/timeline/head-reading.ts',
    from: 'return this.present > others + MINUTE ? others : this.present',
    to: 'return this.present > others + 1_000 * MINUTE ** 2 ? others : this.present',
  },
  {
    name: 'newest is what has the greater updated_at, however long ago it was seen',
    file: 'lists/newest.ts',
    from: 'stored.synced_at + ',
    to: "stored.synced_at + interval '9 years' + ",
  },
  {
    name: 'an id in quarantine is never tried again',
    file: 'sync/recheck/recheck.ts',
    from: '  await retryQuarantined(run, dueAt.at, committer)\n',
    to: '',
  },
  {
    name: 'a span in quarantine is never tried again',
    file: 'sync/timeline/due-spans.ts',
    from: '    if (!(await retryAll(run, due.setAside, deadline)) || isPast(deadline, run)) return false\n',
    to: '    if (due.begun.length + due.unread.length + due.again.length === 0) return true\n    if (isPast(deadline, run)) return false\n',
  },
  {
    name: 'one id that fails ends the asking by id',
    file: 'sync/recheck/recheck.ts',
    from: '    failed.push({ ids: batch, error })\n',
    to: '    throw error\n',
  },
  {
    name: 'one instant that fails ends the reading of spans',
    file: 'sync/timeline/due-spans.ts',
    from: '    setAside(error)\n',
    to: '    throw error\n',
  },
  {
    name: 'whose jobs come is not checked',
    file: 'sync/recheck/known-jobs.ts',
    from: 'if (projects.areStrangers(jobs) &&',
    to: 'if (projects.areStrangers(jobs.slice(0, 0)) &&',
  },
  {
    name: 'commits that the database lost are not missed',
    file: 'store/runs.ts',
    from: '  if (present >= acknowledged) return\n',
    to: '  if (present >= -1) return\n',
  },
  {
    name: 'the fence does not tell one owner from another',
    file: 'store/lease.ts',
    from: 'and lease_owner = $3\nfor key share',
    to: 'and $3::text is not null\nfor key share',
  },
  {
    name: 'a table that was emptied is not noticed',
    file: 'sync/upkeep.ts',
    from: '  if (ids.length === 0 || stored > ids.length / 2) return { head, newest }\n',
    to: '  if (ids.length === 0 || stored >= 0) return { head, newest }\n',
  },
]
