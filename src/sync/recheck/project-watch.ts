import { type KnownProjects, NO_PROJECT } from '../../store/projects.ts'
import { type Instant, MINUTE } from '../../values/instant.ts'
import type { ListedJob } from '../job-list.ts'
import { rotated } from '../rotated.ts'

/** So many ids of a project are kept: one request asks for all of them. */
export const MOST_CANARIES = 50
/** An answer from longer ago does not tell what the API shows now. */
const RECENTLY = 10 * MINUTE

export interface WatchOptions {
  readonly known: KnownProjects
  /** By the database's clock. */
  readonly now: () => Instant
  /** 0 <= x < 1. */
  readonly random: () => number
}

export interface Witnesses {
  readonly room: number
  /** All that are known when left out. */
  readonly of?: readonly string[]
  /** How many of each project. */
  readonly each?: number
}

/** Which projects a source has delivered, which of them the API shows now, and a sample of their jobs: the canaries. */
export class ProjectWatch {
  readonly #options: WatchOptions
  readonly #known: Map<string, readonly string[]>
  readonly #cameAt = new Map<string, Instant>()
  readonly #darkAt = new Map<string, Instant>()
  /** Canaries that did not come although others did: they have gone. */
  readonly #lapsed = new Set<string>()
  readonly #samples = new Map<string, { readonly ids: string[]; seen: number }>()

  constructor(options: WatchOptions) {
    this.#options = options
    this.#known = new Map(options.known)
  }

