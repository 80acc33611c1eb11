import { uuid } from '../ids.ts'
import { DEFAULT_PROJECT, STATUSES } from '../job.ts'
import type { SimulatedList } from '../simulated-list.ts'

export const batches: SimulatedList = {
  paths: ['/api/v2/batches'],
  product: 'parse_v2',
  statuses: [...STATUSES, 'THROTTLED'],
  asksById: false,
  defaults: {
    project_id: DEFAULT_PROJECT,
    status: 'PENDING',
    source_directory_id: 'dir-1',
    config: { job: { type: 'parse_v2', configuration_id: 'cfg-1' } },
    results: null,
  },
  idPrefix: 'bat',
  showsConfiguration: false,
  draw: ({ random, status, shown, projectId }) => {
    const [directory, configuration] = [uuid(random), uuid(random)]
    const type = random.pick(['parse_v2', 'parse_v2', 'extract_v2'])
    const isThrottled = random.chance(0.3)
    return {
      project_id: projectId,
      source_directory_id: `dir-${directory}`,
      status: status === 'PENDING' && isThrottled ? 'THROTTLED' : shown,
      config: { job: { type, configuration_id: `cfg-${configuration}` } },
      results: null,
    }
  },
}
