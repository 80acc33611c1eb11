#!/usr/bin/env node
import { CommanderError } from 'commander'
import type { ExitCode } from './commands/context.ts'
import { createProgram } from './commands/program.ts'
import { AppError, StoppedError } from './errors.ts'
import { keepHeapSmall } from './memory.ts'

keepHeapSmall()

/** Below the 10 s that are promised. Ending takes this long only when the database has gone silent or holds a lock. */
const GRACE_MS = 8_000

/** Bound now: later what is written there becomes lines of the log. */
const say = process.stderr.write.bind(process.stderr)

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The first asks for a clean end: the commit in hand is finished, the lease released. A second ends at once, except for
    // SIGHUP: a closing terminal may send it twice.
    if (stop.signal.aborted && signal === 'SIGHUP') return
    if (stop.signal.aborted) process.exit(1)
    stop.abort(new StoppedError(`stopped by ${signal}`))
    setTimeout(giveUp, GRACE_MS).unref()
  })
}

/** Why output could not be written: then the exit code is not 0. */
let untold: StoppedError | undefined

/** The reader may leave first, as in `demo | head -1`: that ends the work as cleanly as a signal does. */
const hasLeft = (error: NodeJS.ErrnoException) => error.code === 'EPIPE'
const noReader = (cause: Error) => new StoppedError('nobody reads the output any more', { cause })

process.stdout.on('error', (error) => {
  if (hasLeft(error)) return stop.abort(noReader(error))
  const said = `Cannot write the output (${error.message}): it is not complete. Free some space, or send it elsewhere.`
  untold ??= new StoppedError(said, { cause: error })
  stop.abort(untold)
})

process.stderr.on('error', (error) => {
  // A full disk takes the log, not the work: that goes on, and so does the log once there is room.
  if (!hasLeft(error)) return
  // The supervisor of a service starts it again, with a log.
  untold ??= noReader(error)
  stop.abort(untold)
})

/** Nothing is lost: what was not committed is read again, and the lease expires. */
function giveUp(): never {
  say(`The work in progress did not end within ${GRACE_MS / 1_000} s: exiting without it.\n`)
  process.exit(1)
}

function finish(code: ExitCode): void {
  process.exitCode = code
}

process.on('exit', (code) => {
  if (untold === undefined || code !== 0) return
  say(`${untold.message}\n`)
  process.exitCode = untold.exitCode
})

try {
  const print = (text: string) => process.stdout.write(`${text}\n`)
  await createProgram({ signal: stop.signal, print }, finish).parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    finish(error.exitCode === 0 ? 0 : 2)
  } else if (error instanceof AppError) {
    say(`${error.message}\n`)
    finish(error.exitCode)
  } else {
    throw error
  }
}