  /** The projects delivered so far, in this run or earlier ones; not those of jobs without one. */
  get projects(): readonly string[] {
    return [...this.#known.keys()].filter((project) => project !== NO_PROJECT)
  }

  canariesOf(project: string): readonly string[] {
    return (this.#known.get(project) ?? []).filter((id) => !this.#lapsed.has(id))
  }

  /** The projects that a job is a canary of. */
  knownFor(id: string): readonly string[] {
    return [...this.#known].flatMap(([project, ids]) => (ids.includes(id) ? [project] : []))
  }

  /** Each once: a job that moved may be known of two projects. */
  get canaries(): readonly string[] {
    return [...new Set([...this.#known.keys()].flatMap((project) => this.canariesOf(project)))]
  }

  /**
   * Jobs of each project that are known to be there, as many as there is room for: asked for beside others, they tell what
   * an answer without them is worth. Those that came in this run are the surest.
   */
  witnesses(
    beside: readonly string[],
    { room, of = [...this.#known.keys()], each = 1 }: Witnesses,
  ): string[] {
    const isTaken = new Set([...beside, ...this.#lapsed])
    const { random } = this.#options
    const found = rotated(of, random).flatMap((project) => {
      const sources = [this.#samples.get(project)?.ids ?? [], this.canariesOf(project)]
      const free = sources.map((ids) => ids.filter((id) => !isTaken.has(id)))
      return rotated(free.find((ids) => ids.length > 0) ?? [], random).slice(0, each)
    })
    return found.slice(0, room)
  }

  /** It has gone, or cannot be asked for: it is no canary any more. */
  lapse(id: string): void {
    this.#lapsed.add(id)
  }

  /** Notes which of the jobs that were asked for came. */
  answered(asked: readonly string[], missing: ReadonlySet<string>): void {
    if (missing.size < asked.length) for (const id of missing) this.#lapsed.add(id)
  }

  /** The stored jobs were lost: the key must still see these projects, but none of their jobs is stored. */
  forgetCanaries(): void {
    for (const project of this.#known.keys()) this.#known.set(project, [])
  }

  /** Whether none of these jobs is of a project that is known, although some are: the key may be another's. */
  areStrangers(jobs: readonly ListedJob[]): boolean {
    const named = jobs.flatMap(({ projectId }) => (projectId === null ? [] : [projectId]))
    return named.length > 0 && this.projects.length > 0 && !named.some((project) => this.#known.has(project))
  }

  /** Notes what a page showed. */
  delivered(jobs: readonly ListedJob[]): void {
    const now = this.#options.now()
    for (const { projectId } of jobs) {
      const project = projectId ?? NO_PROJECT
      this.#cameAt.set(project, now)
      this.#darkAt.delete(project)
    }
  }

  /** Whether jobs of a project came lately; undefined: it has to be asked. */
  isShown(project: string): boolean | undefined {
    const since = this.#options.now() - RECENTLY
    if ((this.#cameAt.get(project) ?? Number.NEGATIVE_INFINITY) >= since) return true
    return this.isMute(project) ? false : undefined
  }

  /** Whether its canaries were asked for lately, and nothing of the project came then or since. */
  isMute(project: string): boolean {
    return (this.#darkAt.get(project) ?? Number.NEGATIVE_INFINITY) >= this.#options.now() - RECENTLY
  }

  /** Notes that the API returned none of a project's canaries. */
  isDark(project: string): void {
    this.#darkAt.set(project, this.#options.now())
  }

  /** Whether some project is dark and nothing at all came. */
  get nothingCame(): boolean {
    return this.#darkAt.size > 0 && this.#cameAt.size === 0
  }

  /** Of the projects of these jobs, those that are new, with a first sample: to be saved with the jobs. */
  newAmong(jobs: readonly ListedJob[]): Map<string, readonly string[]> {
    const found = new Map<string, Set<string>>()
    const projects = new Set(jobs.map(({ projectId }) => projectId ?? NO_PROJECT))
    const isNew = new Set([...projects].filter((project) => this.canariesOf(project).length === 0))
    if (isNew.size === 0) return new Map()
    for (const { id, projectId } of jobs) {
      const project = projectId ?? NO_PROJECT
      if (!isNew.has(project)) continue
      const ids = found.get(project) ?? new Set()
      // A page may hold a job twice (A5).
      if (ids.size < MOST_CANARIES) ids.add(id)
      found.set(project, ids)
    }
    return new Map([...found].map(([project, ids]) => [project, [...ids]]))
  }

  /** Notes what was committed: only what is stored can be missed there. */
  stored(jobs: readonly ListedJob[]): void {
    for (const [project, ids] of this.newAmong(jobs)) this.#known.set(project, ids)
    for (const { id, projectId } of jobs) this.#sample(projectId ?? NO_PROJECT, id)
  }

  /** A reservoir: each job of the run is in it with the same chance. */
  #sample(project: string, id: string): void {
    const sample = this.#samples.get(project) ?? { ids: [], seen: 0 }
    this.#samples.set(project, sample)
    const { ids, seen } = sample
    sample.seen += 1
    const place = seen < MOST_CANARIES ? ids.length : Math.floor(this.#options.random() * (seen + 1))
    // The head and a span may have shown the same job: twice in the sample, it would count as one that is not stored.
    if (place < MOST_CANARIES && !ids.includes(id)) ids[place] = id
  }

  /**
   * The canaries to be kept for the next run, of the projects whose canaries changed: half of them the oldest ones, the
   * others as new as can be. What is deleted together was often created together, and must not take all of them.
   *
   * @param hasNew whether the run stored new jobs: without those, a long list of living canaries need not change
   */
  renewed(hasNew: boolean): Map<string, readonly string[]> {
    const found = new Map<string, readonly string[]>()
    for (const [project, known] of this.#known) {
      const old = this.canariesOf(project)
      const ids = this.#samples.get(project)?.ids ?? []
      const fresh = ids.filter((id) => !old.includes(id) && !this.#lapsed.has(id))
      // A project with few of them may be left with none: a job that moved there is no new one.
      const isWanted = fresh.length > 0 && (hasNew || old.length < MOST_CANARIES / 2)
      if (old.length === known.length && !isWanted) continue
      const oldest = old.slice(-MOST_CANARIES / 2)
      const newest = [...fresh, ...old.slice(0, old.length - oldest.length)]
      found.set(project, [...newest.slice(0, MOST_CANARIES - oldest.length), ...oldest])
    }
    return found
  }
}
