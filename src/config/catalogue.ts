import { own, type Setting } from './setting.ts'
import { API, SERVICE, SYNC } from './variables.ts'

/** Several sources; read by itself, since the others are read beneath it. */
export const SOURCES_FILE = 'SYNC_SOURCES_FILE'

const SERVER = 'docs/server.md'

/** Every setting there is, in the order of the README. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  LLAMA_CLOUD_API_KEY: own({
    kind: 'key',
    accepts: 'a key (visible characters, no spaces)',
    meaning: 'API key',
    example: 'llx-…',
    unset: 'required',
    secret: true,
  }),
  LLAMA_CLOUD_API_KEY_FILE: own({
    kind: 'path',
    accepts: 'a file',
    meaning: 'file with the key instead; read again each cycle, so that you can rotate the key',
    example: '/run/secrets/llama-cloud-api-key',
  }),
  ...API,
  LLAMA_CLOUD_CUSTOM_HEADERS: own({
    kind: 'headers',
    accepts: 'headers, "Name: value", one per line',
    meaning: 'headers for a gateway: `Name: value`, one per line; never `Authorization`',
    example: 'X-Team: documents',
    secret: true,
  }),
  HTTPS_PROXY: own({
    kind: 'address',
    accepts: 'the address of a proxy',
    meaning: 'proxy to the API',
    example: 'http://user:password@proxy:3128',
    docs: SERVER,
    secret: true,
    lowerCase: true,
  }),
  HTTP_PROXY: own({
    kind: 'address',
    accepts: 'the address of a proxy',
    meaning: 'proxy to an API without TLS',
    example: 'http://user:password@proxy:3128',
    docs: SERVER,
    secret: true,
    lowerCase: true,
  }),
  NO_PROXY: own({
    kind: 'text',
    accepts: 'host names, separated by commas',
    meaning: 'hosts to reach without the proxy',
    example: 'localhost,.internal',
    docs: SERVER,
    lowerCase: true,
  }),
  NODE_EXTRA_CA_CERTS: own({
    kind: 'path',
    accepts: 'a file',
    meaning: 'file with the certificates of a private authority (PEM)',
    example: '/etc/ssl/company.pem',
    docs: SERVER,
  }),
  DATABASE_URL: own({
    kind: 'address',
    accepts: 'an address, postgresql://…',
    meaning:
      'PostgreSQL 15 or newer, as a libpq connection string; the `PG*` variables fill in what it leaves out; a pooler may be in between',
    example: 'postgresql://user:password@host:5432/database',
    docs: SERVER,
    unset: 'embedded PostgreSQL',
    secret: true,
  }),
  DATABASE_URL_FILE: own({
    kind: 'path',
    accepts: 'a file',
    meaning: 'file with the address instead; read again each cycle',
    example: '/run/secrets/database-url',
  }),
  [SOURCES_FILE]: own({
    kind: 'path',
    accepts: 'a file',
    meaning: 'JSON file with several sources, each with its own key variable and scope',
    example: '/etc/llamacloud-sync/sources.json',
    docs: 'docs/deployment.md',
  }),
  ...SYNC,
  ...SERVICE,
}

export const KNOWN_NAMES: readonly string[] = Object.keys(SETTINGS)
