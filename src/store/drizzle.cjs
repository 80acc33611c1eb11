/**
 * drizzle-orm by `require`. By `import`, Node.js reads the 180 KB of its package.json anew for each of its hundred
 * modules: 0.3 s of a start, and 200 MB of memory that a worker does not need otherwise.
 */
const {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  sql,
} = require('drizzle-orm')
const { drizzle } = require('drizzle-orm/node-postgres')
const {
  bigint,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
} = require('drizzle-orm/pg-core')

module.exports = {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  sql,
  drizzle,
  bigint,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
}
