/**
 * Prints the COMMENT statements by which the migrations fall behind the records of comments in the code, for the next
 * migration: `npm run db:generate -- --custom --name comments`, then `npm run -s db:comments >> migrations/…_comments.sql`.
 */
import { readSchemas, SCHEMAS } from './catalogue.ts'
import { withMigratedDatabase } from './database.ts'
import { describedComments } from './described.ts'
import { commentStatements, liveComments } from './live-comments.ts'

const schemas = await withMigratedDatabase((pool) => readSchemas(pool, SCHEMAS))
const statements = commentStatements(liveComments(schemas), describedComments())
process.stdout.write(statements.map((statement) => `${statement}\n`).join('--> statement-breakpoint\n'))
