import type { Mutation } from './mutations.ts'

/** Rules that hold for some lists only: each is found by a seed that draws one of them. */
export const LIST_RULES: readonly Mutation[] = [
  {
    name: 'a list that takes no ids is asked for by id',
    file: 'sync/recheck/located.ts',
    from: 'where.jobs.asksById ? { ids } : whereCreated(where, ids)',
    to: '{ ids }',
  },
  {
    name: 'a status in small letters ends nothing',
    file: 'lists/list.ts',
    from: 'return `upper(',
    to: 'return `(',
  },
  {
    name: 'credits that are still to come are not asked for',
    file: 'lists/billing.ts',
    from: 'if (!isEnd(list, status) ||',
    to: 'if (isBilled !== null ||',
  },
]
