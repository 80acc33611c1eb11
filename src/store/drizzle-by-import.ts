/** The same as `drizzle.ts`, for the bundle that scripts/build.ts makes: there each module is read once. */
export type { SQL } from 'drizzle-orm'
export { and, asc, desc, eq, exists, gt, isNull, lt, lte, or, sql } from 'drizzle-orm'
export { drizzle } from 'drizzle-orm/node-postgres'
export {
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
} from 'drizzle-orm/pg-core'
