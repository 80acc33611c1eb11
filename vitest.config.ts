import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { HANG_MS, NEVER_CAME_MS } from './test/support/hang.ts'
import { bySize } from './test/support/size.ts'

/** `npm test` runs what is in `test/quick`, `npm run test:all` everything. */
const folder = bySize('test/quick', 'test')
const pgTests = `${folder}/**/*.pg.test.ts`
const imageTests = `${folder}/**/*.image.test.ts`

/** The image is built and run only where a container engine answers. */
const engineAnswers = () => spawnSync('docker', ['version'], { timeout: 10_000 }).status === 0

const common = {
  setupFiles: ['test/support/seeded.ts'],
  // Files share a worker process, and so what it has loaded: loading it anew for each takes a fifth of all the work.
  isolate: false,
  // For what hangs; no test has a limit of its own.
  testTimeout: HANG_MS,
  hookTimeout: HANG_MS,
  expect: { poll: { timeout: NEVER_CAME_MS } },
}

export default defineConfig({
  test: {
    maxWorkers: availableParallelism(),
    teardownTimeout: HANG_MS,
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: [`${folder}/**/*.test.ts`],
          exclude: [pgTests, imageTests],
        },
      },
      {
        test: {
          ...common,
          name: 'pg',
          include: [pgTests],
          globalSetup: ['test/support/postgres.ts'],
        },
      },
      ...(bySize(false, true) && engineAnswers()
        ? [{ test: { ...common, name: 'image', include: [imageTests] } }]
        : []),
    ],
  },
})
