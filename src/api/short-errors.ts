/** Of a reply to a failed request: enough for what the API says, and for any proxy's page. */
const MOST_BYTES = 64 * 1_024

/** The official client reads the reply to a failed request to its end, however long it is: it gets the beginning (I11). */
export function withShortErrors(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init)
    if (response.ok || response.body === null) return response
    return new Response(ReadableStream.from(beginningOf(response.body)), response)
  }
}

async function* beginningOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let left = MOST_BYTES
  for await (const chunk of body) {
    yield chunk.subarray(0, left)
    left -= chunk.byteLength
    if (left <= 0) return
  }
}
