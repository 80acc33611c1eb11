import { DEFAULT_PROJECT, STATUSES } from '../job.ts'
import { errorMessage } from '../prose.ts'
import { pickSkewed, type SimulatedList } from '../simulated-list.ts'

const TIERS = ['cost_effective', 'agentic', 'fast', 'agentic_plus']

export const parse: SimulatedList = {
  paths: ['/api/v2/parse'],
  product: 'parse_v2',
  eventType: 'pages_parsed',
  statuses: STATUSES,
  asksById: true,
  defaults: { project_id: DEFAULT_PROJECT, status: 'PENDING', error_message: null, name: null, tier: 'fast' },
  idPrefix: 'pjb',
  showsConfiguration: false,
  draw: ({ random, configuration, status, shown, projectId }) => {
    const tier = pickSkewed(random, TIERS)
    const credits = random.int(1, 60) * 1.5
    const message = errorMessage(random)
    const isNamed = random.chance(0.4)
    const number = random.int(1, 9_999)
    return {
      project_id: projectId,
      status: shown,
      error_message: status === 'FAILED' ? message : null,
      name: isNamed ? `scan-${number}.pdf` : null,
      tier,
      user_metadata: isNamed ? { team: configuration.types[0]?.type ?? 'none' } : null,
      usage: status === 'COMPLETED' ? { credits } : null,
    }
  },
}
