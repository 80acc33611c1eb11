/** How many sources a worker has at work at once: they share one pool of connections. */
export const LANES = 4

/** How long a source may work while others wait for a lane. */
const TURN_MS = 60_000

/** The length of a turn, milliseconds; null where every source has a lane of its own. */
export function turnLength(sources: number): number | null {
  return sources > LANES ? TURN_MS : null
}
