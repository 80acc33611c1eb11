import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'

/**
 * The text of a file in UTF-8, without a byte-order mark. Anything else is refused: a wrong reading of it would lose
 * settings without a word. Throws an error whose `code` says why.
 */
export function readUtf8(path: string): string {
  const bytes = readFileSync(path)
  if (isUtf16(bytes)) throw notUtf8('UTF-16')
  if (bytes.includes(0)) throw notUtf8('a binary format')
  if (!isUtf8(bytes)) throw notUtf8('another encoding')
  return new TextDecoder().decode(bytes)
}

/** By its mark, or as every other byte of plain text is nought in it. */
function isUtf16(bytes: Uint8Array): boolean {
  const mark = bytes[0] === 0xff ? bytes[1] === 0xfe : bytes[0] === 0xfe && bytes[1] === 0xff
  const noughts = bytes.filter((byte) => byte === 0).length
  return mark || noughts > bytes.length / 4
}

function notUtf8(found: string): Error {
  const code = `it is in ${found}: save it as text in UTF-8`
  return Object.assign(new Error(code), { code })
}
