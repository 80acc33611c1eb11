import { table } from '../../src/commands/table.ts'
import type { Stages } from './stage.ts'

/** One line of the table. */
export interface Row {
  /** Of the figure, as in docs/performance.md. */
  readonly letter: string
  readonly figure: string
  readonly value: number
  /** What it is held against, measured or computed in the same run; null where the mark alone says it. */
  readonly floor: number | null
  /** Of the value and the floor. */
  readonly unit: string
  readonly ratio: number | null
  /** Where it is to be; empty for what is only told. */
  readonly mark: string
  /** Null for what is only told. */
  readonly reached: boolean | null
}

export interface Figure {
  readonly rows: readonly Row[]
  /** What else was seen, for people. */
  readonly notes: readonly string[]
}

export interface BenchOptions {
  /** Smaller worlds, so that all of it takes minutes. */
  readonly quick: boolean
  /** How many jobs are many, for figure h. */
  readonly stored?: number | undefined
  /** A database that holds many jobs already, of another source, for figure h. */
  readonly beside?: string | undefined
  /** Databases filled by the worker, shared by the figures. */
  readonly stages: Stages
  readonly print: (text: string) => void
}

interface Measured {
  readonly letter: string
  readonly figure: string
  readonly value: number
  readonly unit: string
  readonly floor?: number
}

/** A ratio, value to floor, that must not be exceeded. */
export function atMost(most: number, measured: Measured & { readonly floor: number }): Row {
  const ratio = measured.value / measured.floor
  return { ...measured, ratio, mark: `<= ${most} x`, reached: ratio <= most }
}

/** A ratio, value to floor, that must be reached. */
export function atLeast(least: number, measured: Measured & { readonly floor: number }): Row {
  const ratio = measured.value / measured.floor
  return { ...measured, ratio, mark: `>= ${least} x`, reached: ratio >= least }
}

/** A value that must not be exceeded. */
export function noMoreThan(most: number, measured: Measured): Row {
  const { value, unit } = measured
  return { floor: null, ...measured, ratio: null, mark: `<= ${most} ${unit}`, reached: value <= most }
}

/** Without a mark. */
export function told(measured: Measured): Row {
  const { value, floor = null } = measured
  const ratio = floor === null ? null : value / floor
  return { ...measured, floor, ratio, mark: '', reached: null }
}

export function renderRows(rows: readonly Row[]): string {
  return table(
    ['', 'what', 'measured', 'held against', 'ratio', 'mark', 'reached'],
    rows.map(({ letter, figure, value, floor, unit, ratio, mark, reached }) => [
      letter,
      figure,
      `${shown(value)} ${unit}`,
      floor === null ? '' : `${shown(floor)} ${unit}`,
      ratio === null ? '' : shown(ratio),
      mark,
      reached === null ? '' : reached ? 'yes' : 'NO',
    ]),
  )
}

/** Three digits that matter, or all before the point. */
export function shown(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(digits, 6) })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >>> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
