import { expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DAY, HOUR, MINUTE } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { type Cycle, failures, markedIds, reconciled, runOnce } from './support.ts'

interface Job {
  readonly id: string
  readonly configuration_id: string
}

/** x: the whole project; y: one configuration of it, whose jobs x has stored, or y, whoever came first. */
async function twoSources(first: 'whole' | 'part') {
  const harness = await createHarness()
  const { world, now, worker } = harness
  generate(world, {
    seed: 'overlap',
    jobs: 600,
    from: now() - 30 * DAY,
    to: now() - HOUR,
    configurations: 3,
    fate: { stuckShare: 0 },
  })
  const jobs = [...world.all()] as unknown as Job[]
  const configurationId = jobs[0]!.configuration_id
  const part = worker({ name: 'part' }, { name: 'part', configurationId })
  const whole = worker({ name: 'whole' }, { name: 'whole' })
  const sources = first === 'whole' ? [whole, part] : [part, whole]
  const ofPart = jobs.filter((job) => job.configuration_id === configurationId).map(({ id }) => id)
  const open = { id: 'open', createdAt: now() - 30 * MINUTE, fields: { configuration_id: configurationId } }
  world.put({ ...open, fields: { ...open.fields, status: 'RUNNING' } })
  return {
    harness,
    sources,
    ofPart,
    others: jobs.filter(({ id }) => !ofPart.includes(id)).map(({ id }) => id),
  }
}

async function both(
  harness: Harness,
  sources: Awaited<ReturnType<typeof twoSources>>['sources'],
  work: typeof runOnce | typeof reconciled,
): Promise<Cycle[]> {
  const ran: Cycle[] = []
  for (const source of sources) ran.push(await work(harness, { source }))
  return ran
}

test.each(['whole', 'part'] as const)(
  'I12: two sources over one scope, %s first: what is deleted is marked once, and neither fails',
  async (first) => {
    const { harness, sources, ofPart, others } = await twoSources(first)
    const { world, database, advance } = harness
    const ran = await both(harness, sources, runOnce)
    const removed = [ofPart[3]!, ofPart.at(-1)!, others[5]!, 'open'].toSorted()
    for (const id of removed) world.remove(id)
    ran.push(...(await both(harness, sources, reconciled)))
    for (let cycle = 0; cycle < 12; cycle += 1) {
      advance(20 * MINUTE)
      ran.push(...(await both(harness, sources, runOnce)))
    }
    expect(failures(ran)).toEqual([])
    expect(await markedIds(database)).toEqual(removed)
    expect(await compareWithWorld(database, world)).toEqual(EQUAL)
    const marked =
      'select id, deleted_at from llamacloud.classify_jobs where deleted_at is not null order by id'
    const { rows } = await database.pool.query(marked)
    // And nobody asks the one thing over and over, or marks it again.
    for (let cycle = 0; cycle < 10; cycle += 1) {
      advance(DAY)
      ran.push(...(await both(harness, sources, runOnce)))
    }
    expect((await database.pool.query(marked)).rows).toEqual(rows)
    expect(failures(ran)).toEqual([])
    const deletions = 'select sum(deletions)::int as deletions from llamacloud_sync.runs'
    expect((await database.pool.query(deletions)).rows).toEqual([{ deletions: removed.length }])
  },
)
