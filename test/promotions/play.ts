import { generate } from '../../src/simulator/generate.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'
import { DEFAULT_API_KEY, type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { World } from '../../src/simulator/world.ts'
import { DAY, formatInstant, HOUR, MILLISECOND, SECOND } from '../../src/values/instant.ts'
import { run, type Worker } from './program.ts'
import type { Servers } from './servers.ts'

const KINDS = ['first sync', 'cycle', 'reconcile', 'backfill', 'run'] as const
type Kind = (typeof KINDS)[number]

/** What is drawn from a seed: in which work the database fails over, and at which of its requests. */
interface Plan {
  readonly kind: Kind
  readonly jobs: number
  /** The standby hears nothing of what is committed from this request on … */
  readonly cutAt: number
  /** … and takes over at this one. */
  readonly promotedAt: number
}

function drawPlan(seed: number, random: Random): Plan {
  const kind = KINDS[seed % KINDS.length]!
  const jobs = random.int(1_000, 2_000)
  // A page has 20 jobs, and not every work reads all of them.
  const cutAt = random.int(1, Math.floor(jobs / 40))
  return { kind, jobs, cutAt, promotedAt: cutAt + random.int(1, 40) }
}

export interface Played {
  /** Empty when all was well. */
  readonly broken: readonly string[]
  /** One line. */
  readonly history: string
}

/** One work that a failover interrupts, the same work again, and `verify`. */
export async function playPromotion(servers: Servers, seed: number): Promise<Played> {
  const random = createRandom(`promotion ${seed}`)
  const plan = drawPlan(seed, random)
  const database = `promotion_${seed}`
  await servers.query(`create database ${database} template template0 encoding 'UTF8' locale 'C'`)
  const api = await startSimulator({ world: new World({ now: () => Date.now() * MILLISECOND }) })
  const settings = settingsFor(api, servers.urlOf(database))
  const play = new Play(servers, { api, settings, database, seed, plan })
  try {
    return await play.toItsEnd()
  } finally {
    await api.close()
    // The next standby is a copy of all that is there.
    await servers.query(`drop database ${database} with (force)`)
  }
}

function settingsFor({ url }: Simulator, databaseUrl: string): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl,
    LLAMA_CLOUD_API_KEY: DEFAULT_API_KEY,
    LLAMA_CLOUD_BASE_URL: url,
    LOG_FORMAT: 'json',
    SYNC_RATE_LIMIT: '1000/s',
    SYNC_PAGE_SIZE: '20',
    SYNC_CONCURRENCY: '4',
    SYNC_LOOKUPS: 'off',
    SYNC_SCHEDULE: '* * * * * *',
    HTTP_PORT: '0',
  }
}

interface Parts {
  readonly api: Simulator
  readonly settings: Readonly<Record<string, string>>
  readonly database: string
  readonly seed: number
  readonly plan: Plan
}

interface Failover {
  readonly now: () => Promise<void>
  readonly hasBegun: () => boolean
}

class Play {
  readonly #servers: Servers
  readonly #parts: Parts
  readonly #broken: string[] = []
  readonly #args: readonly string[]

  constructor(servers: Servers, parts: Parts) {
    this.#servers = servers
    this.#parts = parts
    const { kind } = parts.plan
    const [from, to] = [Date.now() * MILLISECOND - 40 * DAY, Date.now() * MILLISECOND - DAY].map(
      formatInstant,
    )
    if (kind === 'backfill') this.#args = ['backfill', '--from', from!, '--to', to!]
    else this.#args = [kind === 'reconcile' ? 'reconcile' : kind === 'run' ? 'run' : 'sync']
  }

  async toItsEnd(): Promise<Played> {
    const { plan, seed } = this.#parts
    await this.#prepare()
    const failover = this.#failOver()
    const { code, said } = await this.#work(failover)
    if (code === 0 && failover.hasBegun()) await this.#verify('after a run that reported success')
    // Between two runs, when the work was done before: nobody can know what is lost then.
    await failover.now()
    const again = await this.#start(
      plan.kind === 'run' ? ['sync', '--wait', '1m'] : [...this.#args, '--wait', '1m'],
    ).finished
    if (again.code !== 0) this.#broken.push(`the next run ended with ${again.code}: ${again.said}`)
    await this.#verify('after the next run')
    const { kind, jobs, cutAt, promotedAt } = plan
    const place = `${kind} of ${jobs} jobs, cut off at request ${cutAt}, promoted at ${promotedAt}`
    return { broken: this.#broken, history: `seed ${seed}: ${place}: ended with ${code} (${said})` }
  }

  /** What was there before the work: nothing, or all that is old; and what the work has to do. */
  async #prepare(): Promise<void> {
    const { kind, jobs } = this.#parts.plan
    this.#generate('old', jobs, 60 * DAY, HOUR)
    if (kind !== 'first sync') {
      const { code, said } = await this.#start(['sync']).finished
      if (code !== 0) throw new Error(`the first sync ended with ${code}: ${said}`)
    }
    if (kind === 'cycle') this.#generate('new', jobs, 3 * SECOND, 0)
    // They go on to come, with configurations that the worker has stored before.
    if (kind === 'run') this.#generate('new', jobs, 3 * SECOND, -30 * SECOND)
    if (kind === 'reconcile' || kind === 'backfill') await this.#spoil()
    await this.#servers.addStandby()
  }

  /** Rows that only reading them again puts right. */
  async #spoil(): Promise<void> {
    const { database } = this.#parts
    await this.#servers.query(
      `update llamacloud.classify_jobs set result_confidence = 0.123 where hashtext(id) % 10 = 0
        and created_at between now() - interval '39 days' and now() - interval '2 days'`,
      database,
    )
  }

  /** So long ago; negative: to come. */
  #generate(seed: string, jobs: number, from: number, to: number): void {
    const { api } = this.#parts
    const now = Date.now() * MILLISECOND
    const fate = { stuckShare: 0, medianDuration: SECOND / 100, longDuration: SECOND / 10 }
    generate(api.world, { seed, jobs, from: now - from, to: now - to, configurations: 200, fate })
  }

  /** By the requests that the API gets from now on. */
  #failOver(): Failover {
    const { api, plan } = this.#parts
    let count = 0
    let promoted: Promise<void> | undefined
    const now = () => {
      promoted ??= this.#servers.promote()
      return promoted
    }
    api.settings.intercept = async () => {
      count += 1
      if (count === plan.cutAt) this.#servers.cutOff()
      if (count === plan.promotedAt) await now()
      return undefined
    }
    return { now, hasBegun: () => promoted !== undefined }
  }

  async #work(failover: Failover) {
    const worker = this.#start(this.#args)
    if (this.#parts.plan.kind !== 'run') return worker.finished
    await worker.said('"outcome":"succeeded"')
    await failover.now()
    // What it remembers of the tables is not true any more.
    await worker.said('"outcome":"succeeded"')
    worker.stop()
    return worker.finished
  }

  #start(args: readonly string[]): Worker {
    return run(args, this.#parts.settings)
  }

  async #verify(when: string): Promise<void> {
    const { code, said, printed } = await this.#start(['verify']).finished
    if (code !== 0)
      this.#broken.push(`verify ${when} ended with ${code}: ${said}\n${printed.slice(0, 2_000)}`)
  }
}
