import { type Api, createApi } from '../api/client.ts'
import { createPace, type Pace } from '../api/pace.ts'
import { createRooms, type Rooms } from '../api/room.ts'
import type { Clock } from '../clock.ts'
import { describeProxy, type Settings, type SourceSettings } from '../config.ts'
import type { Logger } from '../log.ts'
import { createRedactor } from '../redact.ts'

export interface ApiParts {
  readonly log: Logger
  /** The time of the engine and of everything that waits for the API. */
  readonly clock: Clock
  readonly fetch: typeof fetch
  /** 0 <= x < 1, for jitter. */
  readonly random: () => number
  readonly pace?: Pace
  readonly rooms?: Rooms
}

/** A client by the key of a source, with pace and room of its own unless they are given. Makes no request. */
export function apiOf(settings: Settings, source: SourceSettings, parts: ApiParts): Api {
  const { log, clock } = parts
  const { concurrency, rateLimit: rate } = settings.api
  return createApi({
    ...settings.api,
    baseUrl: source.baseUrl,
    apiKey: source.apiKey,
    keyVariable: source.apiKeyVariable,
    clock,
    fetch: parts.fetch,
    random: parts.random,
    pace: parts.pace ?? createPace({ clock, concurrency, rate }),
    rooms: parts.rooms ?? createRooms(),
    redact: createRedactor(settings.secrets),
    proxy: describeProxy(settings.network),
    onRetry: ({ number, reason, delayMs }) =>
      log.warn({ retry: number, delayMs: Math.round(delayMs) }, `request failed, retrying: ${reason}`),
  })
}
