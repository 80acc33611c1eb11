import { uuid } from '../ids.ts'
import { DEFAULT_PROJECT } from '../job.ts'
import { errorMessage } from '../prose.ts'
import { pickSkewed, type SimulatedList } from '../simulated-list.ts'

export const split: SimulatedList = {
  paths: ['/api/v1/split/jobs', '/api/v1/beta/split/jobs'],
  product: 'split_v1',
  statuses: ['pending', 'processing', 'completed', 'failed', 'cancelled'],
  asksById: true,
  defaults: {
    project_id: DEFAULT_PROJECT,
    user_id: 'user-1',
    document_input_type: 'file_id',
    file_input: 'dfl-11111111-2222-4333-8444-555555555555',
    status: 'pending',
    categories: [{ name: 'invoice', description: null }],
    configuration_id: null,
    error_message: null,
    result: null,
  },
  idPrefix: 'spl',
  showsConfiguration: false,
  draw: ({ random, configuration, status, shown, projectId, userIds }) => {
    const { types } = configuration
    const file = uuid(random)
    const userId = random.pick(userIds)
    const message = errorMessage(random)
    const segments = Array.from({ length: random.int(1, 5) }, (_, index) => ({
      category: pickSkewed(random, types).type,
      confidence_category: random.pick(['high', 'high', 'medium', 'low']),
      pages: [2 * index + 1, 2 * index + 2],
    }))
    return {
      project_id: projectId,
      user_id: userId,
      document_input_type: 'file_id',
      file_input: `dfl-${file}`,
      status: shown,
      categories: types.map(({ type, description }) => ({ name: type, description })),
      splitting_strategy: { allow_uncategorized: 'include' },
      configuration_id: configuration.id,
      transaction_id: null,
      error_message: status === 'FAILED' ? message : null,
      result: status === 'COMPLETED' ? { segments } : null,
    }
  },
}
