import type { Figures, Totals } from './figures.ts'
import { count, duration, percent } from './format.ts'
import { html, type Markup } from './markup.ts'

/** The figures of the period at a glance, each beside that of as many days before. */
export function tiles({ totals, before, toReview }: Figures): Markup {
  const compared = (label: string, show: (of: Totals) => string) =>
    tile(label, show(totals), jobsOf(before) === 0 ? '' : `${show(before)} before`)
  return html`<div class="tiles">
${compared('Jobs', (of) => count(jobsOf(of)))}
${compared('Matched', (of) => percent(share(of.matched, of.matched + of.unmatched)))}
${compared('Unmatched', (of) => percent(share(of.unmatched, of.matched + of.unmatched)))}
${compared('Failed', (of) => percent(share(of.failed, jobsOf(of) - of.open)))}
${compared('Median time', (of) => duration(of.p50))}
${tile('To review', count(toReview), totals.open === 0 ? '' : `${count(totals.open)} still open`)}
</div>`
}

function tile(label: string, value: string, remark: string): Markup {
  return html`<div class="tile"><span>${label}</span><b>${value}</b><span>${remark}</span></div>`
}

export function jobsOf({ matched, unmatched, failed, cancelled, open }: Totals): number {
  return matched + unmatched + failed + cancelled + open
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
