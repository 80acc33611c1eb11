import { batches } from '../../src/lists/batches/list.ts'
import { classify } from '../../src/lists/classify/list.ts'
import { extract } from '../../src/lists/extract/list.ts'
import type { List } from '../../src/lists/list.ts'
import { parse } from '../../src/lists/parse/list.ts'
import { split } from '../../src/lists/split/list.ts'
import type { JsonObject } from '../../src/simulator/json.ts'
import { batches as simulatedBatches } from '../../src/simulator/lists/batches.ts'
import { classify as simulatedClassify } from '../../src/simulator/lists/classify.ts'
import { extract as simulatedExtract } from '../../src/simulator/lists/extract.ts'
import { parse as simulatedParse } from '../../src/simulator/lists/parse.ts'
import { split as simulatedSplit } from '../../src/simulator/lists/split.ts'
import { createRandom, type Random } from '../../src/simulator/random.ts'
import type { SimulatedList } from '../../src/simulator/simulated-list.ts'

/** A list that worlds are made of. */
export interface DrawnList {
  readonly list: List
  readonly simulates: SimulatedList
  /** A field of text that has a column: each change of a job shows in it, a finished one's as well (A21). */
  readonly marked: string
  /** What a job has once it is done, without its credits. */
  readonly done: (random: Random) => JsonObject
}

export const CLASSIFY: DrawnList = {
  list: classify,
  simulates: simulatedClassify,
  marked: 'error_message',
  done: (random) => ({ result: { type: 'invoice', confidence: random.next(), reasoning: 'x' } }),
}

const OTHERS: readonly DrawnList[] = [
  { list: parse, simulates: simulatedParse, marked: 'error_message', done: () => ({ tier: 'agentic' }) },
  {
    list: extract,
    simulates: simulatedExtract,
    marked: 'error_message',
    done: (random) => ({ extract_metadata: { parse_job_id: `pjb-${random.bits()}`, parse_tier: 'fast' } }),
  },
  {
    list: split,
    simulates: simulatedSplit,
    marked: 'error_message',
    done: (random) => ({ result: { segments: [{ category: 'invoice', pages: [1, random.int(2, 9)] }] } }),
  },
  { list: batches, simulates: simulatedBatches, marked: 'source_directory_id', done: () => ({}) },
]

/** By a random of its own: the world of a seed of classify is the same beside other lists and without them. */
export function drawList(seed: number): DrawnList {
  const random = createRandom(`list of ${seed}`)
  return random.chance(0.5) ? CLASSIFY : random.pick(OTHERS)
}

export function drawOther(random: Random, { list }: DrawnList): DrawnList {
  return random.pick([CLASSIFY, ...OTHERS].filter((other) => other.list !== list))
}
