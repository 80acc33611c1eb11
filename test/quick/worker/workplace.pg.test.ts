import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { type Database, openDatabase } from '../../../src/store/database.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { createWorkplace } from '../../../src/worker/workplace.ts'
import { emptyDatabase } from '../commands/support.ts'

async function createScene() {
  const { url } = await emptyDatabase()
  const state = { url, lost: false, broken: false }
  const opened: Database[] = []
  const renewals: unknown[] = []
  const workplace = createWorkplace({
    url: () => state.url,
    migrate: ({ pool }) => migrate(pool),
    open: async (address) => {
      if (state.broken) throw new Error('nobody listens')
      const database = await openDatabase({ url: address, dataDir: '', clock: systemClock, log: () => {} })
      opened.push({ ...database, isLost: () => state.lost })
      return opened.at(-1)!
    },
    createSources: () => [],
    onRenewal: (sources) => renewals.push(sources),
  })
  return { workplace, state, opened, renewals }
}

test('the database is opened once, migrated, and closed at the end', async () => {
  const { workplace, opened } = await createScene()
  expect([workplace.isReady(), workplace.database()]).toEqual([false, undefined])
  await workplace.prepare()
  await workplace.prepare()
  expect([workplace.isReady(), opened.length]).toEqual([true, 1])
  await workplace.database()!.pool.query('select from llamacloud.classify_jobs')
  await workplace.close()
  expect(opened[0]!.pool.ended).toBe(true)
})

test('another address, as when the password was rotated, is taken over with the next cycle', async () => {
  const { workplace, state, opened, renewals } = await createScene()
  await workplace.prepare()
  const changed = new URL(state.url)
  changed.searchParams.set('fallback_application_name', 'another')
  state.url = changed.href
  await workplace.prepare()
  expect(opened.map(({ pool }) => pool.ended)).toEqual([true, false])
  expect(renewals).toHaveLength(1)
  expect(workplace.database()).toBe(opened[1])
  await workplace.close()
})

test('a server that is lost is opened anew; as long as that fails it is not ready', async () => {
  const { workplace, state, opened } = await createScene()
  await workplace.prepare()
  Object.assign(state, { lost: true, broken: true })
  await expect(workplace.prepare()).rejects.toThrow('nobody listens')
  expect(workplace.isReady()).toBe(false)
  Object.assign(state, { lost: false, broken: false })
  await workplace.prepare()
  expect([workplace.isReady(), opened.length]).toEqual([true, 2])
  await workplace.close()
})
