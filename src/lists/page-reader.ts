import { MOST_ITEMS } from '../api/page-size.ts'
import { ApiRefusedError, ApiRequestError } from '../errors.ts'
import type { JobList, ListQuery } from '../sync/job-list.ts'
import { formatInstant } from '../values/instant.ts'
import type { JobListOptions } from './job-list.ts'
import { type List, scopeQuery } from './list.ts'
import { hasUnstored, omit } from './omit.ts'
import { stripUrlQuery } from './strip-url-query.ts'

type ReadPage = JobList['readPage']

/** Asks for pages of a list in its scope, and takes out of them what is not to be stored. */
export function createPageReader(list: List, options: JobListOptions): ReadPage {
  const { omitted } = options
  const omits = omitted.size > 0 || hasUnstored(list.fields)
  const read = createSender(list, options)
  return async (query, signal) => {
    const page = await read(query, signal).catch((error: unknown) => {
      throw ofQuery(error, query)
    })
    if (omits) for (const item of page.items) omit(item, list.fields, omitted)
    if (options.stripUrlQuery) page.items.forEach(stripUrlQuery)
    return page
  }
}

/** A firewall on the way answers a long query with 403, as the API does a wrong key: a request for one id tells them apart. */
function ofQuery(error: unknown, { ids = [] }: ListQuery): unknown {
  const isLong = ids.length > 1 && error instanceof ApiRefusedError && error.status === 403
  return isLong ? new ApiRequestError(error.message, error.status) : error
}

/** By the call for a page, or by that for a single job. */
function createSender(list: List, { api, pageSize, ...scope }: JobListOptions): ReadPage {
  const inProject = scopeQuery(scope)
  const { configurationId } = scope
  const within = { ...inProject, ...(configurationId === null ? {} : { configuration_id: configurationId }) }
  return (query, signal) => {
    const { ids: [id] = [], alone = false, attempts, aside = false } = query
    const { callAlone } = list
    if (alone && callAlone && id !== undefined) {
      return api.readPage((client, init) => callAlone(client, id, inProject, init).asResponse(), {
        items: 1,
        isItem: true,
        signal,
        attempts,
      })
    }
    const parameters = { ...within, ...parametersOf(query) }
    return api.readPage(
      (client, init, items) => list.call(client, { ...parameters, page_size: items }, init).asResponse(),
      { items: pageSizeFor(query, pageSize), signal, attempts, aside },
    )
  }
}

/** Jobs asked for by id come in one page, so that a small page size does not cost more requests. */
function pageSizeFor({ ids, pageItems = MOST_ITEMS }: ListQuery, pageSize: number): number {
  return ids === undefined ? Math.min(pageSize, pageItems) : Math.max(1, Math.min(MOST_ITEMS, ids.length))
}

function parametersOf({ lower, upper, ids, pageToken }: ListQuery) {
  return {
    ...(lower === undefined ? {} : { created_at_on_or_after: formatInstant(lower) }),
    ...(upper === undefined ? {} : { created_at_on_or_before: formatInstant(upper) }),
    ...(ids === undefined ? {} : { job_ids: [...ids] }),
    ...(pageToken === undefined ? {} : { page_token: pageToken }),
  }
}
