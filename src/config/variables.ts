import * as z from 'zod'
import { LOG_FORMATS, LOG_LEVELS } from '../log.ts'
import { duration, optional, text, whole, withDefault, word } from './setting.ts'
import {
  DAY_MS,
  durationBetween,
  readBaseUrl,
  readCron,
  readHost,
  readId,
  readInstant,
  readLookups,
  readName,
  readRate,
  readShare,
  readUuid,
  readWords,
} from './values.ts'

const seconds = 1_000
const minutes = 60 * seconds
const uuid = text('uuid', readUuid, 'a UUID')
const reconcileEvery = durationBetween(minutes, 90 * DAY_MS)

const UUID_EXAMPLE = '3fa85f64-5717-4562-b3fc-2c963f66afa6'

/** Of the API. */
export const API = {
  LLAMA_CLOUD_REGION: withDefault(word(['na', 'eu']), 'na', {
    meaning: '`na` or `eu`; a key works only in the region it was created in',
    example: 'eu',
  }),
  LLAMA_CLOUD_BASE_URL: optional(
    text('address', readBaseUrl, 'an http(s) address without user name, query and /api/v2'),
    {
      meaning: 'address of the API',
      example: 'https://api.cloud.eu.llamaindex.ai',
      unset: 'from the region',
    },
  ),
  LLAMA_CLOUD_PROJECT_ID: optional(uuid, {
    meaning: 'sync only the jobs of this project',
    example: UUID_EXAMPLE,
  }),
  LLAMA_CLOUD_ORGANIZATION_ID: optional(uuid, {
    meaning: 'sync only the jobs of this organization',
    example: UUID_EXAMPLE,
  }),
  LLAMA_CLOUD_CONFIGURATION_ID: optional(text('id', readId, 'an id (visible characters, no spaces)'), {
    meaning: 'sync only the jobs of this configuration',
    example: 'cfg-11111111',
  }),
}

