/** The simulated API in a process of its own. Started by `simulator.ts` with the options as JSON; told what to do by IPC. */
import { systemClock } from '../../src/clock.ts'
import { generate } from '../../src/simulator/generate.ts'
import { batches } from '../../src/simulator/lists/batches.ts'
import { classify } from '../../src/simulator/lists/classify.ts'
import { extract } from '../../src/simulator/lists/extract.ts'
import { parse } from '../../src/simulator/lists/parse.ts'
import { split } from '../../src/simulator/lists/split.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import type { SimulatedList } from '../../src/simulator/simulated-list.ts'
import { World } from '../../src/simulator/world.ts'
import { type Instant, MILLISECOND } from '../../src/values/instant.ts'
import { PreparedWorld } from './prepared-world.ts'
import type { SimulatorCommand, SimulatorProcessOptions, SimulatorReport } from './simulator.ts'

const options: SimulatorProcessOptions = JSON.parse(process.argv[2] ?? '{}')
let ahead = -(options.behindMs ?? 0) * MILLISECOND
const now = (): Instant => Math.floor(systemClock.now()) * MILLISECOND + ahead
const worldOf = (simulates: SimulatedList) => {
  const made = options.prepared ? new PreparedWorld({ now, simulates }) : new World({ now, simulates })
  generate(made, { seed: 'bench', ...options.world })
  if (made instanceof PreparedWorld) made.open()
  return made
}
const world = worldOf(classify)
const OTHERS = { parse, extract, split, batches }
const others = Object.entries(OTHERS).flatMap(([name, each]) =>
  options.others?.includes(name) ? [each] : [],
)
let first = 0
let last = 0
let additions = 0
let cpu = process.cpuUsage()
const simulator = await startSimulator({
  world,
  others: others.map(worldOf),
  ...options.server,
  intercept: () => {
    last = performance.now()
    first ||= last
    return undefined
  },
})

function report(): SimulatorReport {
  const { user, system } = process.cpuUsage(cpu)
  const told: SimulatorReport = {
    url: simulator.url,
    jobs: world.size,
    requests: simulator.requests.total,
    refused: simulator.requests.byStatus['429'] ?? 0,
    spanMs: last - first,
    cpuMs: (user + system) / 1_000,
  }
  simulator.requests.reset()
  first = 0
  cpu = process.cpuUsage()
  return told
}

function pass(time: Instant, jobs: number): void {
  const from = now()
  ahead += time
  if (jobs === 0) return
  additions += 1
  const { projectId } = options.world
  const named = projectId !== undefined && { projectId }
  generate(world, { seed: `bench ${additions}`, jobs, from, to: from + time, ...named })
}

process.on('message', (command: SimulatorCommand) => {
  if (command.kind === 'report') return process.send?.(report())
  if (command.kind === 'pass') pass(command.time, command.jobs)
  if (command.kind === 'lift') {
    simulator.settings.latencyMs = 0
    simulator.settings.rateLimit = undefined
  }
  return process.send?.('done')
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
