import { REDACTED } from '../redact.ts'
import { isJsonObject, type JsonValue } from '../values/json.ts'

/** Each address is taken whole, so that the search never goes back: it is the text of a stranger. */
const ADDRESSES = /https?:\/\/[^\s"'<>]*/gi

/**
 * Takes the query from an item's `file_input` where that is a URL, and from every http(s) URL in its error message, which
 * may quote that one with other escapes or cut off: presigned addresses carry credentials there. Changes the item in
 * place. To be called before anything else looks at it, so that what is stored, rejected and compared is all the same.
 */
export function stripUrlQuery(item: JsonValue): void {
  if (!isJsonObject(item)) return
  const { file_input: url, error_message: message } = item
  let quoted = message
  if (typeof url === 'string') {
    const stripped = withoutQuery(url)
    item.file_input = stripped
    // As it is, first: spaces and quotes in its query would end it in the eyes of the other rule.
    if (typeof message === 'string' && stripped !== url) quoted = message.replaceAll(url, stripped)
  }
  if (typeof quoted === 'string') {
    item.error_message = quoted.replaceAll(ADDRESSES, (address) => beforeQuery(address))
  }
}

/** A value as it may be shown: its row may be older than the wish to keep no queries. */
export function withQueriesHidden(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const hidden = (address: string) => address.replace(/\?.*$/s, `?${REDACTED}`)
  return isAddress(value) ? hidden(value) : value.replaceAll(ADDRESSES, hidden)
}

/** A fragment goes with the query that it follows. Text that is no URL is left as it is. */
function withoutQuery(text: string): string {
  return isAddress(text) ? beforeQuery(text) : text
}

function isAddress(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

function beforeQuery(address: string): string {
  const mark = address.indexOf('?')
  return mark === -1 ? address : address.slice(0, mark)
}
