/** A process of its own that migrates: `node migrate-once.ts URL`. Prints the names that it applied, as JSON. */
import { migrate } from '../../src/store/migrate.ts'
import { openPool } from '../../src/store/pool.ts'

const pool = openPool(process.argv[2] ?? '', { max: 2, applicationName: 'migrate-once' })
try {
  process.stdout.write(`${JSON.stringify(await migrate(pool))}\n`)
} finally {
  await pool.end()
}
