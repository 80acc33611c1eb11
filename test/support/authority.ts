import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Authority {
  /** The file of its certificate. */
  readonly file: string
  /** A key and a certificate of it, made out to these names: `DNS:localhost,IP:127.0.0.1`. */
  issue(names: string): { readonly key: string; readonly cert: string }
}

/** A certificate authority that nobody knows, in a directory. */
export function createAuthority(directory: string): Authority {
  const path = (name: string) => join(directory, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const newKey = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', path(`${name}.key`)]
  const subject = ['-subj', '/CN=authority of the tests']
  openssl('req', '-x509', ...newKey('ca'), '-out', path('ca.pem'), '-days', '2', ...subject)
  return {
    file: path('ca.pem'),
    issue: (names) => {
      writeFileSync(path('names'), `subjectAltName=${names}`)
      openssl(
        'req',
        '-new',
        ...newKey('server'),
        '-out',
        path('server.csr'),
        '-subj',
        '/CN=server of the tests',
      )
      const signer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial']
      const request = ['-in', path('server.csr'), '-out', path('server.pem'), '-extfile', path('names')]
      openssl('x509', '-req', ...request, ...signer, '-days', '2')
      return { key: readFileSync(path('server.key'), 'utf8'), cert: readFileSync(path('server.pem'), 'utf8') }
    },
  }
}
