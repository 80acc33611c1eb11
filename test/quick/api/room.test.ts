import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { Room } from '../../../src/api/room.ts'

/** Lets everything go on that can. */
const rest = () => new Promise((resolve) => setImmediate(resolve))

describe('I11: a room of so many bytes', () => {
  test('lets in whoever fits, in the order in which they came', async () => {
    const room = new Room(10)
    const first = await room.take(6)
    const entered: string[] = []
    const large = room.take(8).then((hold) => {
      entered.push('large')
      return hold
    })
    const small = room.take(1).then(() => entered.push('small'))
    await rest()
    expect(entered).toEqual([])
    first.drop()
    const second = await large
    await small
    expect(entered).toEqual(['large', 'small'])
    expect(second.growTo(9)).toBe(true)
    expect(second.growTo(10)).toBe(false)
  })

  test('is never overdrawn, and what is given back twice counts once', async () => {
    const room = new Room(10)
    const hold = await room.take(4)
    expect(hold.growTo(11)).toBe(false)
    expect(hold.growTo(10)).toBe(true)
    hold.shrinkTo(5)
    hold.drop()
    hold.drop()
    const all = await room.take(10)
    expect(all.growTo(11)).toBe(false)
  })

  test('is held until a commit has ended, whoever drops it meanwhile, and however it ends', async () => {
    const room = new Room(10)
    for (const end of ['committed', 'failed']) {
      const commit = Promise.withResolvers<void>()
      const hold = await room.take(10)
      hold.keepUntil(commit.promise)
      hold.drop()
      let hasEntered = false
      const next = room.take(10).then((entered) => {
        hasEntered = true
        entered.drop()
      })
      await rest()
      expect(hasEntered).toBe(false)
      if (end === 'committed') commit.resolve()
      else commit.reject(new Error(end))
      await next
    }
  })

  test('a wait ends with the signal, leaves nothing on it, and stands in nobody’s way', async () => {
    const room = new Room(10)
    const hold = await room.take(6)
    const { signal, abort } = pair()
    const waiting = room.take(10, signal)
    const behind = room.take(4)
    const reason = new Error('stop')
    abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect((await behind).growTo(5)).toBe(false)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await expect(room.take(1, signal)).rejects.toBe(reason)
    hold.drop()
  })
})

function pair() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: Error) => controller.abort(reason) }
}
