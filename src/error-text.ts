const DEEPEST_CAUSE = 5

/**
 * What went wrong and then why: the message of an error and of each of its causes, outermost first, repeats left out.
 * A failed connection to a host with several addresses has an empty message and the real ones in `errors`.
 */
export function errorMessages(error: unknown): string[] {
  const messages: string[] = []
  let current = error
  // Bounded, because a chain of causes can be a circle.
  for (let depth = 0; current !== undefined && current !== null && depth <= DEEPEST_CAUSE; depth++) {
    const message = ownMessage(current)
    if (!messages.includes(message)) messages.push(message)
    current = current instanceof Error ? current.cause : undefined
  }
  return messages
}

function ownMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map(ownMessage).join(', ')
  return 'code' in error ? String(error.code) : error.name
}

/** Cuts a text to `length` characters, saying so; for texts of strangers that end up in errors and logs. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}… (${text.length} characters)`
}
