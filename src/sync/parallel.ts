import type { RunContext } from './run.ts'

/**
 * Works on items in parallel, at most `concurrency` at a time. Asks `next` for another item whenever there is room, and
 * ends when it has none and no work is left.
 *
 * @throws the first error, after the other work was aborted and has ended: nothing of a run outlives it
 */
export async function inParallel<T>(
  run: RunContext,
  next: () => T | undefined,
  work: (run: RunContext, item: T) => Promise<void>,
): Promise<void> {
  const failed = new AbortController()
  const branch = { ...run, signal: AbortSignal.any([run.signal, failed.signal]) }
  const active = new Set<Promise<void>>()
  const start = (item: T) => {
    // One that failed stays, and fails the next race: another that ends at the same time must not hide it.
    const task: Promise<void> = work(branch, item).then(() => void active.delete(task))
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
