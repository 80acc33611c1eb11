/** What is known of an error of the driver or the server. */
export interface Failure {
  /** SQLSTATE, or Node's error code. */
  readonly code: string | undefined
  readonly words: string
}

const SERVER_DOWN = 'Start PostgreSQL there, or correct DATABASE_URL.'
const UNREACHABLE = 'Check the address in DATABASE_URL, the network and the firewall.'
const LOGIN = 'Correct the user name and the password in DATABASE_URL.'
const CERTIFICATE =
  'Add sslmode=verify-full&sslrootcert=FILE to DATABASE_URL, with the authority that signed it.'
const MIGRATE = 'Run the command `migrate`.'
const WAIT = 'It comes back by itself, or see the log of PostgreSQL.'
const DATABASE_NAME = 'Create the database, or correct its name in DATABASE_URL.'
/** With both locales it works whatever the locale of the server. */
export const IN_UTF8 = "encoding 'UTF8' lc_collate 'C' lc_ctype 'C' template template0"
const ENCODING =
  'The encoding of the database cannot hold it: `doctor` shows the statement that makes one in UTF8.'
const TOO_MANY = 'Close other connections, raise max_connections, or connect through a pooler.'
const SLOTS =
  "The pooler has no free place: close other clients, or raise its limit (the provider's larger pool)."

/** What helps, by SQLSTATE (five characters, or the two of its class) or by Node's error code. */
const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: SERVER_DOWN,
  ECONNRESET: WAIT,
  EPIPE: WAIT,
  ENOTFOUND: 'Correct the host in DATABASE_URL: no such name is known.',
  EAI_AGAIN: 'The name server does not answer: check the network.',
  ENOENT: SERVER_DOWN,
  EACCES: 'Correct the rights of the socket that DATABASE_URL names.',
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use in DATABASE_URL a host name that the certificate is made out to.',
  CERT_HAS_EXPIRED: 'Renew the certificate of the database.',
  '08': WAIT,
  '08004':
    'The server or its pooler refuses the connection in these words: do as they say, or ask who runs it.',
  '08P01': 'A connection pooler refused it in these words: see its log and its settings.',
  22021: ENCODING,
  '22P05': ENCODING,
  '25006': 'It is read-only: `doctor` asks the server why.',
  '25P03': 'The worker stood still inside a transaction: see what paused it or its machine.',
  '28000': LOGIN,
  '28P01': LOGIN,
  '3D000': DATABASE_NAME,
  '3F000': MIGRATE,
  '40': 'Trying again helps: another transaction was in the way.',
  '42501': 'Grant the user of DATABASE_URL the right; `doctor` names all it needs.',
  '42703': MIGRATE,
  '42P01': MIGRATE,
  '53': 'Give PostgreSQL more of what it ran out of.',
  '53100': 'Its disk is full: make room.',
  '53300': TOO_MANY,
  '55P03': 'Another session holds the lock: look for a long transaction in pg_stat_activity.',
  '57014': 'The statement took too long or was cancelled: look at the load of the database.',
  '57P01': WAIT,
  '57P02': WAIT,
  '57P03': WAIT,
  '57P05': WAIT,
  XX000: 'These are the words of the server or of a pooler in between: see the log of that one.',
}

/** One code stands for many things, above all a pooler's: these words tell which it is, and come before the code. */
const BY_WORDS: readonly (readonly [pattern: RegExp, cure: string])[] = [
  // The driver's own, which have no code.
  [
    /server does not support SSL/i,
    'It has no TLS: set it up there; in a network of your own, sslmode=disable in DATABASE_URL does without.',
  ],
  [
    /error establishing an SSL connection/i,
    'What listens there is no PostgreSQL: correct the host and the port in DATABASE_URL.',
  ],
  [/timeout expired|timeout exceeded when trying|due to connection timeout/i, UNREACHABLE],
  // Poolers and managed services.
  [
    /tenant or user not found|no such user/i,
    'The pooler does not know this user here: write the user name and the host as its console shows them (with Supabase ' +
      'postgres.PROJECT, at the host of its region).',
  ],
  [
    /no such database/i,
    'The pooler has no database of this name: add it there, or correct its name in DATABASE_URL.',
  ],
  [
    /endpoint (is|has been) disabled|project is paused|suspended/i,
    'Its provider has switched it off: enable it in the console, nothing else helps.',
  ],
  [/quota/i, 'The account has used up what it may: raise its plan or limit.'],
  [
    /endpoint ID is not specified/i,
    'Connect with TLS by the host name that the provider shows: sslmode=verify-full.',
  ],
  [/allow.?list|IP address.*not allowed/i, "Add this machine's address to what the provider lets in."],
  [/unsupported startup parameter/i, 'Remove that parameter from DATABASE_URL (options) or PGOPTIONS.'],
  [
    /invalid command-line argument/i,
    'Correct the options in DATABASE_URL or PGOPTIONS; in an address, write a space as %20.',
  ],
  [/max_client_conn|max client|no more connections allowed/i, SLOTS],
  [
    /server login|cannot connect to server|query_wait_timeout|server_login_retry|server conn crashed/i,
    'The pooler cannot reach PostgreSQL behind it: see whether that runs, and the log of the pooler.',
  ],
  // PostgreSQL, where one code has several meanings.
  [/no encryption|SSL off/i, 'It wants an encrypted connection: add sslmode=verify-full to DATABASE_URL.'],
  [
    /no pg_hba\.conf entry|pg_hba\.conf rejects/i,
    'Let it in: add a line for this host, user and database to pg_hba.conf.',
  ],
  [/not permitted to log in/i, 'Let the role log in: alter role NAME login.'],
  [
    /(peer|ident) authentication failed/i,
    'It takes the user of the operating system for the login: run as that user, or connect by host and password.',
  ],
  [
    /too many connections for (role|database)/i,
    'Raise its limit: alter role or alter database NAME connection limit N.',
  ],
  [/not currently accepting connections/i, 'Open it: alter database NAME allow_connections true.'],
  [
    /hot standby mode is disabled/i,
    'It is a standby that answers no queries: let DATABASE_URL name the primary.',
  ],
  [
    /conversion between .* is not supported/i,
    `The encoding of the database is none that can be used: create database NAME ${IN_UTF8}; and name that in DATABASE_URL.`,
  ],
  [/row-level security/i, 'Row level security is in the way: `doctor` names the tables and what ends it.'],
  [/due to user request/i, 'Somebody cancelled the statement (pg_cancel_backend): the next run goes on.'],
]

/** What to do about a failure: by its words where they say more than the code does. */
export function cureFor({ code, words }: Failure): string {
  const told = BY_WORDS.find(([pattern]) => pattern.test(words))
  if (told !== undefined) return told[1]
  if (code === undefined) return 'Check that PostgreSQL runs and that DATABASE_URL is right.'
  return BY_CODE[code] ?? BY_CODE[code.slice(0, 2)] ?? 'See the log of PostgreSQL.'
}
