import type { Figures, Freshness } from './figures.ts'
import { date } from './format.ts'

type Stored = Pick<Figures, 'period' | 'freshness'>

/** Whether the days before the period may be compared with it: not when some of them were never read. */
export function comparison({ period, freshness }: Stored): 'whole' | 'part' {
  return ofClassify(freshness).every(
    ({ coveredFrom }) => coveredFrom === null || coveredFrom <= `${period.fromBefore} 00:00`,
  )
    ? 'whole'
    : 'part'
}

/** What the figures leave out, in sentences. */
export function remarks(stored: Stored): string[] {
  const { period, freshness } = stored
  const behind = ofClassify(freshness).filter((source) => !isWhole(source, period))
  const before = comparison(stored)
  return [
    `${period.days} whole days of UTC, by the time of creation. The day after them is not over, and left out.`,
    before === 'whole'
      ? `“Before” is the ${period.days} days from ${date(period.fromBefore)} to ${date(period.toBefore)}.`
      : 'They are not compared with the days before, which are not all stored.',
    ...behind.map(({ source, coveredFrom, watermark }) =>
      watermark === null
        ? `Of ${source} nothing is stored yet.`
        : `Of ${source} only what was created from ${coveredFrom ?? '–'} to ${watermark} is surely stored.`,
    ),
    'Jobs deleted upstream count; only the review queue leaves them out.',
  ]
}

/** The page is of classify jobs: what is stored of other lists does not matter to it. */
function ofClassify(freshness: readonly Freshness[]): readonly Freshness[] {
  return freshness.filter(({ list }) => list === 'classify')
}

function isWhole({ coveredFrom, watermark }: Freshness, { from, to }: Stored['period']): boolean {
  return (
    coveredFrom !== null &&
    coveredFrom <= `${from} 00:00` &&
    watermark !== null &&
    watermark.slice(0, 10) > to
  )
}
