/** All of them once, from a random one on: what is tried in this order does not always begin with the same. */
export function rotated<T>(all: readonly T[], random: () => number): T[] {
  const first = Math.floor(random() * all.length)
  return [...all.slice(first), ...all.slice(0, first)]
}
