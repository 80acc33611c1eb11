/** Loaded before every test file: properties draw the same examples in every run. Another seed is a change to commit. */
import fc from 'fast-check'

fc.configureGlobal({ seed: 20_261_123 })
