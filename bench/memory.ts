/** Figure e: the worker's peak memory during a first load, and that it does not grow with the number of jobs. */
import { atMost, type BenchOptions, type Figure, noMoreThan } from './support/figure.ts'

const MOST_MB = 200

export function memorySizes(quick: boolean): readonly [few: number, many: number] {
  return quick ? [20_000, 100_000] : [100_000, 1_000_000]
}

export async function memory({ quick, stages }: BenchOptions): Promise<Figure> {
  const [few, many] = memorySizes(quick)
  const floor = (await stages.of(few)).load.maxRssKb / 1_024
  const value = (await stages.of(many)).load.maxRssKb / 1_024
  const letter = 'e'
  return {
    rows: [
      noMoreThan(MOST_MB, { letter, figure: `peak memory of a load of ${many} jobs`, value, unit: 'MB' }),
      atMost(1.15, { letter, figure: `the same, against ${few} jobs`, value, floor, unit: 'MB' }),
    ],
    notes: [],
  }
}
