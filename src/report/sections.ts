import type { Failure, Figures, Freshness, ReviewItem, RuleFigures } from './figures.ts'
import { confidence, count, date, duration, percent } from './format.ts'
import { html, type Markup } from './markup.ts'
import { cardTable, type TableColumn } from './tables.ts'

function section(title: string, note: string, content: Markup): Markup {
  return html`<section class="cards">
<h2>${title}</h2>
<p class="note">${note}</p>
${content}
</section>`
}

const nothing = html``

const FAILURE_COLUMNS: readonly TableColumn<Failure>[] = [
  {
    head: 'Cause',
    cell: ({ error }) => error ?? html`<em class="quiet">no message</em>`,
    value: ({ error }) => error,
    kind: 'long',
  },
  { head: 'Jobs', cell: ({ jobs }) => count(jobs), value: ({ jobs }) => jobs, kind: 'number' },
  { head: 'Last', cell: ({ lastAt }) => dayOf(lastAt), value: ({ lastAt }) => lastAt, kind: 'short' },
  {
    head: 'Example',
    cell: ({ exampleJobId }) => html`<code>${exampleJobId}</code>`,
    value: ({ exampleJobId }) => exampleJobId,
    kind: 'short',
  },
]

export function failures({ failures: rows }: Figures): Markup {
  if (rows.length === 0) return section('Top failures', 'No job of these days failed.', nothing)
  const note = 'Causes of the failures of these days. # stands for a word with a digit: an id, a number.'
  return section('Top failures', note, cardTable(FAILURE_COLUMNS, rows))
}

const RULE_COLUMNS: readonly TableColumn<RuleFigures>[] = [
  { head: 'Type', cell: ({ type }) => type ?? '–', value: ({ type }) => type },
  {
    head: 'Matched',
    cell: ({ matchedJobs }) => count(matchedJobs),
    value: ({ matchedJobs }) => matchedJobs,
    kind: 'number',
  },
  {
    head: 'of jobs',
    cell: ({ completedJobs }) => count(completedJobs),
    value: ({ completedJobs }) => completedJobs,
    kind: 'number',
  },
  {
    head: 'Share',
    cell: (rule) => percent(rule.matchedJobs / rule.completedJobs),
    value: (rule) => rule.matchedJobs / rule.completedJobs,
    kind: 'number',
  },
  {
    head: 'Configuration',
    cell: (rule) =>
      rule.names ?? html`${firstTypesOf(rule)} <code class="quiet">${rule.configuration}</code>`,
    value: (rule) => rule.names ?? `${firstTypesOf(rule)} ${rule.configuration}`,
  },
  { head: 'Description', cell: ({ description }) => description ?? '', kind: 'long' },
]

/** Without a name the types of its rules tell a configuration apart for people, and the hash where those do not. */
function firstTypesOf({ firstTypes, rules: all }: RuleFigures): string {
  return all > 2 ? `${firstTypes} + ${all - 2} more` : (firstTypes ?? '–')
}

function neverMatched({ neverMatching }: RuleFigures): string {
  const of = 'of the configurations of these days'
  if (neverMatching === 0) return `Every rule ${of} has matched at least once.`
  return neverMatching === 1
    ? `1 rule ${of} has not matched.`
    : `${count(neverMatching)} rules ${of} have not matched.`
}

export function rules({ rules: rows }: Figures): Markup {
  const title = 'Rules that never match, or hardly ever'
  const [first] = rows
  if (!first) return section(title, 'No completed job of these days has rules that are known.', nothing)
  const note = `${neverMatched(first)} These match the smallest share of their configuration's jobs, those tried on many jobs first.`
  return section(title, note, cardTable(RULE_COLUMNS, rows))
}

const REVIEW_COLUMNS: readonly TableColumn<ReviewItem>[] = [
  {
    head: 'Created',
    cell: ({ createdAt }) => createdAt ?? '–',
    value: ({ createdAt }) => createdAt,
    kind: 'short',
  },
  { head: 'Why', cell: ({ reason, type }) => (type === null ? reason : `${reason} as ${type}`) },
  {
    head: 'Confidence',
    cell: (item) => confidence(item.confidence),
    value: (item) => item.confidence,
    kind: 'number',
  },
  {
    head: 'Document',
    cell: ({ file, id, reasoning }) =>
      html`<code>${file ?? 'no file'}</code><br>${reasoning ?? ''} <span class="quiet">Job <code>${id}</code></span>`,
    value: ({ file }) => file,
    kind: 'long',
  },
]

export function review({ review: rows, toReview, reviewBelow }: Figures): Markup {
  if (toReview === 0) return section('Review queue', 'Nothing of these days needs a person.', nothing)
  const all = toReview === 1 ? 'The only document' : `All ${count(toReview)} documents`
  const which = toReview > rows.length ? `The newest ${rows.length} of ${count(toReview)} documents` : all
  const note = `${which} of these days that matched no rule, or with a confidence below ${reviewBelow}.`
  return section('Review queue', note, cardTable(REVIEW_COLUMNS, rows))
}

const FRESHNESS_COLUMNS: readonly TableColumn<Freshness>[] = [
  { head: 'Source', cell: ({ source }) => source },
  { head: 'Complete from', cell: ({ coveredFrom }) => coveredFrom ?? '–' },
  { head: 'to', cell: ({ watermark }) => watermark ?? 'never synced' },
  { head: 'Lag', cell: ({ lag }) => duration(lag), value: ({ lag }) => lag, kind: 'number' },
  {
    head: 'Open jobs',
    cell: ({ openJobs }) => count(openJobs),
    value: ({ openJobs }) => openJobs,
    kind: 'number',
  },
  { head: 'Rejects', cell: ({ rejects }) => count(rejects), value: ({ rejects }) => rejects, kind: 'number' },
  { head: 'Last success', cell: ({ lastSuccessAt }) => lastSuccessAt ?? 'never' },
]

export function freshness({ freshness: rows }: Figures): Markup {
  if (rows.length === 0) return section('Freshness', 'Nothing was synced yet.', nothing)
  const note =
    'Every job created in the span of its source is stored. Times are UTC; the lag is that of the making of this page.'
  return section('Freshness', note, cardTable(FRESHNESS_COLUMNS, rows))
}

function dayOf(moment: string | null): string {
  return moment === null ? '–' : date(moment.slice(0, 10))
}
