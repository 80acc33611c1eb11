import type { Sums } from '../store/sums.ts'

/** For a list whose jobs bear their credits: what `job_costs` shows of its days. */
export const costSums = (list: string): Sums => ({
  dirtyDays: `${list}_dirty_days`,
  settled: [[`${list}_settled_costs`, `${list}_costs`]],
  triggers: {
    mark: `mark_days_in('${list}_dirty_days')`,
    forget: `forget_days_in('${list}_settled_costs')`,
  },
})
