/** What keeps a database from being used as ours, and what helps. */
export interface Obstacle {
  readonly found: string
  readonly cure: string
}
