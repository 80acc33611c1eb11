import type { Pool } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ApiUnavailableError, ScopeChangedError } from '../../../src/errors.ts'
import { generate } from '../../../src/simulator/generate.ts'
import { acquireLease } from '../../../src/store/lease.ts'
import { transaction } from '../../../src/store/pool.ts'
import { saveProjects } from '../../../src/store/projects.ts'
import { keepRejects } from '../../../src/store/rejects.ts'
import { insertSource, loadSourceRow, type Scope } from '../../../src/store/source-row.ts'
import { identify } from '../../../src/sync/identity.ts'
import { DAY, HOUR } from '../../../src/values/instant.ts'
import { createHarness } from '../../support/harness.ts'
import { darkness } from '../../support/upstream-faults.ts'
import { OTHER_PROJECT, PROJECT, UNLIMITED } from '../../sync/histories/support.ts'

const { signal } = UNLIMITED
const WIDE: Scope = {
  list: 'classify',
  baseUrl: 'https://na.example',
  projectId: null,
  organizationId: null,
  configurationId: null,
}
const NARROW: Scope = { ...WIDE, projectId: 'p1', organizationId: 'o1', configurationId: 'c1' }

/** A job of the source was stored once. */
const deliver = (pool: Pool) =>
  transaction(pool, (client) => saveProjects(client, 'default', new Map([['p1', ['a job']]])))

describe('a name over another scope', () => {
  async function refusal(stored: Scope, given: Scope): Promise<string> {
    const { worker, database } = await createHarness()
    await insertSource(database.pool, 'default', stored)
    await deliver(database.pool)
    const error: unknown = await identify(worker({ scope: given }), signal).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ScopeChangedError)
    expect(await loadSourceRow(database.pool, 'default')).toMatchObject(stored)
    return (error as Error).message
  }

  test.each([
    ['baseUrl', 'LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION): stored https://na.example, now other'],
    ['projectId', 'LLAMA_CLOUD_PROJECT_ID: stored p1, now other'],
    ['organizationId', 'LLAMA_CLOUD_ORGANIZATION_ID: stored o1, now other'],
    ['configurationId', 'LLAMA_CLOUD_CONFIGURATION_ID: stored c1, now other'],
  ] as const)('another %s is refused, and only it is named', async (key, line) => {
    const message = await refusal(NARROW, { ...NARROW, [key]: 'other' })
    expect(message.split('\n').filter((each) => each.startsWith('  '))).toEqual([`  ${line}`])
    expect(message).toContain('The source "default" was synced with another scope')
    expect(message).toContain('SYNC_SOURCE=another-name')
  })

  test('every setting that differs is named, added and removed ones too', async () => {
    const message = await refusal(
      { ...NARROW, organizationId: null },
      { ...WIDE, baseUrl: 'https://eu.example', organizationId: 'o2' },
    )
    expect(message.split('\n').slice(1, -1)).toEqual([
      '  LLAMA_CLOUD_BASE_URL (or LLAMA_CLOUD_REGION): stored https://na.example, now https://eu.example',
      '  LLAMA_CLOUD_PROJECT_ID: stored p1, now none',
      '  LLAMA_CLOUD_ORGANIZATION_ID: stored none, now o2',
      '  LLAMA_CLOUD_CONFIGURATION_ID: stored c1, now none',
    ])
  })
})

describe('a source that has delivered nothing', () => {
  test('takes another address after a first try with the wrong one, and begins again', async () => {
    const { world, worker, database, now, sync } = await synced()
    generate(world, { seed: 'late', jobs: 60, projectId: PROJECT, from: now() - 10 * DAY, to: now() - HOUR })
    // Of the scope that was read before, nothing was there: its coverage says nothing of this one.
    expect(await sync(worker({}, { projectId: PROJECT }))).toMatchObject({ counts: { inserted: 60 } })
    expect(await loadSourceRow(database.pool, 'default')).toMatchObject({ projectId: PROJECT })
  })

  test('I6: not while a worker is at it', async () => {
    const { worker, database } = await synced()
    const lease = await acquireLease(database.pool, 'default', {
      owner: 'another',
      leaseMs: 60_000,
      clock: systemClock,
    })
    onTestFinished(() => lease?.release())
    const other = worker({}, { projectId: OTHER_PROJECT })
    await expect(identify(other, signal)).rejects.toThrow(ScopeChangedError)
  })

  test('nor where items were rejected, or where nobody counted what came', async () => {
    const { worker, database } = await synced()
    await database.pool.query('update llamacloud_sync.spans set items = null where read_at is not null')
    const other = worker({}, { projectId: OTHER_PROJECT })
    await expect(identify(other, signal)).rejects.toThrow(ScopeChangedError)
    await database.pool.query('update llamacloud_sync.spans set items = 0')
    await transaction(database.pool, (client) =>
      keepRejects(client, 'default', [{ reason: 'no id', payload: '{}' }]),
    )
    await expect(identify(other, signal)).rejects.toThrow(ScopeChangedError)
  })
})

