import type { TopLevelSpec } from 'vega-lite'
import type { Day, Outcome, TypeFigures } from './figures.ts'

export const OUTCOMES: readonly Outcome[] = ['matched', 'unmatched', 'failed', 'cancelled', 'open']

/** Types shown in a chart at most, and on a phone; the table has them all. */
export const TYPES_SHOWN = { wide: 14, narrow: 8 }

type Size = { readonly width: number; readonly narrow: boolean }

/** Colours stand for the page's own, which change with light and dark: see `themed`. */
export const INK = {
  matched: '#010101',
  unmatched: '#010102',
  failed: '#010103',
  cancelled: '#010104',
  open: '#010105',
  text: '#010106',
  muted: '#010107',
  line: '#010108',
  accent: '#010109',
  accentSoft: '#01010a',
} as const

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json'
const DAY = { field: 'day', type: 'temporal', title: null } as const
const PARSE_DAYS = { parse: { day: "utc:'%Y-%m-%d'" } } as const

/** Few days have a mark each: as many as there is room for would be several a day. */
function dayAxis(days: readonly Day[], { width }: Size) {
  const room = Math.floor(width / 75)
  const tickCount = days.length > room ? room : 'day'
  return { format: '%-d %b', tickCount, grid: false, labelOverlap: 'greedy' } as const
}

/** Jobs of each day, stacked by outcome. */
export function volumeChart(days: readonly Day[], size: Size): TopLevelSpec {
  const values = days.flatMap((day) =>
    OUTCOMES.map((outcome, order) => ({ day: day.day, outcome, order, jobs: day[outcome] })),
  )
  return {
    $schema: SCHEMA,
    width: size.width,
    height: size.narrow ? 150 : 240,
    data: { values, format: PARSE_DAYS },
    mark: { type: 'bar', stroke: null },
    encoding: {
      x: {
        ...DAY,
        timeUnit: 'utcyearmonthdate',
        bandPosition: 0.5,
        axis: dayAxis(days, size),
      },
      y: { field: 'jobs', type: 'quantitative', stack: true, title: null, axis: { tickCount: 4 } },
      order: { field: 'order' },
      color: {
        field: 'outcome',
        scale: { domain: [...OUTCOMES], range: OUTCOMES.map((outcome) => INK[outcome]) },
        legend: null,
      },
    },
  }
}

/** Seconds that people know by name. */
const ROUND_SECONDS = [0.1, 1, 10, 60, 600, 3_600, 36_000, 360_000, 3_600_000]

/** Half of the jobs of each day are done within the lower line, 95 % within the upper; by a scale on which both have a shape. */
export function durationChart(days: readonly Day[], size: Size): TopLevelSpec {
  const values = days.flatMap(({ day, p50, p95 }) => [
    { day, line: 'p50', seconds: drawnSeconds(p50) },
    { day, line: 'p95', seconds: drawnSeconds(p95) },
  ])
  const marks = marksAround(values.flatMap(({ seconds }) => seconds ?? []))
  return {
    $schema: SCHEMA,
    width: size.width,
    height: size.narrow ? 140 : 200,
    data: { values, format: PARSE_DAYS },
    mark: { type: 'line', point: { size: 26 }, strokeWidth: 2, invalid: 'break-paths-show-domains' },
    encoding: {
      x: { ...DAY, scale: { type: 'utc' }, axis: dayAxis(days, size) },
      y: {
        field: 'seconds',
        type: 'quantitative',
        title: null,
        scale: { type: 'log', domain: [marks[0] ?? 1, marks.at(-1) ?? 10], nice: false },
        axis: { values: [...marks], labelExpr: SECONDS_LABEL },
      },
      color: {
        field: 'line',
        scale: { domain: ['p50', 'p95'], range: [INK.accent, INK.unmatched] },
        legend: null,
      },
    },
  }
}

const SECONDS_LABEL = `datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min' : datum.value / 3600 + ' h'`

/** A logarithm has no 0. */
function drawnSeconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.max(seconds, 0.1)
}

/** The round seconds between which all of them lie. */
function marksAround(seconds: readonly number[]): readonly number[] {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)]
  const first = Math.max(
    0,
    ROUND_SECONDS.findLastIndex((mark) => mark <= least),
  )
  const last = ROUND_SECONDS.findIndex((mark) => mark >= most)
  return ROUND_SECONDS.slice(first, last < 0 ? undefined : Math.max(last, first + 1) + 1)
}

const typeAxis = ({ narrow }: Size) =>
  ({ labelLimit: narrow ? 185 : 240, ticks: false, domain: false }) as const

/** How many jobs were given each type. */
export function typesChart(types: readonly TypeFigures[], size: Size): TopLevelSpec {
  return {
    $schema: SCHEMA,
    width: size.width,
    height: { step: size.narrow ? 21 : 24 },
    data: { values: named([...mostFrequent(types, size), ...types.filter(({ type }) => type === null)]) },
    encoding: {
      y: { field: 'type', type: 'nominal', sort: null, title: null, axis: typeAxis(size) },
      x: { field: 'jobs', type: 'quantitative', title: null, axis: null, scale: { nice: false, zero: true } },
    },
    layer: [
      { mark: { type: 'bar', color: INK.accent, height: 14 } },
      {
        mark: { type: 'text', align: 'left', dx: 5, color: INK.muted },
        encoding: { text: { field: 'jobs', type: 'quantitative', format: ',' } },
      },
    ],
  }
}

/** The confidence of each type: its median, and down to what a tenth of the jobs stay below. */
export function confidenceChart(types: readonly TypeFigures[], size: Size): TopLevelSpec {
  const matched = named(mostFrequent(types, size))
  return {
    $schema: SCHEMA,
    width: size.width,
    height: { step: size.narrow ? 21 : 24 },
    data: { values: matched },
    encoding: {
      y: { field: 'type', type: 'nominal', sort: null, title: null, axis: typeAxis(size) },
      x: {
        field: 'confidenceP10',
        type: 'quantitative',
        title: null,
        scale: { domain: [lowestTenth(matched), 1] },
        axis: { tickCount: size.narrow ? 2 : 4, format: '.2f', grid: true },
      },
    },
    layer: [
      {
        mark: { type: 'bar', color: INK.accentSoft, height: 6 },
        encoding: { x2: { field: 'confidenceP50' } },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1, color: INK.accent },
        encoding: { x: { field: 'confidenceP50', type: 'quantitative' } },
      },
    ],
  }
}

const NONE = 'no rule matched'

function mostFrequent(types: readonly TypeFigures[], { narrow }: Size): readonly TypeFigures[] {
  return types.filter(({ type }) => type !== null).slice(0, narrow ? TYPES_SHOWN.narrow : TYPES_SHOWN.wide)
}

/** With a name of its own each: a chart would draw those with the same name, or the same beginning, as one. */
function named(types: readonly TypeFigures[]): readonly TypeFigures[] {
  const uses = new Map<string, number>()
  return types.map((figures) => {
    const name = figures.type ?? NONE
    const use = (uses.get(name) ?? 0) + 1
    uses.set(name, use)
    return { ...figures, type: use === 1 ? name : `${name} (${use})` }
  })
}

/** The whole tenth below all that is drawn. */
function lowestTenth(types: readonly TypeFigures[]): number {
  const lowest = Math.min(0.9, ...types.flatMap(({ confidenceP10 }) => confidenceP10 ?? []))
  return Math.floor(lowest * 10) / 10
}
