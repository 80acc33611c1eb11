import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { startEmbedded } from '../../../src/embedded-postgres/embedded.ts'
import { runCli } from '../../support/cli.ts'
import { settingsFor, startApi, summaryOf } from '../commands/support.ts'

/** A server of its own that logs each statement. */
async function loggingServer(): Promise<{ url: string; statements: () => Promise<Statement[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-statements-'))
  // As root the server runs as another user, who has to enter it.
  await chmod(folder, 0o755)
  const settings = { log_statement: 'all', log_line_prefix: '%p %a ' }
  const server = await startEmbedded({ dataDir: folder, clock: systemClock, settings })
  onTestFinished(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const log = join(folder, 'postgres', 'cluster', 'postgres.log')
  return { url: server.url, statements: async () => statementsIn(await readFile(log, 'utf8')) }
}

interface Statement {
  readonly session: string
  readonly text: string
}

/** The lines of a statement after its first begin with a tab or a blank. */
const LINE = /^(\d+) llamacloud-sync LOG: {2}(?:statement|execute [^:]*): (.*(?:\n(?!\d+ ).*)*)/gm

function statementsIn(log: string): Statement[] {
  return [...log.matchAll(LINE)].map(([, session = '', text = '']) => ({
    session,
    text: text.trim().replaceAll(/\s+/g, ' '),
  }))
}

/** What is between a begin and its end is one transaction, and so is each statement outside of them. */
function transactionsIn(statements: readonly Statement[]): number {
  const open = new Set<string>()
  let count = 0
  for (const { session, text } of statements) {
    if (/^begin/i.test(text)) open.add(session)
    else if (/^(commit|rollback)/i.test(text)) open.delete(session)
    else if (open.has(session)) continue
    if (!/^(commit|rollback)/i.test(text)) count += 1
  }
  return count
}

test('a sync with nothing new: so many statements, in so many transactions', async () => {
  const [api, server] = [await startApi(), await loggingServer()]
  const env = settingsFor(api, { DATABASE_URL: server.url })
  const sync = async () => expect(summaryOf(await runCli(['sync'], { env })).outcome).toBe('succeeded')
  // The first loads all, the second renews the canaries.
  await sync()
  await sync()
  const before = (await server.statements()).length
  await sync()
  const statements = (await server.statements()).slice(before)
  // Ten of them are begin and commit. Whoever adds a statement joins it with another.
  expect({ statements: statements.length, transactions: transactionsIn(statements) }).toEqual({
    statements: 24,
    transactions: 5,
  })
})
