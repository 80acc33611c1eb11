import { ApiRefusedError, ApiRequestError } from '../errors.ts'
import type { RunContext } from './run.ts'

/**
 * Whether the API does not let a list be read at all, by what it answered to the first request: the key may lack the right
 * (403), the region the list (404), the organization the product (400). Others may be read all the same (I12).
 */
export function isDenial(error: unknown, { tally }: Pick<RunContext, 'tally'>): error is Error {
  if (tally.counts.pages > 0) return false
  if (error instanceof ApiRefusedError) return error.status === 403
  if (!(error instanceof ApiRequestError)) return false
  return error.status === 404 || (error.status === 400 && /organi[sz]ation/i.test(error.detail))
}