/** Of the work. */
export const SYNC = {
  SYNC_DATA_DIR: withDefault({ kind: 'path', accepts: 'a folder', schema: z.string() }, '.data', {
    meaning: 'folder of the embedded PostgreSQL',
    example: '.data',
    docs: 'docs/embedded-postgres.md',
  }),
  SYNC_SOURCE: withDefault(
    text('name', readName, 'a name (1 to 63 of A-Z a-z 0-9 _ . -, a letter or digit first)'),
    'default',
    {
      meaning: 'name of the source in tables, metrics and logs; another scope needs another name',
      example: 'default',
    },
  ),
  SYNC_LISTS: withDefault(
    text('words', readWords(/^[a-z_]+$/), 'names of lists, separated by commas'),
    'classify',
    {
      meaning:
        'lists to sync, separated by commas: `classify`, `parse`, `extract`, `split`, `batches`; each list has its own coverage',
      example: 'classify,parse',
      docs: 'docs/deployment.md',
    },
  ),
  SYNC_SCHEDULE: withDefault(
    text('cron', readCron, 'a cron expression (five fields, or six with seconds first)'),
    '*/5 * * * *',
    { meaning: 'when `run` starts a cycle: a cron expression, in UTC', example: '*/5 * * * *' },
  ),
  SYNC_START_AT: withDefault(
    text('time', readInstant, 'a date or a date-time (RFC 3339)'),
    '2024-01-01T00:00:00Z',
    { meaning: 'how far back history is read', example: '2024-01-01T00:00:00Z' },
  ),
  SYNC_OVERLAP: withDefault(duration('0s', 0, '7d', 7 * DAY_MS), '5m', {
    meaning: 'how long after its creation a job may become visible in the list',
    example: '5m',
  }),
  SYNC_PAGE_SIZE: withDefault(whole(1, 100), '100', {
    meaning: 'jobs per page at most; fewer are asked for where jobs are large',
    example: '100',
  }),
  SYNC_CONCURRENCY: withDefault(whole(1, 64), '8', { meaning: 'requests in flight', example: '8' }),
  SYNC_RATE_LIMIT: withDefault(
    text('rate', readRate, 'a rate, N/s or N/m with a whole N of at least 1'),
    '10/s',
    {
      meaning: 'requests per key, `N/s` or `N/m`; the free tier allows `20/m`',
      example: '10/s',
    },
  ),
  // The platform's HTTP client gives up by itself after 5 minutes without a byte.
  SYNC_REQUEST_TIMEOUT: withDefault(duration('100ms', 100, '5m', 5 * minutes), '60s', {
    meaning: 'how long one reply may take',
    example: '60s',
  }),
  SYNC_RETRY_FOR: withDefault(duration('0s', 0, '1d', DAY_MS), '5m', {
    meaning: 'how long one request is retried before the run fails',
    example: '5m',
  }),
  // Renewed at a third: below 3 s one slow statement would lose it.
  SYNC_LEASE: withDefault(duration('3s', 3 * seconds, '1h', 60 * minutes), '15s', {
    meaning: 'how long a source stays locked after its worker died',
    example: '15s',
  }),
  // The first one is due by the oldest run that is kept, and runs are kept for 90 days.
  SYNC_RECONCILE_EVERY: withDefault(
    text(
      'duration',
      (value) => (value.toLowerCase() === 'off' ? null : reconcileEvery(value)),
      'off or a duration from 1m to 90d',
    ),
    '7d',
    {
      meaning: 'how often jobs older than a day are read again; `off` for never, at most `90d`',
      example: '7d',
    },
  ),
  // A first miss and a second within minutes may have the same cause: an index that is being rebuilt.
  SYNC_GONE_AFTER: withDefault(duration('5m', 5 * minutes, '30d', 30 * DAY_MS), '1h', {
    meaning: 'a job is marked as deleted after two misses at least this far apart; `5m` to `30d`',
    example: '1h',
  }),
  SYNC_ON_DELETE: withDefault(word(['keep', 'erase']), 'keep', {
    meaning: '`erase` empties the content of a job when it is marked as deleted',
    example: 'erase',
    docs: 'docs/security.md',
  }),
  SYNC_OMIT: optional(
    text(
      'words',
      readWords(/^[a-z]+\.[a-z_]+$/),
      'columns such as classify.result_reasoning, separated by commas',
    ),
    {
      meaning:
        'columns to leave null, separated by commas, such as `classify.result_reasoning`, which may quote documents',
      example: 'classify.result_reasoning',
      docs: 'docs/security.md',
    },
  ),
  SYNC_CREDITS: withDefault(word(['true', 'false']), 'false', {
    meaning:
      '`true` asks for the credits of classify jobs: a request for each finished job and one a day later, behind all other work, at most a quarter of `SYNC_RATE_LIMIT`',
    example: 'true',
    docs: 'docs/cookbook.md',
  }),
  SYNC_LOOKUPS: withDefault(
    text(
      'words',
      readLookups,
      'off, or some of projects, configurations, files, usage with commas between them',
    ),
    'projects,configurations',
    {
      meaning:
        'what is read beside the jobs: names of `projects` and `configurations`, at most once an hour; names of `files`, each once, and again after a day and a week if it was not returned; `usage` of the organization by day, at most four times a day, and each day again after a week; `off` for none',
      example: 'projects,configurations',
    },
  ),
  SYNC_REVIEW_BELOW: optional(text('number', readShare, 'a number above 0 and at most 1'), {
    meaning:
      'confidence below which a completed job needs review; kept in the database, for all workers, until it is set to another',
    example: '0.8',
    unset: '`0.7` at first',
    docs: 'docs/bi-tools.md',
  }),
  SYNC_STRIP_URL_QUERY: withDefault(word(['true', 'false']), 'false', {
    meaning: '`true` stores document URLs without their query, which holds credentials in presigned ones',
    example: 'true',
  }),
}

/** Of the process. */
export const SERVICE = {
  HTTP_HOST: withDefault(text('host', readHost, 'a host name or an address to listen on'), '127.0.0.1', {
    meaning: 'where `run` serves health and metrics',
    example: '127.0.0.1',
  }),
  HTTP_PORT: withDefault(whole(0, 65_535), '9464', {
    meaning: 'its port; `0` serves neither',
    example: '9464',
  }),
  LOG_LEVEL: withDefault(word(LOG_LEVELS), 'info', {
    meaning: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
    example: 'info',
  }),
  LOG_FORMAT: withDefault(word(LOG_FORMATS), 'auto', {
    meaning: '`json`, `pretty`, or `auto`: pretty on a terminal, else JSON',
    example: 'json',
  }),
}

const PLAIN = { ...API, ...SYNC, ...SERVICE }
type Shape = { [Name in keyof typeof PLAIN]: (typeof PLAIN)[Name]['schema'] }

/** Every variable that is read by itself. */
export const variables = z.object(
  Object.fromEntries(Object.entries(PLAIN).map(([name, { schema }]) => [name, schema])) as Shape,
)
export type Variables = z.output<typeof variables>
