import type { Bounds } from '../../src/store/spans.ts'
import type { Harness } from './harness.ts'
import { idsAskedFor, spanAskedFor } from './sync-tables.ts'

export const nameOf = ({ lower, upper }: Bounds) => `${lower} .. ${upper}`

/** The spans whose first page was asked for, each as often as that. */
export function begunSpans({ api }: Harness): string[] {
  const firsts = api.requests.entries.filter((each) => !each.query.has('page_token') && !idsAskedFor(each))
  return firsts.map((request) => nameOf(spanAskedFor(request)))
}

/** How many listings by time were under way at once, at most: between their first requests and their last. */
export function mostSideBySide({ api }: Harness): number {
  const listings = new Map<string, { first: number; last: number }>()
  for (const [place, request] of api.requests.entries.entries()) {
    if (idsAskedFor(request)) continue
    const name = nameOf(spanAskedFor(request))
    listings.set(name, { first: listings.get(name)?.first ?? place, last: place })
  }
  const all = [...listings.values()]
  return Math.max(
    ...all.map(({ first }) => all.filter((each) => each.first <= first && first <= each.last).length),
  )
}
