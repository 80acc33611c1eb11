import { existsSync, readFileSync } from 'node:fs'
import LlamaCloud, { AuthenticationError, UnprocessableEntityError } from '@llamaindex/llama-cloud'
import { describe, expect, test } from 'vitest'
import { generate } from '../../../src/simulator/generate.ts'
import { DEFAULT_PROJECT } from '../../../src/simulator/job.ts'
import type { JsonObject } from '../../../src/simulator/json.ts'
import type { Simulator } from '../../../src/simulator/server.ts'
import { DEFAULT_ORGANIZATION } from '../../../src/simulator/world.ts'
import { DAY, formatInstant, HOUR } from '../../../src/values/instant.ts'
import { type Schema, violations } from './json-schema.ts'
import { get, job, NOON, type Params, type Reply, simulate, worldAt } from './support.ts'

/** The vendor's own description, which is kept beside the clone where there is one. */
const CONTRACT = new URL('../../../../shared/contract/classify.openapi.json', import.meta.url)
const contract: JsonObject | undefined = existsSync(CONTRACT)
  ? JSON.parse(readFileSync(CONTRACT, 'utf8'))
  : undefined

const SCHEMAS: Record<number, string> = { 200: 'ClassifyV2JobQueryResponse', 422: 'HTTPValidationError' }

/** Without the contract beside it, a clone still checks the envelope. */
function expectConforming({ status, body }: Reply): void {
  expect(Array.isArray(status === 200 ? body.items : body.detail)).toBe(true)
  const schema: Schema = { $ref: `#/components/schemas/${SCHEMAS[status]}` }
  if (contract) expect(violations(body, schema, contract)).toEqual([])
}

async function simulator(now = NOON + DAY): Promise<Simulator> {
  const { world } = worldAt(now)
  const fate = { failedShare: 0.2, cancelledShare: 0.2, unmatchedShare: 0.2, stuckShare: 0.2 }
  generate(world, { seed: 3, jobs: 250, from: NOON, to: NOON + HOUR, arrival: 'bursty', fate })
  world.put(job('by-hand', NOON), job('undated', null))
  return simulate({ world })
}

function clientOf({ url, settings }: Simulator, apiKey = settings.apiKey): LlamaCloud {
  return new LlamaCloud({ apiKey, baseURL: url, maxRetries: 0, timeout: 10_000 })
}

async function idsBy(client: LlamaCloud, params: LlamaCloud.ClassifyListParams): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of client.classify.list(params)) ids.push(id)
  return ids
}

describe('the contract', () => {
  test('pages conform, at every stage of the jobs and in every order', async () => {
    const statuses = new Set<unknown>()
    for (const now of [NOON - 1, NOON + HOUR / 2, NOON + HOUR, NOON + DAY]) {
      const running = await simulator(now)
      for (const order of ['ascending', 'descending', 'shuffled'] as const) {
        running.settings.order = order
        let token: unknown
        do {
          const reply = await get(running, {
            page_size: 100,
            ...(token ? { page_token: String(token) } : {}),
          })
          expect(reply.status).toBe(200)
          expectConforming(reply)
          for (const { status } of reply.body.items as JsonObject[]) statuses.add(status)
          token = reply.body.next_page_token
        } while (token)
      }
    }
    expect(statuses).toEqual(new Set(['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED']))
  })

  test.each<[Params]>([
    [{ page_size: 0 }],
    [{ page_size: 'many' }],
    [{ page_size: 101, status: 'NONE' }],
    [{ project_id: '1', organization_id: '2' }],
    [{ created_at_on_or_after: '', created_at_on_or_before: 'now' }],
  ])('refusals conform: %j', async (params) => {
    const reply = await get(await simulator(), params)
    expect(reply.status).toBe(422)
    expect(reply.body.detail).toHaveLength(Object.keys(params).length)
    expectConforming(reply)
  })
})

describe('the official client', () => {
  test('iterates over all jobs', async () => {
    const running = await simulator()
    const expected = [...running.world.all()].map((payload) => (payload as JsonObject).id)
    const client = clientOf(running)
    expect(await idsBy(client, {})).toEqual(expected)
    expect(running.requests.total).toBe(26)
    expect(await idsBy(client, { page_size: 100 })).toEqual(expected)
    running.settings.paging = 'offset'
    expect(await idsBy(client, { page_size: 99 })).toEqual(expected)
  })

  test('reads items whole', async () => {
    const running = await simulator()
    const page = await clientOf(running).classify.list({ page_size: 100 })
    expect(page.items).toEqual([...running.world.all()].slice(0, 100))
  })

  test('sends every parameter so that it is understood', async () => {
    const running = await simulator()
    const jobs = [...running.world.all()] as JsonObject[]
    const chosen = jobs.find(
      ({ status, configuration_id }) => status === 'COMPLETED' && configuration_id !== null,
    )
    const { id, configuration_id, created_at } = chosen as Record<string, string>
    const matching: LlamaCloud.ClassifyListParams = {
      page_size: 1,
      status: 'COMPLETED',
      job_ids: ['by-hand', String(id), 'none'],
      configuration_id: String(configuration_id),
      created_at_on_or_after: String(created_at),
      created_at_on_or_before: String(created_at),
      project_id: DEFAULT_PROJECT,
      organization_id: DEFAULT_ORGANIZATION,
    }
    const client = clientOf(running)
    expect(await idsBy(client, matching)).toEqual([id])
    const misses: LlamaCloud.ClassifyListParams[] = [
      { status: 'FAILED' },
      { job_ids: ['by-hand', 'none'] },
      { configuration_id: 'none' },
      { created_at_on_or_after: formatInstant(NOON + HOUR) },
      { created_at_on_or_before: formatInstant(NOON - 1) },
      { project_id: DEFAULT_ORGANIZATION },
      { organization_id: DEFAULT_PROJECT },
    ]
    for (const miss of misses) expect(await idsBy(client, { ...matching, ...miss })).toEqual([])
  })

  test('takes refusals for what they are', async () => {
    const running = await simulator()
    const wrongKey = clientOf(running, 'llx-wrong').classify.list()
    await expect(wrongKey).rejects.toThrow(AuthenticationError)
    await expect(wrongKey).rejects.toThrow('Invalid API Key. Please check your region')
    const client = clientOf(running)
    await expect(client.classify.list({ page_size: 101 })).rejects.toThrow(UnprocessableEntityError)
    await expect(client.classify.list({ page_token: 'expired' })).rejects.toMatchObject({ status: 400 })
  })
})
