import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * drizzle-orm by `require`. By `import`, Node.js reads the 180 KB of its package.json anew for each of its hundred
 * modules: 0.3 s of a start, and 200 MB of memory that a worker does not need otherwise.
 */
// drizzle-kit reads the schema as CommonJS, where there is no import.meta.url.
const load = createRequire(import.meta.url ?? join(process.cwd(), 'package.json'))

const core: typeof import('drizzle-orm') = load('drizzle-orm')
const pgCore: typeof import('drizzle-orm/pg-core') = load('drizzle-orm/pg-core')
const postgres: typeof import('drizzle-orm/node-postgres') = load('drizzle-orm/node-postgres')

export type { SQL } from 'drizzle-orm'
export const { and, asc, desc, eq, exists, gt, isNull, lt, lte, or, sql } = core
export const {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
} = pgCore
export const { drizzle } = postgres
