export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** A field that is undefined is absent, as `JSON.stringify` has it. */
export type JsonObject = { readonly [field: string]: JsonValue | undefined }

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
