import { Writable } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { createProgressDisplay } from '../../../src/commands/progress.ts'
import { createLogger } from '../../../src/log.ts'
import type { Progress } from '../../../src/sync/run.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

let clock: ReturnType<typeof createVirtualClock>
let logged: string
let drawn: string

beforeEach(() => {
  clock = createVirtualClock()
  logged = ''
  drawn = ''
})

/** A display for one source, on a stream that behaves as a terminal would. */
function display(isTerminal: boolean, level: 'info' | 'warn' = 'info') {
  const stream = {
    write: (line: string) => {
      logged += line
    },
  }
  const log = createLogger({ level, format: 'json', secrets: () => [], stream })
  const terminal = Object.assign(new Writable({ write: draw }), { isTTY: true, columns: 120 })
  const { show, stop } = createProgressDisplay(log, clock, isTerminal, terminal)
  return { show: (progress: Progress) => show(progress, 'default'), stop }
}

function draw(chunk: Buffer, _encoding: string, done: () => void): void {
  drawn += chunk
  done()
}

function lines() {
  return logged
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

describe('elsewhere than on a terminal', () => {
  test('a line every ten seconds at most, the first after ten, and no bar', () => {
    const { show, stop } = display(false)
    for (let second = 0; second <= 35; second += 1) {
      show({ part: 'spans', done: second / 100, received: second * 10 })
      clock.advance(1_000)
    }
    stop()
    expect(lines().map(({ msg, source, done, received }) => [msg, source, done, received])).toEqual([
      ['time spans: 10.0% read', 'default', 0.1, 100],
      ['time spans: 20.0% read', 'default', 0.2, 200],
      ['time spans: 30.0% read', 'default', 0.3, 300],
    ])
    expect(drawn).toBe('')
  })

  test('where the end cannot be known it says so', () => {
    const { show } = display(false)
    clock.advance(10_000)
    show({ part: 'whole', done: null, received: 7 })
    expect(lines()).toMatchObject([{ msg: 'whole list: reading', received: 7 }])
    expect(lines()[0]).not.toHaveProperty('done')
  })
})

describe('on a terminal', () => {
  test('a bar that is drawn again, one for each part, and taken away at the end; no lines', () => {
    const { show, stop } = display(true)
    show({ part: 'spans', done: 0.25, received: 1_000 })
    show({ part: 'head', done: 0.5, received: 2_000 })
    clock.advance(60_000)
    stop()
    expect(drawn).toMatch(/time spans \[.*\] 25% \| 1000 jobs/)
    expect(drawn).toMatch(/new jobs \[.*\] 50% \| 2000 jobs/)
    // The cursor, hidden at first, is there again.
    expect(drawn.lastIndexOf('\u001b[?25h')).toBeGreaterThan(drawn.lastIndexOf('\u001b[?25l'))
    expect(logged).toBe('')
  })

  test('nothing is drawn where the end cannot be known, and nothing when no one wants to be informed', () => {
    const bar = display(true)
    bar.show({ part: 'whole', done: null, received: 7 })
    bar.stop()
    const quiet = display(true, 'warn')
    clock.advance(60_000)
    quiet.show({ part: 'spans', done: 0.5, received: 7 })
    quiet.stop()
    expect([drawn, logged]).toEqual(['', ''])
  })
})
