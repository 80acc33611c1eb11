import type { Span, Window, WindowKind } from '../store/coverage.ts'
import { Committer } from './committer.ts'
import { inLanes } from './lanes.ts'
import { WindowPlan } from './plan.ts'
import { readWindow } from './read-window.ts'
import { isPast, type Progress, type RunContext } from './run.ts'
import { saveProgress, type WindowProgress } from './window-progress.ts'

export interface Reading {
  /** What is told of the progress. */
  readonly part: Progress['part']
  readonly kind: WindowKind
  /** Spans of which nothing is read yet. */
  readonly spans: readonly Span[]
  /** Windows that an earlier run began. */
  readonly begun: readonly Window[]
  /** Stops at a page boundary after this time of `clock.monotonic()`; null for never. */
  readonly deadline: number | null
}

/**
 * Reads windows side by side until all is drained: those begun earlier first, then the newest.
 *
 * @returns false when the deadline came first; what was read so far is kept
 * @throws what the first window to fail throws
 */
export async function readSpans(
  run: RunContext,
  { part, kind, spans, begun, deadline }: Reading,
): Promise<boolean> {
  const plan = new WindowPlan(spans, run.options)
  const committer = new Committer<WindowProgress>(run, {
    save: (client, windows) => saveProgress(client, run.lease, windows),
  })
  const pass = { plan, committer, deadline, startedAt: run.clock.monotonic() }
  const waiting = [...begun]
  const active = new Set<Window>()
  const total = widthOf([...spans, ...begun])
  let complete = true
  const next = (): Window | undefined => {
    if (isPast(deadline, run)) return undefined
    return waiting.shift() ?? freshWindow(kind, plan.next())
  }
  await inLanes(run, next, async (lane, window) => {
    active.add(window)
    const drained = await readWindow(lane, window, pass)
    complete &&= drained
    active.delete(window)
    const left = widthOf([...plan.remaining, ...waiting, ...active])
    run.onProgress({ part, done: total === 0 ? 1 : 1 - left / total, received: run.tally.counts.received })
  })
  return complete && waiting.length === 0 && plan.remaining.length === 0
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { lower, upper }) => sum + (upper - lower), 0)
}

function freshWindow(kind: WindowKind, span: Span | undefined): Window | undefined {
  return span && { ...span, kind, reach: null, pageToken: null, pages: 0, drained: false }
}
