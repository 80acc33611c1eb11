import { readFile } from 'node:fs/promises'
import * as z from 'zod'

const FOLDER = new URL('../../migrations/', import.meta.url)
const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) })

/** An index that is built while others read and write: outside of a transaction. */
export interface ConcurrentIndex {
  readonly schema: string
  readonly name: string
  readonly table: string
  readonly statement: string
}

export interface Migration {
  /** To be built before the transaction of the other statements; each may be there from an attempt that was cut off. */
  readonly indexes: readonly ConcurrentIndex[]
  readonly statements: readonly string[]
}

let names: Promise<readonly string[]> | undefined

/**
 * Names of the migrations that this version brings, in their order. Read once: a process that was started before its
 * files were replaced by newer ones must not take the newer schema for its own (I6).
 */
export function knownMigrations(): Promise<readonly string[]> {
  names ??= readNames()
  return names
}

async function readNames(): Promise<readonly string[]> {
  const journal = Journal.parse(JSON.parse(await readFile(new URL('meta/_journal.json', FOLDER), 'utf8')))
  return journal.entries.map((entry) => entry.tag)
}

export async function readMigration(name: string): Promise<Migration> {
  const text = await readFile(new URL(`${name}.sql`, FOLDER), 'utf8')
  const all = text.split('--> statement-breakpoint')
  const indexes = all.map(concurrentIndex)
  return {
    indexes: indexes.filter((index) => index !== undefined),
    statements: all.filter((_, place) => indexes[place] === undefined),
  }
}

const CONCURRENTLY =
  /^\s*(?:--[^\n]*\n\s*)*create index concurrently (?:if not exists )?"(\w+)" on "(\w+)"\."(\w+)"/i

function concurrentIndex(statement: string): ConcurrentIndex | undefined {
  const [, name, schema, table] = CONCURRENTLY.exec(statement) ?? []
  if (name === undefined || schema === undefined || table === undefined) return undefined
  return { name, schema, table, statement }
}

/** The same index, built while nobody else writes to the table. */
export function notConcurrently({ statement }: ConcurrentIndex): string {
  return statement.replace(/\bconcurrently\b/i, '')
}

/** A statement that only waits for locks: while somebody is in the way it is tried again, and others pass in between. */
export function isLock(statement: string): boolean {
  return /^\s*(?:--[^\n]*\n\s*)*lock table\b/i.test(statement)
}
