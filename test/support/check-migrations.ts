/** Fails when the schema in the code says something that no migration does. Part of `npm run check`. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import config from '../../drizzle.config.ts'

const folder = mkdtempSync(join(tmpdir(), 'llamacloud-sync-migrations-'))
try {
  const out = join(folder, 'migrations')
  const configFile = join(folder, 'drizzle.config.json')
  cpSync('migrations', out, { recursive: true })
  writeFileSync(configFile, JSON.stringify({ ...config, out }))
  const before = readdirSync(out)
  execFileSync('drizzle-kit', ['generate', '--config', configFile, '--name', 'drift'], { stdio: 'pipe' })
  const missing = readdirSync(out).filter((name) => !before.includes(name))
  if (missing.length > 0) {
    process.stderr.write(
      'The schema in the code and the migrations differ. Run `npm run db:generate -- --name what-changes`.\n',
    )
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
