import { comparison } from './completeness.ts'
import type { Figures, Outcome, Totals } from './figures.ts'
import { count, percent, percentile } from './format.ts'
import { html, type Markup } from './markup.ts'

/** The figures of the period at a glance, each beside that of the days before, if they are all stored. */
export function tiles(figures: Figures): Markup {
  const { totals, before, toReview } = figures
  const isCompared = comparison(figures) === 'whole' && jobsOf(before) > 0
  const compared = (label: string, show: (of: Totals) => string) =>
    tile(label, show(totals), isCompared ? `${show(before)} before` : '')
  const ended = (outcome: Outcome) => (of: Totals) => percent(share(of[outcome], jobsOf(of) - of.open))
  return html`<div class="tiles">
${compared('Jobs', (of) => count(jobsOf(of)))}
${compared('Matched', ended('matched'))}
${compared('Unmatched', ended('unmatched'))}
${compared('Failed', ended('failed'))}
${compared('Cancelled', ended('cancelled'))}
${compared('Median time', (of) => percentile(of.p50))}
${tile('To review', count(toReview), totals.open === 0 ? '' : `${count(totals.open)} still open`)}
</div>
<p class="note under">The four shares are of the jobs that ended, and add up to 100 %. The median time is that of completed jobs, within 7.2 % where they took from 1 second to 18.2 hours.</p>`
}

function tile(label: string, value: string, remark: string): Markup {
  return html`<div class="tile"><span>${label}</span><b>${value}</b><span>${remark}</span></div>`
}

function jobsOf({ matched, unmatched, failed, cancelled, open }: Totals): number {
  return matched + unmatched + failed + cancelled + open
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
