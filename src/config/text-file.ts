import { readFileSync } from 'node:fs'

/**
 * The text of a file in UTF-8, without a byte-order mark. Anything else is refused: a wrong reading of it would lose
 * settings without a word. Throws an error whose `code` says why.
 */
export function readUtf8(path: string): string {
  const bytes = readFileSync(path)
  if (bytes.includes(0)) throw notUtf8('UTF-16')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw notUtf8('another encoding')
  }
}

function notUtf8(found: string): Error {
  const code = `it is in ${found}: save it as UTF-8`
  return Object.assign(new Error(code), { code })
}
