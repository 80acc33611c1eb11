import { expect, test } from 'vitest'
import { transaction } from '../../../src/store/pool.ts'
import { putSpans } from '../../../src/store/put-spans.ts'
import { newestSpans } from '../../../src/store/spans.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { poisonInstants } from '../../support/upstream-faults.ts'
import { quarantinedSpans, runOnce } from './support.ts'

test.each([1, 12])(
  'A19, I11, I12: %s adjoining spans in quarantine whose requests hang are retried within three minutes',
  async (count) => {
    const harness = await createHarness()
    const { world, now, api, database, advance, sync } = harness
    const lower = now() - 20 * DAY
    world.put({ id: 'old', createdAt: lower - DAY, fields: { status: 'COMPLETED' } })
    world.put({ id: 'new', createdAt: now() - MINUTE, fields: { status: 'COMPLETED' } })
    await sync()
    const poisoned = { lower, upper: lower + count * 5 * MINUTE }
    // Found in as many runs.
    await transaction(database.pool, async (client) => {
      const [span] = (await newestSpans(client, 'default', 100)).filter(
        (each) => each.lower < lower && each.upper > poisoned.upper,
      )
      const pieces = Array.from({ length: count }, (_, index) => ({
        ...span!,
        lower: lower + index * 5 * MINUTE,
        upper: lower + (index + 1) * 5 * MINUTE,
        readAt: span!.readAt! + index,
        reason: 'hangs',
        tries: 1,
        quarantinedAt: now(),
        dueAt: now() + HOUR,
      }))
      await putSpans(client, 'default', pieces)
    })
    expect(await quarantinedSpans(database)).toHaveLength(count)
    api.settings.intercept = poisonInstants({ lower: lower + 1, upper: poisoned.upper - 1 }, 'hang')
    advance(HOUR + MINUTE)
    const at = now()
    const ran = await runOnce(harness)
    expect(ran).toMatchObject({ outcome: 'degraded', error: null })
    expect(now() - at).toBeLessThan(3 * MINUTE)
    expect(await quarantinedSpans(database)).toEqual([poisoned])
    api.settings.intercept = undefined
    advance(3 * HOUR)
    expect(await runOnce(harness)).toMatchObject({ outcome: 'succeeded' })
    expect(await quarantinedSpans(database)).toEqual([])
  },
)
