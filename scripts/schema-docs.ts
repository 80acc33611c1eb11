/**
 * Writes docs/data-dictionary.md and test/schema.sql from a database with all migrations applied; with `--check` writes
 * nothing and fails when one of them is stale. Part of `npm run check`.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { readSchemas, SCHEMAS } from './catalogue.ts'
import { dataDictionary } from './data-dictionary.ts'
import { withMigratedDatabase } from './database.ts'
import { dumpSchemas } from './schema-dump.ts'

const schemas = await withMigratedDatabase((pool) => readSchemas(pool, SCHEMAS))
const files = {
  'docs/data-dictionary.md': dataDictionary(schemas),
  'test/schema.sql': dumpSchemas(schemas),
}
for (const [name, text] of Object.entries(files)) {
  const file = new URL(`../${name}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    await writeFile(file, text)
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(
      `${name} is not what the migrations make. Run \`npm run docs:schema\` and look at it.\n`,
    )
    process.exitCode = 1
  }
}
