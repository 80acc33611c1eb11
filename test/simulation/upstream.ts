import type { Intercept } from '../../src/simulator/faults.ts'
import type { Hides, World } from '../../src/simulator/world.ts'
import type { Bounds } from '../../src/store/spans.ts'
import { DAY, type Instant } from '../../src/values/instant.ts'
import {
  CREATED_AT,
  darkness,
  ignored,
  isOnShard,
  lostShard,
  poisonIds,
  poisonInstants,
  type Refusal,
  retention,
  together,
  volatileField,
  wrongDate,
} from '../support/upstream-faults.ts'
import { type Life, STRANGER } from './draw-jobs.ts'

/** What lasts longer than a request, A15 to A22. Times are the world's, both ends inclusive. */
export type UpstreamFault = {
  readonly from: Instant
  /** Infinity: what has gone stays away. */
  readonly to: Instant
} & (
  | { readonly kind: 'retention'; readonly age: Instant }
  | { readonly kind: 'clean-up'; readonly share: number }
  | { readonly kind: 'lost shard'; readonly share: number }
  | { readonly kind: 'darkness' }
  | { readonly kind: 'poisoned ids'; readonly ids: readonly string[]; readonly how: Refusal }
  | { readonly kind: 'poisoned instants'; readonly bounds: Bounds; readonly how: Refusal }
  | { readonly kind: 'wrong Date'; readonly ahead: Instant; readonly replies: number }
  | { readonly kind: 'ids ignored' | 'created_at ignored' }
  | { readonly kind: 'volatile field' }
)

/** Those that cost nobody anything, and those that leave everything else as it was. */
const HARMLESS = ['volatile field', 'retention', 'clean-up', 'poisoned ids', 'poisoned instants']

/** The upstream as it misbehaves for hours and days: which jobs show when, and how requests are answered. */
export class Upstream {
  readonly #faults: readonly UpstreamFault[]
  readonly #intercept: Intercept
  /** Since when the key is another project's; null while it is not. */
  #swappedSince: Instant | null = null
  readonly #swaps: { readonly from: Instant; readonly to: Instant }[] = []
  readonly #now: () => Instant

  constructor(world: World, faults: readonly UpstreamFault[]) {
    this.#faults = faults
    this.#now = world.now
    for (const fault of faults) {
      const hides = hidingOf(fault)
      if (hides) world.hide(hides)
    }
    world.hide(({ id }) => id.startsWith(STRANGER) !== (this.#swappedSince !== null))
    this.#intercept = together(...faults.flatMap((fault) => interceptOf(fault, world.now) ?? []))
  }

  /** A20: the key shows another project's jobs, or the right one's again. */
  swapKey(toOther: boolean): void {
    const now = this.#now()
    if (toOther) this.#swappedSince ??= now
    else if (this.#swappedSince !== null) {
      this.#swaps.push({ from: this.#swappedSince, to: now })
      this.#swappedSince = null
    }
  }

  /** These faults, and then others. */
  intercept(others: Intercept | undefined): Intercept {
    return others ? together(this.#intercept, others) : this.#intercept
  }

  /** Whether a job may have been hidden at some moment of a period. */
  mayHide({ id, job }: Life, from: Instant, to: Instant): boolean {
    const since = this.#swappedSince
    if (this.#swaps.some((swap) => swap.from <= to && swap.to >= from)) return true
    if (since !== null && since <= to) return true
    return this.#faults.some((fault) => {
      const hides = fault.from <= to && fault.to >= from ? hidingOf(fault) : undefined
      const at = Math.min(to, fault.to)
      return hides?.({ id, createdAt: job.createdAt ?? Infinity, projectId: () => undefined }, at)
    })
  }

  /** Whether a job was surely hidden all through a period. */
  surelyHides({ id, job }: Life, from: Instant, to: Instant): boolean {
    const isThrough = (period: { from: Instant; to: Instant }) => period.from <= from && period.to >= to
    if (this.#swaps.some(isThrough) || (this.#swappedSince !== null && this.#swappedSince <= from))
      return true
    const sight = { id, createdAt: job.createdAt ?? Infinity, projectId: () => undefined }
    return this.#faults.some((fault) => isThrough(fault) && hidingOf(fault)?.(sight, from))
  }

  /** Whether a job came to be hidden within the last day: retention goes on, and what it takes may still be held. */
  hidesLately(life: Life, now: Instant): boolean {
    return this.mayHide(life, now, now) && !this.surelyHides(life, now - DAY, now)
  }

  /** Whether what a worker reads in a period is right, apart from what stands alone. */
  isClear(from: Instant, to: Instant): boolean {
    const isDuring = (period: { from: Instant; to: Instant }) => period.from <= to && period.to >= from
    if (this.#swaps.some(isDuring) || this.#swappedSince !== null) return false
    return !this.#faults.some((fault) => isDuring(fault) && !HARMLESS.includes(fault.kind))
  }

  /** Whether requests that hold this job may be refused. */
  mayPoison({ id, job: { createdAt } }: Pick<Life, 'id' | 'job'>): boolean {
    return this.#faults.some(
      (fault) =>
        (fault.kind === 'poisoned ids' && fault.ids.includes(id)) ||
        (fault.kind === 'poisoned instants' && createdAt !== null && isNear(fault.bounds, createdAt)),
    )
  }

  /** How far the Date of a reply may be ahead of the API's clock. */
  get dateAhead(): Instant {
    return Math.max(0, ...this.#faults.map((fault) => (fault.kind === 'wrong Date' ? fault.ahead : 0)))
  }

  get hasWrongDate(): boolean {
    return this.#faults.some(({ kind }) => kind === 'wrong Date')
  }

  /** Whether some reply may have a wrong Date in a period. */
  mayMislead(from: Instant, to: Instant): boolean {
    return this.#faults.some((fault) => fault.kind === 'wrong Date' && fault.from <= to && fault.to >= from)
  }
}

/** What is set aside with an instant that is at fault is no wider than a few milliseconds. */
const BESIDE = 5_000

export function isNear({ lower, upper }: Bounds, instant: Instant): boolean {
  return instant >= lower - BESIDE && instant <= upper + BESIDE
}

function hidingOf(fault: UpstreamFault): Hides | undefined {
  if (fault.kind === 'retention') return retention(fault.age, fault)
  if (fault.kind === 'lost shard') return lostShard(fault.share, fault)
  if (fault.kind === 'darkness') return darkness(fault)
  if (fault.kind !== 'clean-up') return undefined
  return ({ id, createdAt }, now) =>
    now >= fault.from && createdAt <= fault.from && isOnShard(`clean-up ${id}`, fault.share)
}

function interceptOf(fault: UpstreamFault, now: () => Instant): Intercept | undefined {
  const intercept = plainInterceptOf(fault)
  return (
    intercept && ((request) => (now() >= fault.from && now() <= fault.to ? intercept(request) : undefined))
  )
}

function plainInterceptOf(fault: UpstreamFault): Intercept | undefined {
  switch (fault.kind) {
    case 'poisoned ids':
      return poisonIds(fault.ids, fault.how)
    case 'poisoned instants':
      return poisonInstants(fault.bounds, fault.how)
    case 'wrong Date':
      return wrongDate(fault.ahead, fault.replies)
    case 'ids ignored':
      return ignored('job_ids')
    case 'created_at ignored':
      return ignored(...CREATED_AT)
    case 'volatile field':
      return volatileField()
    default:
      return undefined
  }
}
