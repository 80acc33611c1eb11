import { createRandom } from '../../src/simulator/random.ts'

/** The same in every run: another one is a change to commit, or TEST_SEED for a run that looks elsewhere. */
export const SEED = Number(process.env.TEST_SEED || 20_261_123)

/** `npm run test:all` tries all that tests enumerate, `npm test` a sample of it. */
const isWhole = process.env.TEST_SIZE === 'all'

/** How much of a thing: in `npm test`, and in `npm run test:all`. */
export function bySize<T>(quick: T, all: T): T {
  return isWhole ? all : quick
}

/** All of these, or this many of them in `npm test`, in their order. Samples of different names are independent. */
export function sampled<T>(name: string, list: readonly T[], quick: number): readonly T[] {
  if (isWhole) return list
  const places = createRandom(`${SEED} ${name}`).shuffle([...list.keys()])
  const chosen = new Set(places.slice(0, quick))
  return list.filter((_, place) => chosen.has(place))
}
