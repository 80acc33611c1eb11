import { readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { SettingsError } from '../errors.ts'
import { type ConnectionParameters, parseConnectionString } from './connection-string.ts'
import { tlsOptions } from './connection-tls.ts'

/**
 * A connection string as the driver is told it. The driver's own reading of one knows neither a host in the parameters
 * nor most of libpq's names, and warns on stderr.
 *
 * @throws SettingsError when it cannot be read, or names a file that cannot be used
 */
export function connectionOptions(url: string): ClientConfig {
  const parameters = parseConnectionString(url)
  if (parameters === undefined) throw new SettingsError('DATABASE_URL is not a well-formed address')
  const { user, password, host, port, dbname, options, application_name } = parameters
  const ssl = tlsOptions(parameters, (path) => readFileSync(path, 'utf8'))
  return {
    ...(user && { user }),
    ...(password && { password }),
    ...(host && { host }),
    ...(port && { port: Number(port) }),
    ...(dbname && { database: dbname }),
    ...(options && { options }),
    ...(application_name && { application_name }),
    ...timeout(parameters),
    ssl,
    ...(parameters.sslnegotiation === 'direct' && ssl !== false && { sslnegotiation: 'direct' }),
    enableChannelBinding: (parameters.channel_binding ?? 'disable') !== 'disable',
  }
}

/** 0 and less mean for ever to libpq: then ours stays, since every wait has a cap (I11). */
function timeout({ connect_timeout: seconds }: ConnectionParameters) {
  return Number(seconds) > 0 ? { connectionTimeoutMillis: Number(seconds) * 1_000 } : {}
}
