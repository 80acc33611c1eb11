import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { QUESTIONS } from '../../../src/commands/demo-questions.ts'
import { type Finished, runCli, temporaryDirectory } from '../../support/cli.ts'

interface Answered {
  readonly question: string
  readonly sql: string
  readonly answer: string
}

test('demo: syncs twice, answers what people ask first, says how to look around; again, the same; so does the README', async () => {
  const dataDir = await temporaryDirectory()
  const [first, second] = [await runDemo(dataDir), await runDemo(dataDir)]
  const cycles =
    /^First cycle.*, classify: .* (\d+) new, 0 changed[\s\S]*^Second cycle.*, classify: .* (\d+) new, (\d+) changed/m.exec(
      first.stdout,
    )!
  const [all, added, changed] = cycles.slice(1).map(Number)
  expect(changed).toBeGreaterThan(0)

  const answers = answersOf(first)
  expect(answers).toHaveLength(QUESTIONS.length)
  const rows = answers[0]!.answer.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  expect(rows[0]).toEqual(['status', 'result_type', 'jobs'])
  const counts = rows.slice(2).map(([, , jobs]) => Number(jobs))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all! + added!)
  expect(new Set(rows.slice(2).map(([status]) => status))).toContain('COMPLETED')
  expect(first.stdout).toMatch(/^ {2}PGPASSFILE='\S+pgpass' psql postgres:\/\/\w+@127\.0\.0\.1:\d+\/\w+\n$/m)

  expect(answersOf(second)).toEqual(answers)
  expect(await answersInReadme()).toEqual(answers)
  await expect(access(join(dataDir, 'demo', 'postgres', 'cluster', 'postmaster.pid'))).rejects.toThrow()
})

async function answersInReadme(): Promise<unknown[]> {
  const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const shown = readme.matchAll(/^\*\*(.+)\*\*\n\n```sql\n([^`]+)\n```\n\n```text\n([^`]+)\n```$/gm)
  return [...shown].map(([, question, sql, answer]) => ({ question, sql, answer }))
}

async function runDemo(dataDir: string): Promise<Finished> {
  const end = await runCli(['demo'], { env: { SYNC_DATA_DIR: dataDir } })
  expect(end).toMatchObject({ code: 0, stderr: '' })
  return end
}

/** Question, statement and table stand apart by blank lines, which none of them contains. */
function answersOf({ stdout }: Finished): Answered[] {
  const parts = stdout.split('\n\n')
  return QUESTIONS.map(({ question, sql }) => {
    const at = parts.indexOf(question)
    expect(parts[at + 1]).toBe(`${sql};`)
    return { question, sql: `${sql};`, answer: parts[at + 2] ?? '' }
  })
}
