import { DOCUMENT_TYPES, type DocumentType } from './corpus.ts'
import { uuid } from './ids.ts'
import type { JsonObject } from './json.ts'
import type { Random } from './random.ts'

/** A configuration that many jobs share, with its JSON text made once. */
export interface SharedConfiguration {
  /** Of a saved preset; null when the jobs carry their configuration inline. */
  readonly id: string | null
  /** The types of its rules, most frequent first. */
  readonly types: readonly DocumentType[]
  readonly document: JsonObject
  readonly text: string
}

const REMARKS = [
  'Scans and photographs count as well.',
  'Attachments do not count.',
  'Drafts and unsigned copies count as well.',
  'If in doubt, prefer another rule.',
]

/** `count` different configurations of 4 to 10 rules each. */
export function makeConfigurations(random: Random, count: number): SharedConfiguration[] {
  return Array.from({ length: count }, (_, index) => makeConfiguration(random, index))
}

function makeConfiguration(random: Random, index: number): SharedConfiguration {
  const chosen = new Set(random.shuffle(DOCUMENT_TYPES).slice(0, random.int(4, 10)))
  const types = DOCUMENT_TYPES.filter((type) => chosen.has(type))
  const document = {
    rules: types.map(({ type, description }) => ({ type, description: vary(random, description, index) })),
    mode: 'FAST',
    parsing_configuration: random.chance(0.5) ? null : makeParsing(random),
  }
  const id = random.chance(0.6) ? `cfg-${uuid(random)}` : null
  return { id, types, document, text: JSON.stringify(document) }
}

/** Each team words its rules a little differently, which keeps configurations with the same types apart. */
function vary(random: Random, description: string, index: number): string {
  return random.chance(0.5) ? description : `${description} ${random.pick(REMARKS)} (Revision ${index + 1})`
}

function makeParsing(random: Random): JsonObject {
  return {
    lang: random.pick(['en', 'en', 'en', 'de', 'es', 'zh']),
    max_pages: random.chance(0.5) ? random.pick([1, 3, 5, 10]) : null,
    target_pages: random.chance(0.2) ? random.pick(['1', '1-3', '1,3,5-7']) : null,
  }
}
