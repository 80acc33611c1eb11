export const REDACTED = '[redacted]'

/** Replacing every occurrence of a text this short would blank ordinary words and numbers and hide nothing. */
const SHORTEST_SECRET = 4

export type Redactor = (text: string) => string

/**
 * Makes a function that replaces each known secret in a text, as it is and as it looks inside a URL or inside JSON
 * (I10). `secrets` is asked again for every text, since keys rotate. Secrets of fewer than 4 characters stay.
 */
export function createRedactor(secrets: () => readonly string[]): Redactor {
  let known: readonly string[] = []
  let forms: readonly string[] = []
  return (text) => {
    const current = secrets()
    if (!sameItems(current, known)) {
      known = [...current]
      forms = formsOf(known)
    }
    return forms.reduce((redacted, form) => redacted.replaceAll(form, REDACTED), text)
  }
}

/**
 * Redacts one line of JSON and leaves it JSON: a secret made of digits may sit inside a number, and a number with a
 * hole is no value. The strings and numbers of such a line are redacted one by one.
 */
export function redactJsonLine(line: string, redact: Redactor): string {
  const redacted = redact(line)
  if (redacted === line || isJson(redacted)) return redacted
  if (!isJson(line)) return redacted
  const whole = JSON.parse(line, (_key, value: unknown) => {
    if (typeof value === 'string') return redact(value)
    return typeof value === 'number' && redact(String(value)) !== String(value) ? REDACTED : value
  })
  return `${JSON.stringify(whole)}\n`
}

function sameItems(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}

/** Longest first: a secret that contains another would otherwise leave its own rest behind. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOfOne))
  return [...forms].sort((left, right) => right.length - left.length)
}

function formsOfOne(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed())
  const escaped = JSON.stringify(secret).slice(1, -1)
  return [
    secret,
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    escaped,
    // JSON quoted within JSON, as when a reply's body is logged as text.
    JSON.stringify(escaped).slice(1, -1),
  ]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
