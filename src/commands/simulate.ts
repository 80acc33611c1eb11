import { once } from 'node:events'
import { systemClock } from '../clock.ts'
import { SettingsError } from '../errors.ts'
import { generate } from '../simulator/generate.ts'
import { batches } from '../simulator/lists/batches.ts'
import { split } from '../simulator/lists/split.ts'
import type { Order } from '../simulator/page.ts'
import { createPipeline, generatePipeline } from '../simulator/pipeline.ts'
import { DEFAULT_API_KEY, startSimulator } from '../simulator/server.ts'
import { World } from '../simulator/world.ts'
import { DAY, type Instant, MILLISECOND, SECOND } from '../values/instant.ts'
import type { CommandContext, ExitCode } from './context.ts'

export interface SimulateOptions {
  readonly host: string
  readonly port: number
  /** Of each list. */
  readonly jobs: number
  /** How many days the jobs lie back, and again how many days they go on to arrive. */
  readonly days: number
  readonly seed: string
  readonly order: Order
  readonly latencyMs: number
  /** Requests a second; null for no limit. */
  readonly rateLimit: number | null
}

/** Serves the simulated API, with every list, until it is told to stop. Half of the jobs lie in the past, the others arrive as time goes on. */
export async function runSimulate(
  { signal, print }: CommandContext,
  options: SimulateOptions,
): Promise<ExitCode> {
  const now = (): Instant => Math.floor(systemClock.now()) * MILLISECOND
  const pipeline = createPipeline({ now })
  const alone = [split, batches].map((simulates) => new World({ now, simulates }))
  const { days, jobs, seed, rateLimit, ...server } = options
  const start = Math.floor(now() / SECOND) * SECOND
  const span = { from: start - days * DAY, to: start + days * DAY }
  const filling = { seed, ...span, arrival: 'bursty' } as const
  generatePipeline(pipeline, { ...filling, jobs: { parse: jobs, classify: jobs, extract: jobs } })
  for (const each of alone) generate(each, { ...filling, jobs })
  const { classify: world, parse, extract } = pipeline
  const limit = rateLimit === null ? {} : { rateLimit: { perSecond: rateLimit } }
  const simulator = await startSimulator({
    world,
    others: [parse, extract, ...alone],
    ...server,
    ...limit,
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(`Cannot listen on that address (${reason}). Choose another --port or --host.`, {
      cause: error,
    })
  })
  print(
    `The simulated API serves ${world.size} jobs of each list at ${simulator.url}; more arrive as time goes on. To sync from it, run`,
  )
  print(
    `  LLAMA_CLOUD_BASE_URL=${simulator.url} LLAMA_CLOUD_API_KEY=${DEFAULT_API_KEY} npm run -s cli -- sync`,
  )
  if (!signal.aborted) await once(signal, 'abort')
  await simulator.close()
  return 0
}
