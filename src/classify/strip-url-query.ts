import { isJsonObject, type JsonValue } from '../api/json.ts'

/**
 * Takes the query from an item's `file_input` where that is a URL, and wherever its error message quotes that URL:
 * presigned addresses carry credentials there. Changes the item in place. To be called before anything else looks at it,
 * so that what is stored, rejected and compared is all the same.
 */
export function stripUrlQuery(item: JsonValue): void {
  if (!isJsonObject(item)) return
  const { file_input: url, error_message: message } = item
  if (typeof url !== 'string') return
  const stripped = withoutQuery(url)
  if (stripped === url) return
  item.file_input = stripped
  if (typeof message === 'string') item.error_message = message.replaceAll(url, stripped)
}

/** A fragment goes with the query that it follows. Text that is no URL is left as it is. */
function withoutQuery(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text.replace(/\?.*$/s, '') : text
}
