/**
 * Figure f: a `sync` that finds nothing new, from spawn to exit, against what it cannot do without: a Node.js that starts,
 * one request and three database round trips.
 */
import pg from 'pg'
import { MINUTE } from '../src/values/instant.ts'
import { atMost, type BenchOptions, type Figure, median, told } from './support/figure.ts'
import { fetchPage, queryOf } from './support/pages.ts'
import type { Stage } from './support/stage.ts'
import { timeLeast, timeNode, timeWorker } from './support/worker.ts'

const ROUNDS = 9

interface Startup {
  /** Milliseconds, medians. */
  readonly worker: number
  /** The official client and pg, with nothing around them. */
  readonly least: number
  readonly node: number
  readonly request: number
  readonly roundTrips: number
}

type Timed = { readonly stage: Stage } & { readonly [part in keyof Startup]: number[] }

export const FEW = 10_000

export async function startup({ stages }: BenchOptions): Promise<Figure> {
  const stage = await stages.of(FEW)
  const [times] = await timeStartups([stage])
  if (!times) throw new Error('nothing was timed')
  const { worker, least, node, request, roundTrips } = times
  const letter = 'f'
  const floor = node + request + roundTrips
  return {
    rows: [
      atMost(2.5, {
        letter,
        figure: '`sync` with nothing new, from start to exit',
        value: worker,
        floor,
        unit: 'ms',
      }),
      told({
        letter,
        figure: 'the official client and pg alone: one request, three round trips',
        value: least,
        floor,
        unit: 'ms',
      }),
    ],
    notes: [
      `medians of ${ROUNDS}: node -e 0 ${node.toFixed(1)} ms, a request on its own connection ${request.toFixed(1)} ms, ` +
        `a database connection and three round trips ${roundTrips.toFixed(1)} ms`,
    ],
  }
}

/** Of each stage. Yardstick and workers take turns, so that what else the machine does falls on all of them. */
export async function timeStartups(stages: readonly Stage[]): Promise<Startup[]> {
  const timed = stages.map(
    (stage) => ({ stage, worker: [], least: [], node: [], request: [], roundTrips: [] }) as Timed,
  )
  // Not counted: the first of each finds cold caches.
  for (const stage of stages) await timeWorker(['sync'], stage.env)
  for (const stage of stages) await timeRequest(stage)
  for (let round = 0; round < ROUNDS; round++) {
    for (const { stage, worker, least, node, request, roundTrips } of timed) {
      node.push(await timeNode())
      request.push(await timeRequest(stage))
      roundTrips.push(await timeRoundTrips(stage))
      worker.push(await timeWorker(['sync'], stage.env))
      least.push(await timeLeast(stage.env))
    }
  }
  return timed.map(({ worker, least, node, request, roundTrips }) => ({
    worker: median(worker),
    least: median(least),
    node: median(node),
    request: median(request),
    roundTrips: median(roundTrips),
  }))
}

/** An empty page. */
async function timeRequest({ api, span }: Stage): Promise<number> {
  const begun = performance.now()
  await fetchPage(api.url, queryOf({ lower: span.upper + MINUTE, upper: span.upper + 2 * MINUTE }), false)
  return performance.now() - begun
}

async function timeRoundTrips({ database }: Stage): Promise<number> {
  const begun = performance.now()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  for (let trip = 0; trip < 3; trip++) await client.query('select 1')
  const ms = performance.now() - begun
  await client.end()
  return ms
}
