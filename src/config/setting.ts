import * as z from 'zod'
import { durationBetween, type Reader, wholeBetween } from './values.ts'

/** What a value is, for whoever reads settings by program. */
export type Kind =
  | 'address'
  | 'cron'
  | 'duration'
  | 'headers'
  | 'host'
  | 'id'
  | 'key'
  | 'name'
  | 'number'
  | 'path'
  | 'rate'
  | 'text'
  | 'time'
  | 'uuid'
  | 'whole number'
  | 'word'
  | 'words'

/** What people and programs are told of a setting. */
export interface About {
  /** What it does, as the README has it. */
  readonly meaning: string
  /** What a right value looks like, for the messages about wrong ones. */
  readonly example: string
  /** A page that says more. */
  readonly docs?: string
}

export interface Setting extends About {
  readonly kind: Kind
  /** Completes the sentence "… is not …". */
  readonly accepts: string
  /** As a user would write it; null: none. */
  readonly default: string | null
  /** What holds while it is not set; empty where the default says so. */
  readonly unset: string
  /** Never shown. */
  readonly secret: boolean
  /** Read in lower case too, which then wins, as with Node.js itself and curl. */
  readonly lowerCase: boolean
}

/** How a text becomes a value. */
export interface Type<S extends z.ZodType> {
  readonly kind: Kind
  readonly accepts: string
  readonly schema: S
}

export function text<T>(kind: Kind, read: Reader<T>, accepts: string) {
  const schema = z.string().transform((value, context) => {
    const result = read(value)
    if (result !== undefined) return result
    context.addIssue({ code: 'custom', message: accepts })
    return z.NEVER
  })
  return { kind, accepts, schema }
}

export function duration(least: string, leastMs: number, most: string, mostMs: number) {
  const accepts = `a duration from ${least} to ${most} in ms, s, m, h or d`
  return text('duration', durationBetween(leastMs, mostMs), accepts)
}

export function whole(least: number, most: number) {
  return text('whole number', wholeBetween(least, most), `a whole number from ${least} to ${most}`)
}

export function word<const T extends readonly [string, ...string[]]>(words: T) {
  const accepts = `one of ${words.join(', ')}`
  return { kind: 'word', accepts, schema: z.string().toLowerCase().pipe(z.enum(words, accepts)) } as const
}

const PLAIN = { secret: false, lowerCase: false } as const

/** A setting with a default, which is read like any other value. */
export function withDefault<S extends z.ZodType<unknown, string>>(
  { kind, accepts, schema }: Type<S>,
  initial: z.input<S>,
  about: About,
) {
  return {
    ...PLAIN,
    ...about,
    kind,
    accepts,
    default: initial as string,
    unset: '',
    schema: z.prefault(schema, initial),
  }
}

export function optional<S extends z.ZodType>(
  { kind, accepts, schema }: Type<S>,
  about: About & { readonly unset?: string },
) {
  return { ...PLAIN, unset: 'none', ...about, kind, accepts, default: null, schema: schema.optional() }
}

type Own = About & Pick<Setting, 'kind' | 'accepts'>

/** A setting that code of its own reads: a secret, a file, a way to the API. */
export function own(about: Own & Partial<Setting>): Setting {
  return { ...PLAIN, default: null, unset: 'none', ...about }
}
