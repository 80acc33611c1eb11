import { isJsonObject, type JsonObject, type JsonValue } from '../../src/simulator/json.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'

const FIELDS = [
  'configuration',
  'document_input_type',
  'file_input',
  'project_id',
  'user_id',
  'configuration_id',
  'parse_job_id',
  'transaction_id',
  'error_message',
  'result',
]

/**
 * The item with values nobody expects (A9, A10), for a share of all jobs; which, and how, follows from the seed and the
 * job's id, so that a job looks the same each time. Its id, its status and its times stay as they are.
 */
export function strangeItem(item: JsonValue, seed: number | string, share: number): JsonValue {
  if (share === 0 || !isJsonObject(item)) return item
  const random = createRandom(`${seed} strange ${String(item.id)}`)
  if (!random.chance(share)) return item
  const strange: Record<string, JsonValue | undefined> = { ...item }
  const changes = random.int(1, 4)
  for (let change = 0; change < changes; change += 1) {
    if (random.chance(0.3))
      strange[random.pick(['newcomer', '__proto', 'a\0b', ''])] = strangeValue(random, 2)
    else strange[random.pick(FIELDS)] = random.chance(0.2) ? undefined : strangeValue(random, 2)
  }
  return strange
}

function strangeValue(random: Random, depth: number): JsonValue {
  const simple: readonly JsonValue[] = [
    null,
    true,
    0,
    -0.5,
    1e300,
    '',
    'NUL \0 inside',
    'half a pair \ud800',
    '\udc00',
    'NEW_VALUE',
    '2099-13-45',
    'x'.repeat(random.chance(0.02) ? 1_048_576 : 20),
  ]
  if (depth === 0 || random.chance(0.7)) return random.pick(simple)
  const inner = () => strangeValue(random, depth - 1)
  if (random.chance(0.5)) return Array.from({ length: random.int(0, 3) }, inner)
  const object: JsonObject = { type: inner(), rules: inner(), 'key\0': inner() }
  return object
}
