import type { TopLevelSpec } from 'vega-lite'
import { confidenceChart, durationChart, OUTCOMES, TYPES_SHOWN, typesChart, volumeChart } from './charts.ts'
import type { Day, Figures, TypeFigures } from './figures.ts'
import { confidence, count, percent, percentile } from './format.ts'
import { html, type Markup } from './markup.ts'
import { draw } from './render.ts'
import { sortableTable, type TableColumn } from './tables.ts'

/** Widths of the plots in pixels, beside which come the labels: over the page, over half of it, on a phone. */
const FULL = 930
const HALF = 250
const PHONE = { full: 285, half: 118 }

type Chart = (size: { width: number; narrow: boolean }) => TopLevelSpec

/** Each chart is drawn twice: letters that shrink with the drawing could not be read on a phone. */
async function bothSizes(chart: Chart, label: string, width: keyof typeof PHONE): Promise<Markup> {
  const wide = await draw(chart({ width: width === 'full' ? FULL : HALF, narrow: false }), label)
  const narrow = await draw(chart({ width: PHONE[width], narrow: true }), label)
  return html`<div class="chart"><div class="wide">${wide}</div><div class="narrow">${narrow}</div></div>`
}

function legend(entries: readonly (readonly [colour: string, label: string])[]): Markup {
  const items = entries.map(
    ([colour, label]) => html`<li><i style="background:var(--${colour})"></i>${label}</li>`,
  )
  return html`<ul class="legend">${items}</ul>`
}

const DAY_COLUMNS: readonly TableColumn<Day>[] = [
  { head: 'Day', cell: ({ day }) => day },
  ...OUTCOMES.map(
    (outcome): TableColumn<Day> => ({
      head: outcome,
      cell: (day) => count(day[outcome]),
      value: (day) => day[outcome],
      kind: 'number',
    }),
  ),
  { head: 'p50', cell: ({ p50 }) => percentile(p50), value: ({ p50 }) => p50, kind: 'number' },
  { head: 'p95', cell: ({ p95 }) => percentile(p95), value: ({ p95 }) => p95, kind: 'number' },
]

export async function volume({ days }: Figures): Promise<Markup> {
  const shown = OUTCOMES.filter((outcome) => days.some((day) => day[outcome] > 0))
  return html`<section>
<h2>Jobs by outcome</h2>
<p class="note">Each day of creation. Matched and unmatched jobs are completed, with and without a type.</p>
${legend(shown.map((outcome) => [outcome, outcome]))}
${await bothSizes((size) => volumeChart(days, size), 'Jobs of each day by outcome', 'full')}
<details><summary>As a table</summary>${sortableTable(DAY_COLUMNS, [...days].reverse())}</details>
</section>`
}

export async function speed({ days }: Figures): Promise<Markup> {
  return html`<section>
<h2>Time to completion</h2>
<p class="note">From creation to the end, of completed jobs by their day of creation; within 7.2 % where they took from 1 second to 18.2 hours, which means so long or longer. Each line of the scale is about ten times the one below.</p>
${legend([
  ['accent', 'half of the jobs within'],
  ['unmatched', '95 % within'],
])}
${await bothSizes((size) => durationChart(days, size), 'Time to completion of each day', 'full')}
</section>`
}

function typeColumns(completed: number, reviewBelow: number): readonly TableColumn<TypeFigures>[] {
  return [
    {
      head: 'Type',
      cell: ({ type }) => type ?? html`<em class="quiet">no rule matched</em>`,
      value: ({ type }) => type,
    },
    { head: 'Jobs', cell: ({ jobs }) => count(jobs), value: ({ jobs }) => jobs, kind: 'number' },
    {
      head: 'Share',
      cell: ({ jobs }) => percent(jobs / completed),
      value: ({ jobs }) => jobs,
      kind: 'number',
    },
    {
      head: 'Median confidence',
      cell: ({ confidenceP50 }) => confidence(confidenceP50),
      value: ({ confidenceP50 }) => confidenceP50,
      kind: 'number',
    },
    {
      head: 'A tenth below',
      cell: ({ confidenceP10 }) => confidence(confidenceP10),
      value: ({ confidenceP10 }) => confidenceP10,
      kind: 'number',
    },
    {
      head: `Below ${reviewBelow}`,
      cell: ({ lowConfidenceJobs }) => count(lowConfidenceJobs),
      value: ({ lowConfidenceJobs }) => lowConfidenceJobs,
      kind: 'number',
    },
  ]
}

export async function types({ types: all, totals, reviewBelow }: Figures): Promise<Markup> {
  if (all.length === 0)
    return html`<section><h2>Types and confidence</h2><p class="note">No job was completed.</p></section>`
  const more =
    all.filter(({ type }) => type !== null).length > TYPES_SHOWN.narrow
      ? 'The most frequent types are drawn; the table has them all.'
      : ''
  return html`<section>
<h2>Types and confidence</h2>
<p class="note">Completed jobs. ${more}</p>
<div class="pair">
<div><h3>Jobs</h3>${await bothSizes((size) => typesChart(all, size), 'Jobs by type', 'half')}</div>
<div><h3>Confidence of matches: median, and what a tenth stay below</h3>
${await bothSizes((size) => confidenceChart(all, size), 'Confidence by type', 'half')}</div>
</div>
<details><summary>As a table</summary>${sortableTable(typeColumns(totals.matched + totals.unmatched, reviewBelow), all)}</details>
</section>`
}
