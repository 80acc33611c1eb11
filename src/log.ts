import { format as formatText } from 'node:util'
import pino from 'pino'
import { errorMessages, shorten } from './error-text.ts'
import { createRedactor, REDACTED, type Redactor, redactJsonLine } from './redact.ts'
import { loadPretty } from './terminal.cjs'

export type Logger = pino.Logger
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

/** Where lines go; `process.stderr` is one. */
export interface LogStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  /** Of a terminal: false with NO_COLOR, or where it shows none. */
  readonly hasColors?: (() => boolean) | undefined
}

export interface LoggerOptions {
  readonly level: LogLevel
  /** `auto` is pretty on a terminal and JSON lines elsewhere. */
  readonly format: LogFormat
  /** Every secret known at the moment; asked for each line. */
  readonly secrets: () => readonly string[]
  /** stderr when left out: stdout belongs to what a command prints. */
  readonly stream?: LogStream
}

/** Bound before `logWhatOthersPrint` takes its place. */
const STDERR: LogStream = {
  write: process.stderr.write.bind(process.stderr),
  isTTY: process.stderr.isTTY,
  hasColors: () => process.stderr.hasColors(),
}

/** A failed statement carries its parameters in its message, and a page of jobs is megabytes. */
const LONGEST_MESSAGE = 2_000

const SECRET_FIELDS = ['apiKey', 'password', 'authorization', 'Authorization', 'connectionString']

/** The logger of the process. No secret of `secrets` reaches its stream, whatever is logged (I10). */
export function createLogger({ level, format, secrets, stream = STDERR }: LoggerOptions): Logger {
  const withStack = level === 'debug' || level === 'trace'
  const redact = createRedactor(secrets)
  const serializeError = (error: unknown) => describeError(error, withStack, redact)
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError, error: serializeError },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: REDACTED,
      },
    },
    lineWriter(format, redact, stream),
  )
}

/**
 * Writes synchronously, so that the last lines before an exit are not lost. The line is redacted as JSON, before it is
 * made pretty: that way both formats pass the same gate.
 */
function lineWriter(format: LogFormat, redact: Redactor, stream: LogStream): LogStream {
  const terminal = stream.isTTY === true
  if (format === 'json' || (format === 'auto' && !terminal)) {
    return { write: (line) => stream.write(redactJsonLine(line, redact)) }
  }
  const colorize = terminal && stream.hasColors?.() !== false
  const pretty = loadPretty().prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l' })
  return { write: (line) => stream.write(pretty(redactJsonLine(line, redact))) }
}

/** Of interest to developers alone; all other warnings, such as that TLS checks nothing, are the operator's. */
const FOR_DEVELOPERS = ['DeprecationWarning', 'ExperimentalWarning']

/**
 * Sends to the log what Node.js and libraries print by themselves, warnings, the console and stderr alike: whoever reads stderr
 * as JSON lines gets nothing else, and stdout stays what a command answers.
 */
export function logWhatOthersPrint(log: Logger): void {
  // The listener that is there from the start prints plain text.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    const level = FOR_DEVELOPERS.includes(warning.name) ? 'debug' : 'warn'
    log[level](`${warning.name}: ${warning.message}`)
  })
  const levels = {
    error: 'error',
    warn: 'warn',
    log: 'info',
    info: 'info',
    debug: 'debug',
    trace: 'debug',
  } as const
  for (const [method, level] of Object.entries(levels)) {
    Reflect.set(console, method, (...values: unknown[]) => log[level](formatText(...values)))
  }
  // Some write past both. On a terminal nobody parses it, and the progress bar is ours.
  if (process.stderr.isTTY) return
  Reflect.set(process.stderr, 'write', (text: string | Uint8Array, ...rest: unknown[]) => {
    log.warn(Buffer.from(text).toString().trimEnd())
    for (const done of rest) if (typeof done === 'function') done()
    return true
  })
}

function describeError(error: unknown, withStack: boolean, redact: Redactor): unknown {
  if (!(error instanceof Error)) return error
  // Redacted before it is cut: half a secret would not be recognised.
  const texts = errorMessages(error).map((text) => shorten(redact(text), LONGEST_MESSAGE))
  const [message = '', ...causes] = texts
  return {
    name: error.name,
    message,
    ...(causes.length > 0 && { causes }),
    ...(withStack && { stack: error.stack }),
  }
}
