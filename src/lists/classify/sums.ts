import type { Sums } from '../../store/sums.ts'

export const CLASSIFY_SUMS: Sums = {
  dirtyDays: 'classify_dirty_days',
  settled: [
    ['classify_settled_sums', 'classify_sums'],
    ['classify_settled_spreads', 'classify_spreads', { rows: 'all_configurations' }],
    ['classify_settled_days', 'classify_exact'],
    ['classify_settled_errors', 'classify_errors', { where: "outcome = 'failed'" }],
  ],
  triggers: { mark: 'mark_days()', forget: 'forget_days()' },
}
