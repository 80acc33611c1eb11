import { describe, expect, test } from 'vitest'
import { runCli } from '../../support/cli.ts'
import { emptyDatabase, settingsFor, startApi } from '../commands/support.ts'
import { pages, read } from './pages.ts'

/** The rows of the tables with a column for what checks them: its cells. */
function checkedRows(): string[][] {
  const tables = read('docs/server.md').split('\n\n')
  return tables
    .filter((table) => table.startsWith('| what is asked | else | checked by |'))
    .flatMap((table) => table.trimEnd().split('\n').slice(2))
    .map((line) => line.split(' | '))
}

describe('docs/server.md: what is asked, and what checks it', () => {
  test('each line says what else happens, and names a check of doctor or the code', () => {
    const rows = checkedRows()
    expect(rows.length).toBeGreaterThan(20)
    for (const cells of rows) {
      expect(cells).toHaveLength(3)
      expect(cells[2]).toMatch(/`doctor`: \w|\]\(\.\.\/src\/|`bin\//)
    }
  })

  test('each check of doctor that it names is there, and each that doctor makes of server, way and machine is named', async () => {
    const [api, database] = [await startApi(), await emptyDatabase()]
    const env = settingsFor(api, { DATABASE_URL: database.url })
    await runCli(['sync'], { env })
    const { findings }: { findings: { check: string }[] } = JSON.parse(
      (await runCli(['doctor', '--json'], { env })).stdout,
    )
    const named = checkedRows().flatMap(([, , checks = '']) =>
      [...checks.matchAll(/`doctor`: ([\w, ]+)/g)].flatMap(([, names = '']) => names.trim().split(', ')),
    )
    // These are about the jobs, and docs/operations.md has them.
    const aboutJobs = ['held', 'quarantine', 'darkness']
    const made = new Set(findings.map(({ check }) => check).filter((check) => !aboutJobs.includes(check)))
    expect([...new Set(named)].sort()).toEqual([...made].sort())
  })
})

test('no page calls the program by a bare name: a clone has it on no path', () => {
  const bare =
    /(?:^|[`$] ?)llamacloud-sync (?:sync|run|migrate|status|verify|reconcile|backfill|accept-deletions|grant|report|doctor|demo|simulate|export|import)(?![/\w])/m
  expect(pages().filter((page) => bare.test(read(page)))).toEqual([])
})
