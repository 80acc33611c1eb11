import { type GenerateOptions, generate } from './generate.ts'
import { classify } from './lists/classify.ts'
import { extract } from './lists/extract.ts'
import { parse } from './lists/parse.ts'
import type { SimulatedList } from './simulated-list.ts'
import { World, type WorldOptions } from './world.ts'

/** The worlds of one project whose documents are parsed, classified and then extracted from. */
export interface Pipeline {
  readonly parse: World
  readonly classify: World
  readonly extract: World
}

export function createPipeline(options: Omit<WorldOptions, 'simulates'>): Pipeline {
  const worldOf = (simulates: SimulatedList) => new World({ ...options, simulates })
  return { parse: worldOf(parse), classify: worldOf(classify), extract: worldOf(extract) }
}

type Filling = Omit<GenerateOptions, 'jobs' | 'parsed' | 'classified'>

/** Fills them with jobs that read each other's documents. `jobs` says how many each list gets. */
export function generatePipeline(
  worlds: Pipeline,
  { jobs, seed, ...options }: Filling & { readonly jobs: Readonly<Record<keyof Pipeline, number>> },
): void {
  const parsed = generate(worlds.parse, { ...options, seed: `${seed} parse`, jobs: jobs.parse })
  const classified = generate(worlds.classify, { ...options, seed, jobs: jobs.classify, parsed })
  generate(worlds.extract, { ...options, seed: `${seed} extract`, jobs: jobs.extract, parsed, classified })
}
