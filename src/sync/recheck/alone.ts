import { ApiProtocolError, ApiRefusedError, FilterIgnoredError } from '../../errors.ts'
import { dropCreditChecks, dueCreditChecks, noteAnswered, noteFailure } from '../../store/credit-checks.ts'
import { Committer } from '../commit/committer.ts'
import { failureOf } from '../isolation.ts'
import type { Ended } from '../job-list.ts'
import { listPages } from '../listing.ts'
import { inParallel } from '../parallel.ts'
import { commitRun, type RunContext } from '../run.ts'

/** How many due jobs are looked up at once. */
const LOOK_UP = 200
/** So many requests in a row that fail are no matter of their jobs. */
const MOST_FAILURES = 3

/**
 * Asks for the credits of finished jobs, where each takes a request of its own. It comes after everything else of a
 * cycle and never fails it: what is not asked for now is due in the next one. The commit that stores an answer also
 * stores the next time, so a killed worker asks again only for what was under way.
 */
export async function askAlone(run: RunContext): Promise<void> {
  const { jobs, clock, deadline, spareMs, log, explain } = run
  if (!jobs.alone?.reserve) return
  const until = Math.min(clock.monotonic() + spareMs, deadline ?? Number.POSITIVE_INFINITY)
  const asking = new Asking(run, jobs.alone.reserve, until)
  try {
    while (await asking.askSome()) {
      // until nothing is due, or the time for it is up
    }
  } catch (error) {
    if (!(error instanceof ApiRefusedError || error instanceof FilterIgnoredError)) throw error
    log.warn({}, `Credits could not be asked for; the next cycle tries again: ${explain(error).message}`)
  }
}

type Reserve = NonNullable<NonNullable<RunContext['jobs']['alone']>['reserve']>

class Asking {
  readonly #run: RunContext
  readonly #reserve: Reserve
  readonly #until: number
  readonly #committer: Committer<string>
  #failuresInARow = 0

  constructor(run: RunContext, reserve: Reserve, until: number) {
    this.#run = run
    this.#reserve = reserve
    this.#until = until
    this.#committer = new Committer<string>(run, async (client, asked, { ended }) => {
      const { source } = run.lease
      const { settled, later } = afterAnswers(asked.flat(), ended)
      await noteAnswered(client, source, later)
      await dropCreditChecks(client, source, settled)
    })
  }

  /** @returns whether more may be due, and there is time for it */
  async askSome(): Promise<boolean> {
    const { pool, lease } = this.#run
    const due = await dueCreditChecks(pool, lease.source, lease.now(), LOOK_UP)
    const found = due.length
    await inParallel(
      this.#run,
      () => this.#next(due),
      async (run, { id, at }) => {
        const waitMs = at - run.clock.monotonic()
        if (waitMs > 0) await run.clock.sleep(waitMs, run.signal)
        await this.#ask(run, id)
      },
    )
    return found === LOOK_UP && due.length === 0
  }

  /** Takes the next of what is due, with its turn. */
  #next(due: string[]): { readonly id: string; readonly at: number } | undefined {
    const [id] = due
    if (id === undefined || this.#failuresInARow >= MOST_FAILURES) return undefined
    const at = this.#reserve(this.#until)
    if (at === undefined) return undefined
    due.shift()
    return { id, at }
  }

  async #ask(run: RunContext, id: string): Promise<void> {
    const reason = await failureOf(run, () => this.#read(run, id))
    if (reason === undefined) {
      this.#failuresInARow = 0
      return
    }
    this.#failuresInARow += 1
    run.log.warn({ id, reason }, 'A job could not be asked for its credits; it is asked again later.')
    const { lease } = run
    await commitRun(run, (client) => noteFailure(client, lease.source, id, lease.now()))
  }

  async #read(run: RunContext, id: string): Promise<void> {
    const commits = this.#committer.open()
    try {
      for await (const page of listPages(run, { ids: [id], alone: true, attempts: 'one' })) {
        if (page.jobs.length === 0) throw new ApiProtocolError(`The API's reply for the job ${id} is no job.`)
        await commits.add(page, id)
      }
      await commits.flush()
    } finally {
      await commits.settle()
    }
  }
}

/** What of the jobs that were asked for is asked for again, and what is settled. One without credits after its last time stays noted. */
export function afterAnswers(asked: readonly string[], ended: readonly Ended[]) {
  const byId = new Map(ended.map((job) => [job.id, job]))
  const isDone = (job: Ended | undefined) => job === undefined || (job.isBilled && job.next === undefined)
  return {
    settled: asked.filter((id) => isDone(byId.get(id))),
    later: asked.flatMap((id) => {
      const job = byId.get(id)
      return job === undefined || isDone(job) ? [] : [{ id, at: job.next }]
    }),
  }
}
