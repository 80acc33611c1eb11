import { expect, test } from 'vitest'
import { inParallel } from '../../../src/sync/parallel.ts'
import type { RunContext } from '../../../src/sync/run.ts'

const run = { signal: new AbortController().signal, options: { concurrency: 2 } } as unknown as RunContext

async function microtasks(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await null
}

test.each([0, 1, 2, 3, 4, 5, 6])(
  'one that fails %i microtasks after another has ended is not hidden by it',
  async (later) => {
    const items = ['good', 'bad']
    const done = inParallel(
      run,
      () => items.shift(),
      async (_, item) => {
        await microtasks(item === 'good' ? 5 : 5 + later)
        if (item === 'bad') throw new Error('it failed')
      },
    )
    await expect(done).rejects.toThrow('it failed')
  },
)