/** A source that has synced the jobs of these projects. */
async function synced(...projects: readonly string[]) {
  const harness = await createHarness()
  const { world, now, sync } = harness
  const span = { from: now() - 10 * DAY, to: now() - HOUR, fate: { stuckShare: 0 } }
  for (const projectId of projects) generate(world, { seed: projectId, jobs: 60, projectId, ...span })
  await sync()
  return harness
}

describe('LLAMA_CLOUD_PROJECT_ID is set later', () => {
  test('the project is the one whose jobs are stored: the source goes on', async () => {
    const { worker, database, sync } = await synced(PROJECT)
    const named = worker({}, { projectId: PROJECT })
    expect(await sync(named)).toMatchObject({ outcome: 'succeeded', counts: { inserted: 0 } })
    expect(await loadSourceRow(database.pool, 'default')).toMatchObject({ projectId: PROJECT })
    // And the name of it is not to be forgotten again.
    await expect(sync()).rejects.toThrow(ScopeChangedError)
  })

  test.each([
    ['it is another one', [PROJECT], OTHER_PROJECT],
    ['it is one of two: the jobs of the other would look deleted', [PROJECT, OTHER_PROJECT], PROJECT],
  ])('refused where %s', async (_, stored, projectId) => {
    const { worker, database, sync } = await synced(...stored)
    await expect(sync(worker({}, { projectId }))).rejects.toThrow(ScopeChangedError)
    expect(await loadSourceRow(database.pool, 'default')).toMatchObject({ projectId: null })
  })

  test('A18: refused while the API shows nothing, and accepted after that', async () => {
    const { world, worker, now, advance, sync } = await synced(PROJECT)
    world.hide(darkness({ from: now(), to: now() + HOUR }))
    const named = worker({}, { projectId: PROJECT })
    await expect(sync(named)).rejects.toThrow(ScopeChangedError)
    advance(2 * HOUR)
    expect(await sync(named)).toMatchObject({ outcome: 'succeeded' })
  })
})

describe('a name that is new over a scope that is known', () => {
  test('A18: while the API shows nothing, nobody can tell whether it is the same: nothing is done', async () => {
    const { world, worker, now, database, advance, sync } = await synced(PROJECT)
    world.hide(darkness({ from: now(), to: now() + HOUR }))
    const renamed = worker({ name: 'renamed' })
    const failure = sync(renamed)
    await expect(failure).rejects.toThrow(ApiUnavailableError)
    await expect(failure).rejects.toThrow(/SYNC_SOURCE=default.*LLAMA_CLOUD_PROJECT_ID/)
    expect(await loadSourceRow(database.pool, 'renamed')).toBeUndefined()
    advance(2 * HOUR)
    expect(await sync(renamed)).toMatchObject({ counts: { inserted: 0 } })
    expect(await loadSourceRow(database.pool, 'renamed')).toMatchObject({ formerNames: ['default'] })
    expect(await loadSourceRow(database.pool, 'default')).toBeUndefined()
  })

  test('its known jobs have gone, others of its project come: it is the same', async () => {
    const { world, worker, now, database, sync } = await synced(PROJECT)
    const before = now()
    world.hide(({ createdAt }) => createdAt < before)
    world.put({ id: 'new', createdAt: before, fields: { project_id: PROJECT } })
    await sync(worker({ name: 'renamed' }))
    expect(await loadSourceRow(database.pool, 'renamed')).toMatchObject({ formerNames: ['default'] })
  })

  /** Keys of two projects, one source each, that both have no jobs of a list yet. */
  test('leaves another source that has delivered nothing alone, and is left alone by it', async () => {
    const { worker, database, sync } = await createHarness()
    const names = ['default', 'second']
    for (const _cycle of [1, 2]) for (const name of names) await sync(worker({ name }))
    for (const name of names)
      expect(await loadSourceRow(database.pool, name)).toMatchObject({ formerNames: [] })
  })

  test('refused while a worker is at it, and the message says how to go on', async () => {
    const { worker, database, sync } = await synced(PROJECT)
    await database.pool.query(
      `update llamacloud_sync.sources set lease_owner = 'a', lease_expires_at = clock_timestamp() + interval '1 hour'`,
    )
    const failure = sync(worker({ name: 'renamed' }))
    await expect(failure).rejects.toThrow(ScopeChangedError)
    await expect(failure).rejects.toThrow(
      /"renamed" has the same scope and jobs as the source "default".*SYNC_SOURCE=default/,
    )
  })

  test('a stop while it is asked ends the run as stopped', async () => {
    const { api, worker, database, sync } = await synced(PROJECT)
    const stop = new AbortController()
    api.settings.intercept = () => {
      stop.abort(new Error('stop'))
      return { kind: 'hang' }
    }
    const ended = await sync(worker({ name: 'renamed' }), { signal: stop.signal })
    expect(ended.outcome).toBe('stopped')
    expect(await loadSourceRow(database.pool, 'renamed')).toBeUndefined()
  })
})
