import type { DocumentType } from './corpus.ts'
import { uuid } from './ids.ts'
import type { Random } from './random.ts'

const OPENINGS = [
  'The document matches this rule because it shows',
  'The first page clearly shows',
  'Layout and wording point to this type: there are',
  'The decisive features are',
  'Across the pages that were read there are',
]

const CONTRASTS = [
  'Nothing in it suggests',
  'It shares some wording with',
  'At first sight it could be taken for',
  'It lacks what would be expected of',
]

const DOUBTS = [
  'The scan is slightly skewed, but all headings are legible.',
  'Two of the pages are blank and were not considered.',
  'The language is consistent throughout, and no page seems to belong to another document.',
  'Handwritten remarks in the margin do not change the assessment.',
  'The letterhead and the footer agree with this reading.',
]

/** A few sentences on why the document matched, in ASCII. */
export function reasoningFor(random: Random, matched: DocumentType, other: DocumentType): string {
  const [first = '', second = first] = random.shuffle(matched.evidence)
  const contrast = `${random.pick(CONTRASTS)} a document of the type ${other.type}, and ${random.pick(other.evidence)} could not be found`
  return [
    `${random.pick(OPENINGS)} ${first} as well as ${second} on page ${random.int(1, 9)}.`,
    `${contrast} in the ${random.int(2, 40)} paragraphs examined.`,
    random.pick(DOUBTS),
    `Taken together, ${matched.type} is the rule that describes it best.`,
  ].join(' ')
}

/** A few sentences on why no rule matched, in ASCII. */
export function reasoningWithout(random: Random, rules: readonly DocumentType[]): string {
  const nearest = random.pick(rules)
  return [
    `None of the ${rules.length} rules describes this document.`,
    `The nearest would be ${nearest.type}, but ${random.pick(nearest.evidence)} could not be found on any of the ${random.int(1, 30)} pages.`,
    random.pick(DOUBTS),
    'It is therefore left without a type.',
  ].join(' ')
}

const ERRORS: readonly ((random: Random) => string)[] = [
  (random) => `Failed to download file dfl-${uuid(random)}: HTTP ${random.pick([403, 404, 410, 502])}`,
  (random) => `Parsing timed out after ${random.pick([300, 600, 900])} seconds (job pjb-${uuid(random)})`,
  (random) => `Document has ${random.int(501, 4000)} pages, which exceeds the limit of 500 pages`,
  (random) =>
    `Unsupported file type: application/${random.pick(['x-msdownload', 'zip', 'octet-stream', 'x-dosexec'])}`,
  () => 'PDF is encrypted and no password was given',
  (random) =>
    `Rate limit of the model exceeded, retry after ${random.int(1, 120)} s (request req_${hex(random)})`,
  (random) => `Internal error while classifying, reference 0x${hex(random)}`,
]

/** Why a job failed; the same few kinds with ever different ids and numbers. In ASCII. */
export function errorMessage(random: Random): string {
  // The lesser of two draws makes the first kinds the frequent ones.
  const kind = Math.min(random.int(0, ERRORS.length - 1), random.int(0, ERRORS.length - 1))
  return ERRORS[kind]?.(random) ?? ''
}

function hex(random: Random): string {
  return random.bits().toString(16).padStart(8, '0')
}
