/** Writes the README's table of settings: `npm run docs:settings`. A test holds it equal to the code. */
import { readFile, writeFile } from 'node:fs/promises'
import { withSettingsTable } from './settings-table.ts'

const readme = new URL('../README.md', import.meta.url)
await writeFile(readme, withSettingsTable(await readFile(readme, 'utf8')))
