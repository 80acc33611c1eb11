import http from 'node:http'
import { BlockList, isIPv4 } from 'node:net'
import tls from 'node:tls'
import { SettingsError } from '../errors.ts'
import { faultLine, faultOf } from './faults.ts'
import { readTextFile, type SecretSource } from './secrets.ts'

/** How the API is reached. PostgreSQL is not: its connections go through no proxy. */
export interface Network {
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as far as they are set. */
  readonly proxy: Readonly<Record<string, string>>
  /** The certificates in the file of NODE_EXTRA_CA_CERTS, where Node.js has not read it itself. */
  readonly authorities: readonly string[]
}

const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY'] as const
const AUTHORITIES = 'NODE_EXTRA_CA_CERTS'
const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs

export interface FoundNetwork {
  readonly network: Network
  readonly faults: readonly string[]
}

/** Proxies and authorities by the names that Node.js has for them, from the environment or from `.env`. */
export function findNetwork(source: SecretSource): FoundNetwork {
  const { env } = source
  const proxy: Record<string, string> = {}
  for (const name of [...PROXIES, 'NO_PROXY']) {
    // The lower case wins, as with Node.js itself and curl.
    const value = env[name.toLowerCase()] ?? env[name]
    if (value !== undefined) proxy[name] = value
  }
  for (const name of PROXIES) source.seen.add(name, proxySecrets(proxy[name]))
  const { authorities, faults } = readAuthorities(source)
  return { network: { proxy, authorities }, faults: [...proxyFaults(proxy, env), ...faults] }
}

function proxyFaults(proxy: Network['proxy'], env: SecretSource['env']): string[] {
  const wrong = PROXIES.filter((name) => proxy[name] !== undefined && !isProxy(proxy[name]))
  const faults = wrong.map((name) =>
    faultLine(name, 'is not the address of a proxy, such as http://proxy:3128'),
  )
  const forAll = ['ALL_PROXY', 'all_proxy'].find((name) => env[name] !== undefined)
  if (forAll === undefined || proxy.HTTPS_PROXY !== undefined || proxy.HTTP_PROXY !== undefined) return faults
  return [
    ...faults,
    faultLine(forAll, 'is not read: set HTTPS_PROXY instead, or HTTPS_PROXY and NO_PROXY=* to use no proxy'),
  ]
}

function isProxy(text: string): boolean {
  return URL.canParse(text) && /^(https?|socks5):$/.test(new URL(text).protocol)
}

/** Its password, and the header that is made of it. */
function proxySecrets(text: string | undefined): string[] {
  if (text === undefined) return []
  if (!URL.canParse(text)) return [text]
  const { username, password } = new URL(text)
  if (password === '') return []
  const login = [username, password].map(decoded)
  return [password, decoded(password), Buffer.from(login.join(':')).toString('base64')]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Node.js itself passes over a file that cannot be read. */
function readAuthorities(source: SecretSource): Pick<Network, 'authorities'> & Pick<FoundNetwork, 'faults'> {
  const path = source.env[AUTHORITIES]
  if (path === undefined) return { authorities: [], faults: [] }
  try {
    const authorities = readTextFile(AUTHORITIES, path, source).match(CERTIFICATE) ?? []
    const none = faultLine(AUTHORITIES, 'the file contains no certificate (PEM)')
    // To set them once more would only lengthen each start.
    const isRead = path === process.env[AUTHORITIES]
    return { authorities: isRead ? [] : authorities, faults: authorities.length === 0 ? [none] : [] }
  } catch (error) {
    return { authorities: [], faults: [faultOf(error)] }
  }
}

/**
 * Ranges in NO_PROXY, such as 10.0.0.0/8, mean something to other programs and nothing to Node.js: an address of the API
 * within one is added by itself.
 */
export function withRanges({ proxy, authorities }: Network, baseUrls: readonly string[]): Network {
  const entries = (proxy.NO_PROXY ?? '').split(/[\s,]+/)
  const hosts = new Set(baseUrls.map((url) => new URL(url).hostname))
  const inside = [...hosts].filter((host) => entries.some((entry) => isInRange(host, entry)))
  if (inside.length === 0) return { proxy, authorities }
  return { proxy: { ...proxy, NO_PROXY: [...entries, ...inside].join(',') }, authorities }
}

function isInRange(host: string, entry: string): boolean {
  const [address = '', bits = ''] = entry.split('/')
  if (!isIPv4(host) || !isIPv4(address) || !/^([12]?\d|3[0-2])$/.test(bits)) return false
  const range = new BlockList()
  range.addSubnet(address, Number(bits))
  return range.check(host)
}

/**
 * Lets this process's requests go that way. Node.js reads these variables only when it starts, and those of `.env` never.
 *
 * @throws SettingsError where this Node.js is too old for it
 */
export function useNetwork({ proxy, authorities }: Network): void {
  if (authorities.length > 0) {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...authorities])
  }
  if (proxy.HTTPS_PROXY === undefined && proxy.HTTP_PROXY === undefined) return
  if (typeof http.setGlobalProxyFromEnv !== 'function') {
    throw new SettingsError(`HTTPS_PROXY needs Node.js 24.14 or newer; this is ${process.versions.node}`)
  }
  http.setGlobalProxyFromEnv({ ...proxy })
}

/** The proxies without their passwords; undefined where there is none. */
export function describeProxy({ proxy }: Network): string | undefined {
  const told = PROXIES.flatMap((name) => {
    const text = proxy[name]
    return text === undefined || !URL.canParse(text)
      ? []
      : [`${name} ${new URL(text).protocol}//${new URL(text).host}`]
  })
  if (told.length === 0) return undefined
  return [...told, ...(proxy.NO_PROXY === undefined ? [] : [`NO_PROXY ${proxy.NO_PROXY}`])].join(', ')
}
