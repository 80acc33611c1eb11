import type { SingleBar } from 'cli-progress'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Progress } from '../sync/run.ts'
import { loadProgress } from '../terminal.cjs'

/** How often a line is logged where there is no terminal. */
const LINE_EVERY_MS = 10_000
const NAMES: Readonly<Record<Progress['part'], string>> = {
  head: 'new jobs',
  spans: 'time spans',
  whole: 'whole list',
}

export interface ProgressDisplay {
  /** `source` where there are several. */
  readonly show: (progress: Progress, source?: string) => void
  /** Takes the bar away. To be called before anything else is written. */
  readonly stop: () => void
}

/** A bar on a terminal, and elsewhere a plain line from time to time. `stream` is where the bar is drawn. */
export function createProgressDisplay(
  log: Logger,
  clock: Clock,
  isTerminal: boolean,
  stream: NodeJS.WritableStream = process.stderr,
): ProgressDisplay {
  return isTerminal && log.isLevelEnabled('info') ? createBar(stream) : createLines(log, clock)
}

/** Lines even on a terminal: several sources at work would tear at one bar. */
export function createLines(log: Logger, clock: Clock): ProgressDisplay {
  let next = clock.monotonic() + LINE_EVERY_MS
  return {
    show: ({ part, done, received }, source) => {
      if (clock.monotonic() < next) return
      next = clock.monotonic() + LINE_EVERY_MS
      log.info(
        {
          ...(source === undefined ? {} : { source }),
          part,
          ...(done === null ? {} : { done: Number(done.toFixed(3)) }),
          received,
        },
        describe(part, done),
      )
    },
    stop: () => {},
  }
}

function describe(part: Progress['part'], done: number | null): string {
  return done === null ? `${NAMES[part]}: reading` : `${NAMES[part]}: ${(done * 100).toFixed(1)}% read`
}

function createBar(stream: NodeJS.WritableStream): ProgressDisplay {
  const progress = loadProgress()
  let bar: SingleBar | undefined
  let current: Progress['part'] | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    show: ({ part, done, received }) => {
      if (done === null) return
      if (part !== current) stop()
      current = part
      if (!bar) {
        bar = new progress.SingleBar({
          format: `${NAMES[part]} [{bar}] {percentage}% | {received} jobs`,
          stream,
          clearOnComplete: true,
          hideCursor: true,
          linewrap: false,
          gracefulExit: false,
        })
        bar.start(1_000, 0, { received })
      }
      bar.update(Math.floor(done * 1_000), { received })
    },
    stop,
  }
}
