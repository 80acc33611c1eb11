/** Why a database cannot be used, and the cure. */
export interface Obstacle {
  readonly found: string
  readonly cure: string
}
