import { errorMessages } from '../error-text.ts'

const AUTHORITY =
  'Set NODE_EXTRA_CA_CERTS to a file (PEM) with the certificate of the authority that signed it; a company proxy that ' +
  'inspects TLS has one of its own.'

const NO_TLS =
  'What answers does not speak TLS: correct the port, or write http:// in LLAMA_CLOUD_BASE_URL; for a proxy, in HTTPS_PROXY.'

/** Cures where TLS cannot be begun, or the certificate is not accepted: a retry does not help. */
const TLS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use a host name in LLAMA_CLOUD_BASE_URL that the certificate is issued for.',
  CERT_HAS_EXPIRED: 'Renew the certificate, or correct the clock of this machine.',
  CERT_NOT_YET_VALID: 'Correct the clock of this machine, or the certificate.',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
}

const LOGIN =
  'The proxy requires a login, or refuses this one: HTTPS_PROXY=http://user:password@host:port, percent-encoded.'
const NO_PROXY_THERE = 'What answers at the address of the proxy is not a forward proxy: correct HTTPS_PROXY.'

const REFUSED_BY_PROXY: Readonly<Record<string, string>> = {
  '403': 'The proxy does not allow this host: have it allowed there, or add the host to NO_PROXY.',
  '401': LOGIN,
  '407': LOGIN,
  '400': NO_PROXY_THERE,
  '404': NO_PROXY_THERE,
  '405': NO_PROXY_THERE,
  '501': NO_PROXY_THERE,
}

/** The cure where nothing gets through to the API until something is changed; undefined where a retry may help. */
export function wayCure(error: unknown): string | undefined {
  const status = /Proxy response \((\d+)\)/.exec(errorMessages(error).join(' '))?.[1] ?? ''
  return REFUSED_BY_PROXY[status] ?? TLS[codeOf(error, 5) ?? '']
}

/** Node's code of the innermost error that has one. */
function codeOf(error: unknown, depth: number): string | undefined {
  if (!(error instanceof Error) || depth === 0) return undefined
  const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return codeOf(error.cause, depth - 1) ?? own
}
