import { MINUTE, parseInstant } from '../../values/instant.ts'
import type { DocumentType } from '../corpus.ts'
import type { Fate } from '../fate.ts'
import { shareOf, uuid } from '../ids.ts'
import { DEFAULT_FIELDS, STATUSES } from '../job.ts'
import type { JsonObject } from '../json.ts'
import { errorMessage, reasoningFor, reasoningWithout } from '../prose.ts'
import type { Random } from '../random.ts'
import { type Life, pickSkewed, type SimulatedList } from '../simulated-list.ts'

export const classify: SimulatedList = {
  paths: ['/api/v2/classify'],
  product: 'classify_v2',
  eventType: 'pages_classified',
  statuses: STATUSES,
  asksById: true,
  defaults: DEFAULT_FIELDS,
  idPrefix: 'cls',
  showsConfiguration: true,
  draw: ({ random, configuration, fate, status, shown, projectId, userIds, parsed }) => {
    const input = drawInput(random, parsed)
    const userId = random.pick(userIds)
    const transactionId = random.chance(0.1) ? `txn-${uuid(random)}` : null
    return {
      ...input,
      project_id: projectId,
      user_id: userId,
      status: shown,
      configuration_id: configuration.id,
      transaction_id: transactionId,
      error_message: status === 'FAILED' ? errorMessage(random) : null,
      result: status === 'COMPLETED' ? drawResult(random, configuration.types, fate) : null,
    }
  },
  usageOf: ({ id, status, document_input_type, updated_at }, now) => {
    const end = parseInstant(String(updated_at)) ?? now
    if (status !== 'COMPLETED' || now < end + BILLED_AFTER) return null
    const pages = 1 + (String(id).charCodeAt(String(id).length - 1) % 7)
    const parsing = document_input_type === 'parse_job_id' ? 0 : 3 * pages
    return { credits: pages + parsing, parse_credits: parsing }
  },
}

/** Billing records what a job has cost some time after its end. */
const BILLED_AFTER = 5 * MINUTE

function drawInput(random: Random, parsed: Life['parsed']): JsonObject {
  const kind = random.next()
  const id = uuid(random)
  if (kind < 0.6) return { document_input_type: 'file_id', file_input: `dfl-${id}`, parse_job_id: null }
  if (kind < 0.85) {
    const parseJobId = parsed(shareOf(id))?.id ?? `pjb-${id}`
    return { document_input_type: 'parse_job_id', file_input: parseJobId, parse_job_id: parseJobId }
  }
  const url = `https://files.example.com/inbox/${id}.pdf`
  return { document_input_type: 'url', file_input: url, parse_job_id: null }
}

function drawResult(random: Random, types: readonly DocumentType[], { isMatched }: Fate): JsonObject {
  if (!isMatched) {
    const confidence = round(0.05 + 0.5 * random.next())
    return { confidence, reasoning: reasoningWithout(random, types), type: null }
  }
  const matched = pickSkewed(random, types)
  const other = random.pick(types.filter((type) => type !== matched))
  const confidence = round(1 - Math.min(0.6, random.exponential(0.06)))
  return { confidence, reasoning: reasoningFor(random, matched, other), type: matched.type }
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000
}
