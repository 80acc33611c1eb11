import pg from 'pg'
import { expect, test } from 'vitest'
import { HOUR } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { read } from './pages.ts'

test('I15: docs/bi-tools.md: the increment, to the letter and begun before the first sync, loses nothing', async () => {
  const { database, world, now, sync, advance } = await createHarness()
  await database.pool.query('delete from llamacloud_sync.sources')
  const [, sql] = /```sql\n(-- 1\. Up to where.*?)```/s.exec(read('docs/bi-tools.md'))!
  const [bound, jobs] = sql!.split(';').map((statement) => statement.replace(/^\s*--.*$/gm, ''))
  let from = '-infinity'
  const copied: string[] = []
  const poll = async () => {
    const { rows } = await database.pool.query<{ to: string | null }>(
      `select "to"::text from (${bound}) as bound`,
    )
    const { to } = rows[0]!
    const literal = (time: string | null) => (time === null ? 'null' : pg.escapeLiteral(time))
    const filled = jobs!.replaceAll(':from', literal(from)).replaceAll(':to', literal(to))
    copied.push(...(await database.pool.query<{ id: string }>(filled)).rows.map(({ id }) => id))
    // A script keeps what it was given.
    from = to as string
  }
  await poll()
  world.put({ id: 'job', createdAt: now() - HOUR, fields: { status: 'COMPLETED' } })
  await sync()
  advance(HOUR)
  await sync()
  await poll()
  expect(copied).toEqual(['job'])
})
