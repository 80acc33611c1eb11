/** Loaded before every test file: examples and samples are drawn by one seed, which a failure names. */
import fc from 'fast-check'
import { beforeEach } from 'vitest'
import { SEED } from './size.ts'

fc.configureGlobal({ seed: SEED })

beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    process.stderr.write(`Examples and samples were drawn with TEST_SEED=${SEED}.\n`)
  })
})
