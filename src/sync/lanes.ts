import type { RunContext } from './run.ts'

/**
 * Works on items side by side, at most `concurrency` at a time. `next` is asked for another whenever there is room, and
 * again after each that is done; it all ends when it has none and nothing is in hand.
 *
 * @throws what the first to fail throws, after the others have been aborted and have come to rest, so that nothing of
 * a run goes on behind its back
 */
export async function inLanes<T>(
  run: RunContext,
  next: () => T | undefined,
  work: (run: RunContext, item: T) => Promise<void>,
): Promise<void> {
  const failed = new AbortController()
  const lane = { ...run, signal: AbortSignal.any([run.signal, failed.signal]) }
  const active = new Set<Promise<void>>()
  const start = (item: T) => {
    // One that failed stays, and fails the next race: another that ends at the same time must not hide it.
    const task: Promise<void> = work(lane, item).then(() => void active.delete(task))
    active.add(task)
  }
  try {
    for (;;) {
      while (active.size < run.options.concurrency) {
        const item = next()
        if (item === undefined) break
        start(item)
      }
      if (active.size === 0) return
      await Promise.race(active)
    }
  } finally {
    failed.abort()
    await Promise.allSettled(active)
  }
}
