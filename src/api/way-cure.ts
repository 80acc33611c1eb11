import { errorMessages } from '../error-text.ts'

const AUTHORITY =
  'Set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority that signed it (PEM): a proxy of your ' +
  "company's, which signs all connections anew, has one."

/** What helps against a certificate that is not accepted. None of it passes by itself. */
const CERTIFICATES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Use in LLAMA_CLOUD_BASE_URL a host name that the certificate is made out to.',
  CERT_HAS_EXPIRED: 'Renew the certificate, or correct the clock of this machine.',
  CERT_NOT_YET_VALID: 'Correct the clock of this machine, or the certificate.',
}

const REFUSED_BY_PROXY: Readonly<Record<string, string>> = {
  '403': 'The proxy lets nobody through to this host: have it allowed there, or name the host in NO_PROXY.',
  '407': 'The proxy wants a login: HTTPS_PROXY=http://user:password@host:port.',
}

/** What helps where the way to the API is barred for good; undefined where trying again may help. */
export function wayCure(error: unknown): string | undefined {
  const status = /Proxy response \((\d+)\)/.exec(errorMessages(error).join(' '))?.[1] ?? ''
  return REFUSED_BY_PROXY[status] ?? CERTIFICATES[codeOf(error, 5) ?? '']
}

/** Node's code of the innermost error that has one. */
function codeOf(error: unknown, depth: number): string | undefined {
  if (!(error instanceof Error) || depth === 0) return undefined
  const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return codeOf(error.cause, depth - 1) ?? own
}
