import * as z from 'zod'
import { LOG_FORMATS, LOG_LEVELS } from '../log.ts'
import {
  DAY_MS,
  durationBetween,
  type Reader,
  readBaseUrl,
  readCron,
  readHost,
  readId,
  readInstant,
  readName,
  readRate,
  readUuid,
  readWords,
  wholeBetween,
} from './values.ts'

/** A variable's text to its value; `expected` completes the sentence "… is not …". */
function text<T>(read: Reader<T>, expected: string) {
  return z.string().transform((value, context) => {
    const result = read(value)
    if (result !== undefined) return result
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}

function duration(least: string, leastMs: number, most: string, mostMs: number) {
  return text(durationBetween(leastMs, mostMs), `a duration from ${least} to ${most} in ms, s, m, h or d`)
}

function whole(least: number, most: number) {
  return text(wholeBetween(least, most), `a whole number from ${least} to ${most}`)
}

function word<const T extends readonly [string, ...string[]]>(words: T) {
  const expected = `one of ${words.join(', ')}`
  return z.string().toLowerCase().pipe(z.enum(words, expected))
}

const seconds = 1_000
const minutes = 60 * seconds
const uuid = text(readUuid, 'a UUID')
// The first one is due by the oldest run that is kept, and runs are kept for 90 days.
const reconcileEvery = durationBetween(minutes, 90 * DAY_MS)
const reconcile = text(
  (value) => (value.toLowerCase() === 'off' ? null : reconcileEvery(value)),
  'off or a duration from 1m to 90d',
)

const lists = text(readWords(/^[a-z_]+$/), 'names of lists with commas between them')

/** Every plain variable with its default, which is written as a user would write it. */
export const variables = z.object({
  LLAMA_CLOUD_REGION: word(['na', 'eu']).prefault('na'),
  LLAMA_CLOUD_BASE_URL: text(
    readBaseUrl,
    'an http(s) address without user name, query and /api/v2',
  ).optional(),
  LLAMA_CLOUD_PROJECT_ID: uuid.optional(),
  LLAMA_CLOUD_ORGANIZATION_ID: uuid.optional(),
  LLAMA_CLOUD_CONFIGURATION_ID: text(readId, 'an id (visible characters, no spaces)').optional(),
  SYNC_DATA_DIR: z.string().prefault('.data'),
  SYNC_SOURCE: text(readName, 'a name (1 to 63 of A-Z a-z 0-9 _ . -, a letter or digit first)').prefault(
    'default',
  ),
  SYNC_LISTS: lists.prefault('classify'),
  SYNC_SCHEDULE: text(readCron, 'a cron expression (five fields, or six with seconds first)').prefault(
    '*/5 * * * *',
  ),
  SYNC_START_AT: text(readInstant, 'a date or a date-time (RFC 3339)').prefault('2024-01-01T00:00:00Z'),
  SYNC_OVERLAP: duration('0s', 0, '7d', 7 * DAY_MS).prefault('5m'),
  SYNC_PAGE_SIZE: whole(1, 100).prefault('100'),
  SYNC_CONCURRENCY: whole(1, 64).prefault('8'),
  SYNC_RATE_LIMIT: text(readRate, 'a rate, N/s or N/m with a whole N of at least 1').prefault('10/s'),
  // The platform's HTTP client gives up by itself after 5 minutes without a byte.
  SYNC_REQUEST_TIMEOUT: duration('100ms', 100, '5m', 5 * minutes).prefault('60s'),
  SYNC_RETRY_FOR: duration('0s', 0, '1d', DAY_MS).prefault('5m'),
  // Renewed at a third: below 3 s one slow statement would lose it.
  SYNC_LEASE: duration('3s', 3 * seconds, '1h', 60 * minutes).prefault('15s'),
  SYNC_RECONCILE_EVERY: reconcile.prefault('7d'),
  // A first miss and a second within minutes may have the same cause: an index that is being rebuilt.
  SYNC_GONE_AFTER: duration('5m', 5 * minutes, '30d', 30 * DAY_MS).prefault('1h'),
  SYNC_ON_DELETE: word(['keep', 'erase']).prefault('keep'),
  SYNC_STRIP_URL_QUERY: word(['true', 'false']).prefault('false'),
  SYNC_OMIT: text(
    readWords(/^[a-z]+\.[a-z_]+$/),
    'a list such as classify.result_reasoning, with commas between',
  ).default([]),
  HTTP_HOST: text(readHost, 'a host name or an address to listen on').prefault('127.0.0.1'),
  HTTP_PORT: whole(0, 65_535).prefault('9464'),
  LOG_LEVEL: word(LOG_LEVELS).prefault('info'),
  LOG_FORMAT: word(LOG_FORMATS).prefault('auto'),
})

export type Variables = z.output<typeof variables>

/** What a right value looks like, for the messages about wrong ones. */
export const EXAMPLES: Readonly<Record<string, string>> & Readonly<Record<keyof Variables, string>> = {
  LLAMA_CLOUD_API_KEY: 'llx-…',
  LLAMA_CLOUD_API_KEY_FILE: '/run/secrets/llama-cloud-api-key',
  LLAMA_CLOUD_REGION: 'eu',
  LLAMA_CLOUD_BASE_URL: 'https://api.cloud.eu.llamaindex.ai',
  LLAMA_CLOUD_PROJECT_ID: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  LLAMA_CLOUD_ORGANIZATION_ID: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  LLAMA_CLOUD_CONFIGURATION_ID: 'cfg-11111111',
  LLAMA_CLOUD_CUSTOM_HEADERS: 'X-Team: documents',
  HTTPS_PROXY: 'http://user:password@proxy:3128',
  HTTP_PROXY: 'http://user:password@proxy:3128',
  NO_PROXY: 'localhost,.internal',
  NODE_EXTRA_CA_CERTS: '/etc/ssl/company.pem',
  DATABASE_URL: 'postgresql://user:password@host:5432/database',
  DATABASE_URL_FILE: '/run/secrets/database-url',
  SYNC_DATA_DIR: '.data',
  SYNC_SOURCE: 'default',
  SYNC_SOURCES_FILE: '/etc/llamacloud-sync/sources.json',
  SYNC_LISTS: 'classify',
  SYNC_SCHEDULE: '*/5 * * * *',
  SYNC_START_AT: '2024-01-01T00:00:00Z',
  SYNC_OVERLAP: '5m',
  SYNC_PAGE_SIZE: '100',
  SYNC_CONCURRENCY: '8',
  SYNC_RATE_LIMIT: '10/s',
  SYNC_REQUEST_TIMEOUT: '60s',
  SYNC_RETRY_FOR: '5m',
  SYNC_LEASE: '15s',
  SYNC_RECONCILE_EVERY: '7d',
  SYNC_GONE_AFTER: '1h',
  SYNC_ON_DELETE: 'erase',
  SYNC_STRIP_URL_QUERY: 'true',
  SYNC_OMIT: 'classify.result_reasoning',
  HTTP_HOST: '127.0.0.1',
  HTTP_PORT: '9464',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'json',
}

/** Several sources; read by itself, since the others are read beneath it. */
export const SOURCES_FILE = 'SYNC_SOURCES_FILE'

export const KNOWN_NAMES: readonly string[] = Object.keys(EXAMPLES)
