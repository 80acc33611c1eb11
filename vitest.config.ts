import { spawnSync } from 'node:child_process'
import { defineConfig } from 'vitest/config'

const pgTests = 'test/**/*.pg.test.ts'
const imageTests = 'test/**/*.image.test.ts'

/** The image is built and run only where a container engine answers. */
const engineAnswers = spawnSync('docker', ['version'], { timeout: 10_000 }).status === 0

/** However slow the machine: what is polled for comes, or never does. */
const expect = { poll: { timeout: 60_000 } }

const image = {
  test: { name: 'image', expect, include: [imageTests], testTimeout: 180_000, hookTimeout: 600_000 },
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect,
          setupFiles: ['test/support/seeded.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [pgTests, imageTests],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pg',
          expect,
          setupFiles: ['test/support/seeded.ts'],
          include: [pgTests],
          globalSetup: ['test/support/postgres.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      ...(engineAnswers ? [image] : []),
    ],
  },
})
