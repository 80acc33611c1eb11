import { afterAll, beforeAll, expect, test } from 'vitest'
import { playPromotion } from './play.ts'
import { Servers } from './servers.ts'

let servers: Servers
beforeAll(async () => {
  servers = await Servers.start()
})
afterAll(() => servers?.stop())

// One of each kind of work; `npm run promotions -- --seeds 1..50` plays more.
test.each([1, 2, 3, 4, 5])(
  'I2: a standby that lacks the last commits takes over; the next run repairs everything (seed %i)',
  async (seed) => {
    const { broken, history } = await playPromotion(servers, seed)
    expect(broken, history).toEqual([])
  },
)
