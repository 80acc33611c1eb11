import { shareOf, uuid } from '../ids.ts'
import { DEFAULT_PROJECT, STATUSES } from '../job.ts'
import { errorMessage } from '../prose.ts'
import type { Life, SimulatedList } from '../simulated-list.ts'

export const extract: SimulatedList = {
  paths: ['/api/v2/extract'],
  product: 'extract_v2',
  eventType: 'extraction_num_pages',
  statuses: [...STATUSES, 'THROTTLED'],
  asksById: true,
  defaults: {
    project_id: DEFAULT_PROJECT,
    status: 'PENDING',
    file_input: 'dfl-11111111-2222-4333-8444-555555555555',
    configuration_id: null,
    configuration: { data_schema: { type: 'object', properties: { total: { type: 'number' } } } },
    error_message: null,
    // What may be expanded, and is not asked for.
    extract_result: { total: 1 },
  },
  idPrefix: 'ext',
  showsConfiguration: false,
  draw: (life) => {
    const { random, configuration, status, shown, projectId } = life
    const input = drawInput(life)
    const [pages, rate] = [random.int(1, 40), random.pick([1, 2.5, 5])]
    const message = errorMessage(random)
    const isThrottled = random.chance(0.3)
    const properties = Object.fromEntries(configuration.types.map(({ type }) => [type, { type: 'string' }]))
    const isDone = status === 'COMPLETED'
    return {
      project_id: projectId,
      file_input: input.file,
      status: status === 'PENDING' && isThrottled ? 'THROTTLED' : shown,
      configuration_id: configuration.id,
      configuration: { data_schema: { type: 'object', properties }, tier: 'agentic', cite_sources: true },
      error_message: status === 'FAILED' ? message : null,
      extract_metadata: isDone
        ? { parse_job_id: input.parseJob, parse_tier: input.tier, field_metadata: null }
        : null,
      extract_result: null,
      metadata: isDone ? { usage: { num_pages_extracted: pages } } : null,
      usage: isDone
        ? { credits: pages * rate + pages, extract_credits: pages * rate, parse_credits: pages }
        : null,
    }
  },
}

/** A file that was classified before, if there is one, and the parse job that read it. */
function drawInput({ random, parsed, classified }: Life) {
  const [file, job] = [uuid(random), uuid(random)]
  const { document_input_type: type, file_input: known } = classified(shareOf(file)) ?? {}
  const { id = `pjb-${job}`, tier = 'fast' } = parsed(shareOf(job)) ?? {}
  return { file: type === 'file_id' && known ? known : `dfl-${file}`, parseJob: id, tier }
}
