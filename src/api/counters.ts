import { APIConnectionError, APIError } from '@llamaindex/llama-cloud'
import { BadReplyError, CutOffError, type Reply, RequestTimeoutError } from './request.ts'

/** Counts since the Api was made; only ever growing, so that a run takes the difference of two readings. */
export interface ApiStats {
  /** Requests sent, retries included. */
  readonly requests: number
  readonly retries: number
  /** Replies that paused all requests of a key. */
  readonly pauses: number
  /** Of the bodies of complete replies, unpacked. */
  readonly bytes: number
  /** Milliseconds in which at least one request was under way, or waited for its turn or its next attempt. */
  readonly waitedMs: number
  /** How requests ended: by status (`200`, `429`), or `timeout`, `connection`, `bad reply`, `cut off`, `aborted`. */
  readonly byStatus: Readonly<Record<string, number>>
}

export function createCounters() {
  const counts = { requests: 0, retries: 0, pauses: 0, bytes: 0 }
  const byStatus = new Map<string, number>()
  const add = (outcome: string) => byStatus.set(outcome, (byStatus.get(outcome) ?? 0) + 1)
  return {
    count: async (request: Promise<Reply>): Promise<Reply> => {
      counts.requests += 1
      try {
        const page = await request
        add('200')
        counts.bytes += page.size
        return page
      } catch (error) {
        add(outcomeOf(error))
        throw error
      }
    },
    retried: () => {
      counts.retries += 1
    },
    paused: () => {
      counts.pauses += 1
    },
    stats: () => ({ ...counts, byStatus: Object.fromEntries(byStatus) }),
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof RequestTimeoutError) return 'timeout'
  if (error instanceof BadReplyError) return 'bad reply'
  if (error instanceof CutOffError) return 'cut off'
  if (error instanceof APIConnectionError) return 'connection'
  return error instanceof APIError && error.status !== undefined ? String(error.status) : 'aborted'
}
