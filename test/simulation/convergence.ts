import type { Pool } from 'pg'
import { isJsonObject } from '../../src/simulator/json.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../src/values/instant.ts'
import type { How } from './checks.ts'
import { courseOf, type Judging, overdueAfterDay, overdueAfterReading, overdueSurplus } from './course.ts'
import { NO_FAULTS } from './draw-cycles.ts'
import { differences } from './equality.ts'
import { type Observed, rowVersions } from './observe.ts'
import type { Play } from './seed.ts'
import { wrongStatistics } from './statistics.ts'

const QUIET: How = { ...NO_FAULTS, kind: 'sync', isFaultFree: true }

/** I8: after the last fault the worker runs for as long as it is promised to take, and then the tables equal the API. */
export async function convergence(play: Play): Promise<void> {
  const { scenario, around, heldUntil } = play
  const { time } = around
  const faults = scenario.upstream.map(({ from, to }) => (to === Infinity ? from : to))
  const faultAt = Math.max(time.now, scenario.end, heldUntil, ...faults)
  const judging: Judging = { scenario, seen: await play.look(), faultAt }
  const course = courseOf(scenario)
  await runAt(play, faultAt, course.firstDay)
  await report(play, judging, overdueAfterDay)
  if (scenario.options.reconcileEveryMs === null) await runQuietly(play, { ...QUIET, kind: 'reconcile' })
  await runAt(play, faultAt, course.reread)
  await report(play, { ...judging, seen: await play.look() }, overdueAfterReading)
  await runAt(play, faultAt, course.vanished.slice(0, -1))
  around.time.advance(Math.max(0, faultAt + (course.vanished.at(-1) ?? 0) - time.now))
  await reportAll(play, judging)
  if (play.beside && play.broken.length === 0) play.broken.push(...(await play.beside.differences()))
  if (scenario.credits) play.broken.push(...(await wrongCredits(play)))
  const { list } = scenario.list
  if (list.sums) play.broken.push(...(await wrongStatistics(around.database.observer, list)))
  if (scenario.seed % 3 === 0) await writesNothing(play)
}

const isOver = ({ broken, isUndecidable }: Play) => broken.length > 0 || isUndecidable

async function runAt(play: Play, faultAt: Instant, times: readonly Instant[]): Promise<void> {
  const { time } = play.around
  for (const at of times) {
    time.advance(Math.max(0, faultAt + at - time.now))
    await runQuietly(play, QUIET)
  }
}

async function runQuietly(play: Play, plan: How): Promise<void> {
  if (isOver(play)) return
  const isRenamed = play.scenario.cycles.some(({ mishap }) => mishap?.kind === 'renamed')
  await play.cycle({ ...plan, ...(isRenamed && { mishap: { kind: 'renamed' } }) }, play.isQuiet)
  play.isQuiet = true
}

async function report(play: Play, judging: Judging, overdue: typeof overdueAfterDay): Promise<void> {
  if (isOver(play)) return
  const found = await differences(play.around.database, play.world, play.scenario, await play.look())
  play.broken.push(...overdue(found, judging).map(({ text }) => text))
}

/** Everything, also what no span holds: one listing of all shows it. */
async function reportAll(play: Play, judging: Judging): Promise<void> {
  const seen = await play.look()
  await runQuietly(play, { ...QUIET, kind: 'reconcile', whole: true })
  if (isOver(play)) return
  const { world, scenario, around } = play
  const found = await differences(around.database, world, scenario, await play.look())
  const lately = scenario.lives.filter((life) => around.upstream.hidesLately(life, around.time.now))
  const settled = found.filter(({ id }) => !lately.some((life) => life.id === id))
  const shown = scenario.lives.filter(({ id, isReject }) => !isReject && world.get(id) !== undefined)
  const surplus = overdueSurplus(
    settled,
    shown.map(({ id }) => id),
    { ...judging, seen },
  )
  play.broken.push(...stuck(await play.look()))
  play.broken.push(...[...found.filter(({ kind }) => kind !== 'surplus'), ...surplus].map(({ text }) => text))
}

/** I8: what the API tells of a job that is asked for alone is stored, whatever became of those who asked. */
async function wrongCredits(play: Play): Promise<string[]> {
  const { world, scenario, around } = play
  const { time, database } = around
  // What the listing of all has just brought is asked for in the next cycle, and what gets no answer then an hour later.
  await runQuietly(play, QUIET)
  const day = time.now + DAY
  while (!isOver(play) && time.now < day && (await isAskedAgain(database.observer))) {
    time.advance(HOUR)
    await runQuietly(play, QUIET)
  }
  if (isOver(play)) return []
  const { rows } = await database.observer.query<{ id: string; credits: number | null }>(
    'select id, credits from llamacloud.classify_jobs',
  )
  const stored = new Map(rows.map(({ id, credits }) => [id, credits]))
  return scenario.lives.flatMap((life) => {
    const job = world.get(life.id)
    if (life.isReject || !isJsonObject(job) || around.upstream.mayPoison(life)) return []
    const told = scenario.list.simulates.usageOf?.(job, world.now())?.credits
    const credits = stored.get(life.id)
    return told === undefined || told === credits
      ? []
      : [`I8: ${life.id} costs ${told} credits, and ${credits} are stored`]
  })
}

/** Whether a request for credits failed, and another comes: within an hour after the first. */
async function isAskedAgain(observer: Pool): Promise<boolean> {
  const { rowCount } = await observer.query('select from llamacloud_sync.credit_checks where failures = 1')
  return rowCount !== 0
}

/** I11: a finished job that two commits left on the list is asked for once more, and then no longer; one that is gone, as such. */
function stuck({ jobs, rechecks }: Observed): string[] {
  return [...rechecks]
    .filter(([id, { isOpen, isQuarantined, goneAt }]) => {
      return isOpen && goneAt === null && !isQuarantined && jobs.get(id)?.isOpen === false
    })
    .map(([id]) => `I11: ${id} has ended, and is still asked for as if it were open`)
}

async function writesNothing(play: Play): Promise<void> {
  if (isOver(play)) return
  const { around, scenario } = play
  const versions = await rowVersions(around.database.observer, scenario.list.list)
  around.time.advance(MINUTE)
  await runQuietly(play, { ...QUIET, kind: 'reconcile' })
  if ((await rowVersions(around.database.observer, scenario.list.list)) !== versions)
    play.broken.push('I5: a reconcile that found nothing new wrote rows')
}
