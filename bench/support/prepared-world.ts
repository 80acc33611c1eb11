import type { Job } from '../../src/simulator/job.ts'
import type { JsonValue } from '../../src/simulator/json.ts'
import type { GeneratedShelf, Traits } from '../../src/simulator/shelf.ts'
import { World } from '../../src/simulator/world.ts'
import type { Instant } from '../../src/values/instant.ts'

/** A world whose first jobs stay as they were when they were added: their texts are made once and kept. */
export class PreparedWorld extends World {
  #isOpen = false

  /** Jobs that are added from now on are made anew whenever they are read, and change in time. */
  open(): void {
    this.#isOpen = true
  }

  override addShelf(shelf: GeneratedShelf): void {
    super.addShelf(this.#isOpen ? shelf : new PreparedShelf(shelf, this.now()))
  }
}

class PreparedShelf implements GeneratedShelf {
  readonly length: number
  readonly #shelf: GeneratedShelf
  readonly #asOf: Instant
  readonly #texts: string[] = []

  constructor(shelf: GeneratedShelf, asOf: Instant) {
    this.length = shelf.length
    this.#shelf = shelf
    this.#asOf = asOf
    for (let position = 0; position < shelf.length; position++) {
      // Generated jobs are ASCII. In one piece, which a text put together of several is not, it is sent with less work.
      this.#texts.push(Buffer.from(shelf.textAt(position, asOf)).toString('latin1'))
    }
  }

  textAt(position: number): string {
    return this.#texts[position] ?? ''
  }

  payloadAt(position: number): JsonValue {
    return this.#shelf.payloadAt(position, this.#asOf)
  }

  traitsAt(position: number): Traits {
    return this.#shelf.traitsAt(position, this.#asOf)
  }

  keyAt(position: number): number {
    return this.#shelf.keyAt(position)
  }

  idAt(position: number): string {
    return this.#shelf.idAt(position)
  }

  isVisibleAt(position: number, now: Instant): boolean {
    return this.#shelf.isVisibleAt(position, now)
  }

  find(id: string): number | undefined {
    return this.#shelf.find(id)
  }

  countVisible(now: Instant): number {
    return this.#shelf.countVisible(now)
  }

  takeOut(position: number): Job {
    return this.#shelf.takeOut(position)
  }
}
