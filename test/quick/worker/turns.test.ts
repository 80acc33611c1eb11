import { describe, expect, test } from 'vitest'
import { rotated } from '../../../src/sync/rotated.ts'
import { createTurns } from '../../../src/worker/turns.ts'

/** Turns that last until they are told to end; `more` says with what they end. */
function createWork() {
  const order: string[] = []
  const working = new Map<string, (more: boolean) => void>()
  const turn = (name: string) => {
    order.push(name)
    return new Promise<boolean>((resolve) => working.set(name, resolve))
  }
  const end = async (name: string, more = false) => {
    const resolve = working.get(name)!
    working.delete(name)
    resolve(more)
    await settled()
  }
  return { order, working, turn, end }
}

/** Lets all promises that can settle do so. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('turns', () => {
  test('never two at once of one name; missed offers are made up once', async () => {
    const { order, turn, end } = createWork()
    const turns = createTurns({ lanes: 3, turn })
    turns.offer(['a'])
    await settled()
    for (let tick = 0; tick < 5; tick++) turns.offer(['a'])
    await settled()
    expect(order).toEqual(['a'])
    await end('a')
    expect(order).toEqual(['a', 'a'])
    await end('a')
    expect(order).toEqual(['a', 'a'])
    expect(turns.isIdle()).toBe(true)
  })

  test('one that waits is not queued twice', async () => {
    const { order, turn, end } = createWork()
    const turns = createTurns({ lanes: 1, turn })
    turns.offer(['a', 'b'])
    turns.offer(['b', 'b'])
    await settled()
    await end('a')
    await end('b')
    expect(order).toEqual(['a', 'b'])
  })

  test('I11: one with more to do goes back to the end of the queue', async () => {
    const { order, turn, end } = createWork()
    const turns = createTurns({ lanes: 1, turn })
    turns.offer(['long', 'b', 'c'])
    await settled()
    await end('long', true)
    await end('b')
    await end('c')
    await end('long')
    expect(order).toEqual(['long', 'b', 'c', 'long'])
    expect(turns.isIdle()).toBe(true)
  })

  test('no more at work than there are lanes', async () => {
    const { working, turn, end } = createWork()
    const turns = createTurns({ lanes: 2, turn })
    turns.offer(['a', 'b', 'c'])
    await settled()
    expect([...working.keys()]).toEqual(['a', 'b'])
    await end('b')
    expect([...working.keys()]).toEqual(['a', 'c'])
  })

  test('stop drops those that wait and waits for those that work', async () => {
    const { order, turn, end } = createWork()
    const turns = createTurns({ lanes: 1, turn })
    turns.offer(['a', 'b'])
    await settled()
    let stopped = false
    const stopping = turns.stop().then(() => {
      stopped = true
    })
    await settled()
    expect(stopped).toBe(false)
    await end('a', true)
    await stopping
    turns.offer(['c'])
    await settled()
    expect(order).toEqual(['a'])
  })
})

test('rotated: every name once, from any one on', () => {
  expect([0, 0.4, 0.99].map((x) => rotated(['a', 'b', 'c'], () => x).join(''))).toEqual(['abc', 'bca', 'cab'])
  expect(rotated([], () => 0.5)).toEqual([])
})
