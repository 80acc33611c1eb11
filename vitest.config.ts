import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { HANG_MS, NEVER_CAME_MS } from './test/support/hang.ts'

const pgTests = 'test/**/*.pg.test.ts'
const imageTests = 'test/**/*.image.test.ts'

/** The image is built and run only where a container engine answers. */
const engineAnswers = spawnSync('docker', ['version'], { timeout: 10_000 }).status === 0

/** For what hangs; no test has a limit of its own. */
const limits = { testTimeout: HANG_MS, hookTimeout: HANG_MS, expect: { poll: { timeout: NEVER_CAME_MS } } }

const setupFiles = ['test/support/seeded.ts']

export default defineConfig({
  test: {
    // Files share a worker process, and so what it has loaded: loading it anew for each takes a fifth of all the work.
    isolate: false,
    maxWorkers: availableParallelism(),
    teardownTimeout: HANG_MS,
    projects: [
      {
        test: {
          ...limits,
          name: 'unit',
          setupFiles,
          include: ['test/**/*.test.ts'],
          exclude: [pgTests, imageTests],
        },
      },
      {
        test: {
          ...limits,
          name: 'pg',
          setupFiles,
          include: [pgTests],
          globalSetup: ['test/support/postgres.ts'],
        },
      },
      ...(engineAnswers ? [{ test: { ...limits, name: 'image', include: [imageTests] } }] : []),
    ],
  },
})
