import { join } from 'node:path'
import { lock } from 'proper-lockfile'
import type { Clock } from '../../clock.ts'
import { EmbeddedPostgresError } from '../../errors.ts'

/** Milliseconds after which the lock of a worker that died no longer counts; a living one renews it. */
const STALE_MS = 10_000
const RETRY_MS = 50

/**
 * Runs `work` while no other process starts or stops the same server.
 * @throws EmbeddedPostgresError when the lock is not to be had within `patience` milliseconds.
 */
export async function locked<T>(
  home: string,
  clock: Clock,
  patience: number,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(home, clock, clock.monotonic() + patience)
  try {
    return await work()
  } finally {
    // Fails when the lock was lost meanwhile, after this machine had slept, say: then there is nothing to release.
    await release().catch(() => {})
  }
}

async function acquire(home: string, clock: Clock, deadline: number): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const lockfilePath = join(home, 'lock')
      return await lock(home, { realpath: false, lockfilePath, stale: STALE_MS, onCompromised: () => {} })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error
      if (clock.monotonic() > deadline) {
        throw new EmbeddedPostgresError(
          `Another process has been starting or stopping PostgreSQL in ${home} for too long.`,
          { cause: error },
        )
      }
    }
    await clock.sleep(RETRY_MS)
  }
}
