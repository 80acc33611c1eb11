import type { Order } from '../../src/simulator/page.ts'
import { sampled } from './size.ts'

/** The orders in which the API may list; in `npm test` one of them, which need not be that of another test. */
export function ordersFor(name: string): readonly Order[] {
  return sampled<Order>(name, ['ascending', 'descending', 'shuffled'], 1)
}
