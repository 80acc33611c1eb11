import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { DatabaseError } from '../../../src/errors.ts'
import type { Fault } from '../../../src/simulator/faults.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/values/instant.ts'
import { compareWithWorld, EQUAL } from '../../support/compare.ts'
import { createHarness, type Harness } from '../../support/harness.ts'
import { bySize } from '../../support/size.ts'
import { unaccountedRuns } from '../../support/sync-tables.ts'
import { seededRandom } from '../../support/virtual-clock.ts'
import { startService } from './serve-support.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 503, body: '<html>' },
  { kind: 'reset' },
  { kind: 'cut' },
  { kind: 'garbage' },
]

/** Jobs that keep arriving, and are long done at the end. */
function addJobs({ world, now }: Harness, jobs: number, during: number): void {
  generate(world, { seed: 'served', jobs, from: now() - HOUR, to: now() + during, fate: { stuckShare: 0 } })
}

async function overlappingRuns({ database }: Harness): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select one.id from llamacloud_sync.runs as one join llamacloud_sync.runs as other
      on one.id < other.id and other.started_at < one.finished_at`,
  )
  return rows
}

function heapAfterCollection(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

function meanBetween(heap: ReadonlyMap<number, number>, from: number, to: number): number {
  const values = [...heap].filter(([tick]) => tick >= from && tick < to).map(([, bytes]) => bytes)
  return values.reduce((sum, bytes) => sum + bytes, 0) / values.length
}

const TICKS = bySize(40, 200)

describe('a service', () => {
  test(`I7, I8, I11: ${TICKS} ticks with faults: never two cycles at once, memory flat, everything stored`, async () => {
    const harness = await createHarness({ simulator: { order: 'shuffled' } })
    addJobs(harness, 10 * TICKS, TICKS * 5 * MINUTE)
    const random = seededRandom(6)
    let refused = false
    harness.api.settings.intercept = () => {
      if (refused) return { kind: 'status', status: 401 }
      return random() < 0.2 ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined
    }
    const service = startService(harness)
    const heap = new Map<number, number>()
    for (let tick = 0; tick < TICKS; tick++) {
      // Every tenth cycle fails for good; the next tick goes on.
      refused = tick % 10 === 3
      await service.tick()
      harness.advance(5 * MINUTE)
      if (tick % 5 === 0) heap.set(tick, heapAfterCollection())
    }
    refused = false
    harness.api.settings.intercept = undefined
    harness.advance(2 * HOUR)
    await service.tick()
    await service.stop()

    const failed = service.logged.filter(({ level }) => level === 'error')
    expect(failed.length).toBeGreaterThanOrEqual(TICKS / 10)
    for (const { msg } of failed.slice(0, 3)) expect(msg).toMatch(/refused LLAMA_CLOUD_API_KEY/)
    expect(service.logged.filter(({ outcome }) => outcome === 'busy')).toEqual([])
    expect(await overlappingRuns(harness)).toEqual([])
    expect(await unaccountedRuns(harness.database)).toEqual([])
    expect(await compareWithWorld(harness.database, harness.world)).toEqual(EQUAL)
    // Whatever else this process has loaded.
    expect(
      meanBetween(heap, 0.75 * TICKS, TICKS) - meanBetween(heap, 0.25 * TICKS, 0.5 * TICKS),
    ).toBeLessThan(10_000_000)
  })

  test('ticks that come while a cycle is at work are made up once', async () => {
    const harness = await createHarness()
    addJobs(harness, 20, HOUR)
    const hold = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    harness.api.settings.intercept = async () => {
      reached.resolve()
      await hold.promise
      return undefined
    }
    const service = startService(harness)
    service.tickOnly()
    await reached.promise
    harness.advance(SECOND)
    for (let missed = 0; missed < 5; missed++) {
      service.tickOnly()
      await new Promise((resolve) => setImmediate(resolve))
    }
    hold.resolve()
    await service.endedCycle(2)
    await service.stop()
    expect(service.ended()).toBe(2)
    expect(await overlappingRuns(harness)).toEqual([])
  })

  test('what fails before a cycle is logged with its cure, and the next tick goes on', async () => {
    const harness = await createHarness()
    addJobs(harness, 20, HOUR)
    let broken = true
    const service = startService(harness, async () => {
      if (broken) throw new DatabaseError('Database x at y: gone. Start PostgreSQL there.')
    })
    await service.tick()
    expect(service.logged).toMatchObject([
      { level: 'error', outcome: 'failed', msg: expect.stringMatching(/Start PostgreSQL/) },
    ])
    broken = false
    await service.tick()
    await service.stop()
    expect(service.logged.at(-1)).toMatchObject({ outcome: 'succeeded' })
  })

  test('stopping ends the cycle in hand and begins no other', async () => {
    const harness = await createHarness()
    addJobs(harness, 20, HOUR)
    const reached = Promise.withResolvers<void>()
    harness.api.settings.intercept = () => {
      reached.resolve()
      return { kind: 'hang' }
    }
    const service = startService(harness)
    service.tickOnly()
    await reached.promise
    service.tickOnly()
    await service.stop()
    expect(service.logged.map(({ outcome }) => outcome)).toEqual(['stopped'])
    const { rows } = await harness.database.pool.query('select lease_owner from llamacloud_sync.sources')
    expect(rows).toEqual([{ lease_owner: null }])
  })
})
