/** The tables of every list with their comments, and those of the views: for migrations and the data dictionary. */
export * from './batches/schema.ts'
export * from './classify/schema.ts'
export * from './classify/sums-comments.ts'
export * from './classify/view-comments.ts'
export * from './extract/schema.ts'
export * from './parse/schema.ts'
export * from './split/schema.ts'
export { peopleSchema } from './tables.ts'
