import { createRedactor } from '../redact.ts'
import { createSources } from '../sources.ts'
import { openDatabase } from '../store/database.ts'
import { explainStoreError } from '../store/database-error.ts'
import { type HttpServer, startHttp } from '../worker/http.ts'
import { createMetrics, type Metrics } from '../worker/metrics.ts'
import { createRoutes, type ObserverOptions } from '../worker/observer.ts'
import { readSchedule, ticks } from '../worker/schedule.ts'
import { serve } from '../worker/serve.ts'
import { createWorkplace, type Workplace } from '../worker/workplace.ts'
import { type CommandContext, type ExitCode, type Session, sayDatabase, withSettings } from './context.ts'
import { createPreparation } from './preparation.ts'

/** Stays up: a cycle at once and at every tick of the schedule, health and metrics over HTTP, until a signal. */
export function runService({ signal }: CommandContext): Promise<ExitCode> {
  return withSettings({ apiKey: true, checkSchedule: readSchedule }, async (session): Promise<ExitCode> => {
    const { settings, log, clock } = session
    sayDatabase(session)
    const schedule = readSchedule(settings.sync.schedule)
    const names = settings.sources.map(({ name }) => name)
    const metrics = createMetrics()
    const workplace = workplaceOf(session, { metrics, signal })
    const beat = { at: clock.monotonic() }
    const ending = new AbortController()
    const http = await listen(session, { schedule, metrics, workplace, names, beat })
    try {
      const turned = () => {
        beat.at = clock.monotonic()
      }
      await serve({
        ticks: ticks(schedule, { clock, signal: AbortSignal.any([signal, ending.signal]), beat: turned }),
        endTicks: () => ending.abort(),
        names,
        workplace,
        metrics,
        clock,
        random: Math.random,
        log,
        redact: createRedactor(settings.secrets),
        signal,
      })
    } finally {
      await http?.close()
      await workplace.close().catch((error: unknown) => log.debug({ error }, 'could not close the database'))
    }
    log.info('stopped')
    return 0
  })
}

function workplaceOf(
  session: Session,
  { metrics, signal }: { readonly metrics: Metrics; readonly signal: AbortSignal },
): Workplace {
  const { settings, log, clock } = session
  const prepared = createPreparation(session, signal)
  const { dataDir } = settings.database
  const onCounts = metrics.counted
  const workplace = createWorkplace({
    url: () => settings.database.url?.(),
    open: async (url) => {
      const database = await openDatabase({ url, dataDir, clock, log: (line) => log.info(line) })
      if (database.psql) log.info(`to query the database: ${database.psql}`)
      return database
    },
    migrate: ({ pool }) => prepared(pool),
    createSources: (database) =>
      createSources(settings, { database, log, clock, fetch, random: Math.random, onCounts }),
    onRenewal: metrics.takeRequests,
  })
  const prepare = () =>
    workplace.prepare().catch((error: unknown) => {
      throw explainStoreError(error, workplace.database()?.url ?? '', createRedactor(settings.secrets))
    })
  return { ...workplace, prepare }
}

interface Listened extends Omit<ObserverOptions, 'clock' | 'lastBeat'> {
  readonly beat: { readonly at: number }
}

async function listen({ settings, log, clock }: Session, parts: Listened): Promise<HttpServer | undefined> {
  const { host, port } = settings.http
  if (port === null) return undefined
  const routes = createRoutes({ ...parts, clock, lastBeat: () => parts.beat.at })
  const http = await startHttp({ host, port, routes })
  log.info({ host, port: http.port }, 'serving health and metrics: /healthz, /readyz, /metrics')
  return http
}
