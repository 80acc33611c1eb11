import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness } from '../../support/harness.ts'
import { coverageOf } from '../../support/sync-tables.ts'

test.each([0, 1 * SECOND])(
  'A14, I8: the first cycle covers everything though replies take two seconds and the overlap is %i microseconds',
  async (overlap) => {
    const harness = await createHarness({ simulator: { latencyMs: 2_000 }, run: { overlap } })
    const { world, now, sync, database } = harness
    generate(world, { seed: 2, jobs: 150, from: now() - DAY, to: now() - HOUR, fate: { stuckShare: 0 } })
    const began = now()
    expect((await sync()).outcome).toBe('succeeded')
    const { watermark, coveredFrom } = await coverageOf(database)
    expect(watermark).toBeGreaterThan(began - 60 * SECOND)
    expect(coveredFrom).toBe(harness.source.options.startAt)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
  },
)

test('a run that is noted as a success asks the database nothing more: it cannot fail for that', async () => {
  const { source, sync, worker, database } = await createHarness()
  let isNoted = false
  const pool = new Proxy(source.pool, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (name !== 'connect') return typeof member === 'function' ? member.bind(target) : member
      return async () => {
        const { rows } = await database.pool.query<{ outcome: string }>(
          'select outcome from llamacloud_sync.runs',
        )
        isNoted = rows[0]?.outcome === 'succeeded'
        if (isNoted) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
        return target.connect()
      }
    },
  })
  const coverage = { coveredFrom: source.options.startAt, watermark: expect.any(Number) }
  expect(await sync(worker({ pool }))).toMatchObject({ outcome: 'succeeded', coverage })
  expect(isNoted).toBe(false)
})
