/**
 * What declares tables, of drizzle-orm, by `require`. By `import`, Node.js reads the 180 KB of its package.json anew for each of
 * its hundred modules: 0.3 s of a start, and 200 MB of memory that a worker does not need otherwise.
 */
const { sql } = require('drizzle-orm')
const {
  bigint,
  boolean,
  check,
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
  sql,
  bigint,
  boolean,
  check,
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
