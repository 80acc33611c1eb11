import tls from 'node:tls'
import { SettingsError } from '../errors.ts'
import type { ConnectionParameters } from './connection-string.ts'

export type ReadFile = (path: string) => string

/** `false`: not encrypted. */
export type TlsOptions = false | tls.ConnectionOptions

const NAMES_OF_TLS = ['sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation']

/**
 * TLS as libpq means it: `require` encrypts and checks nothing, unless an authority is named; `verify-ca` checks who
 * signed the certificate, `verify-full` also the host name. Whoever names an authority or a certificate without a mode
 * gets `verify-full`. A socket of this machine is never encrypted.
 *
 * @throws SettingsError that names the parameter and the file, when a file cannot be used
 */
export function tlsOptions(parameters: ConnectionParameters, readFile: ReadFile): TlsOptions {
  const mode = modeOf(parameters)
  if (mode === 'disable' || parameters.host?.startsWith('/')) {
    if (parameters.channel_binding !== 'require') return false
    throw new SettingsError('channel_binding=require needs TLS: add sslmode=verify-full, or leave it out')
  }
  const { sslrootcert } = parameters
  const ca = sslrootcert === undefined ? undefined : authorities(sslrootcert, mode, readFile)
  if (mode === 'verify-ca' && ca === undefined) {
    throw new SettingsError(
      'sslmode=verify-ca needs sslrootcert=FILE; for publicly trusted authorities use sslmode=verify-full',
    )
  }
  const checked = mode.startsWith('verify') || (mode === 'require' && ca !== undefined)
  return {
    rejectUnauthorized: checked,
    ...(ca && { ca }),
    // Who signed is still checked: only the name may be another.
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...certificateOfClient(parameters, readFile),
    ...versions(parameters),
  }
}

/** Tried out here: the driver would only hand on what OpenSSL says, as if the server had said it. */
function certificateOfClient({ sslcert, sslkey, sslpassword }: ConnectionParameters, readFile: ReadFile) {
  if (sslcert === undefined && sslkey === undefined) return {}
  if (sslcert === undefined || sslkey === undefined)
    throw new SettingsError('sslcert=FILE and sslkey=FILE need each other')
  const own = {
    cert: readPem('sslcert', sslcert, 'CERTIFICATE', readFile),
    key: readPem('sslkey', sslkey, 'PRIVATE KEY', readFile),
    ...(sslpassword && { passphrase: sslpassword }),
  }
  try {
    tls.createSecureContext(own)
    return own
  } catch (error) {
    throw new SettingsError(faultOf(error))
  }
}

function faultOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read'
  if (/DECRYPT|PASS/.test(code)) return 'sslpassword does not open the key that sslkey names'
  if (/MISMATCH/.test(code)) return 'sslkey does not name the key of the certificate that sslcert names'
  return `sslcert and sslkey name files that cannot be used (${code})`
}

/** The mode that counts, whatever it was written as. */
function modeOf(parameters: ConnectionParameters): string {
  const { sslmode, ssl } = parameters
  if (sslmode !== undefined) return sslmode
  if (ssl !== undefined) return ssl === 'true' || ssl === '1' ? 'verify-full' : 'disable'
  return NAMES_OF_TLS.some((name) => parameters[name] !== undefined) ? 'verify-full' : 'disable'
}

function authorities(file: string, mode: string, readFile: ReadFile): string | string[] {
  if (file !== 'system') return readPem('sslrootcert', file, 'CERTIFICATE', readFile)
  if (mode !== 'verify-full') throw new SettingsError('sslrootcert=system needs sslmode=verify-full')
  const found = [...tls.getCACertificates('system'), ...tls.getCACertificates('extra')]
  if (found.length > 0) return found
  throw new SettingsError(
    'sslrootcert=system finds no authorities on this machine: install its ca-certificates, or leave sslrootcert out to ' +
      'use those that Node.js brings',
  )
}

function readPem(name: string, file: string, kind: string, readFile: ReadFile): string {
  let text: string
  try {
    text = readFile(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new SettingsError(`${name} names a file that cannot be read${code}: ${JSON.stringify(file)}`)
  }
  if (new RegExp(`-----BEGIN [A-Z ]*${kind}-----`).test(text)) return text
  throw new SettingsError(
    `${name} names a file without a ${kind.toLowerCase()} (PEM): ${JSON.stringify(file)}`,
  )
}

function versions({ ssl_min_protocol_version: least, ssl_max_protocol_version: most }: ConnectionParameters) {
  const known = (version: string | undefined): tls.SecureVersion | undefined =>
    (['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const).find((name) => name === version)
  const [minVersion, maxVersion] = [known(least), known(most)]
  return { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) }
}
