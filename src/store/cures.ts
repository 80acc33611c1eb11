/** What is known of an error of the driver or the server. */
export interface Failure {
  /** SQLSTATE, or Node's error code. */
  readonly code: string | undefined
  readonly words: string
  /** Where in PostgreSQL it arose: the same whatever language the server speaks. */
  readonly routine?: string | undefined
}

const SERVER_DOWN = 'Start PostgreSQL there, or correct DATABASE_URL.'
const UNREACHABLE = 'Check the address in DATABASE_URL, the network and the firewall.'
const LOGIN =
  "Correct the user name and the password in DATABASE_URL. If the password has expired: alter role NAME valid until 'infinity';"
const CERTIFICATE =
  'Set sslmode=verify-full&sslrootcert=FILE in DATABASE_URL; FILE holds the certificate of the signing authority.'
const TLS_VERSION =
  'Correct ssl_min_protocol_version and ssl_max_protocol_version in DATABASE_URL, or have the server speak TLS 1.2 or newer.'
const MIGRATE = 'Run `llamacloud-sync migrate`.'
/** The schema is checked before each run, so that then it is the latter. */
const ALTERED = `${MIGRATE} If it has nothing to do, somebody altered what it created: \`doctor\` names what is gone, and the way back.`
/** Where somebody dropped or renamed a part of the schemas. */
export const RESTORE_SCHEMA =
  'Rename back what was renamed. To recreate what was dropped, stop all workers and run: `llamacloud-sync export FILE`; ' +
  '`drop schema llamacloud cascade; drop schema llamacloud_sync cascade;`, which also drops your own views that use them; ' +
  '`llamacloud-sync import FILE`; `llamacloud-sync grant ROLE` for each reader; `llamacloud-sync reconcile`.'
const WAIT = 'PostgreSQL may be restarting: try again, or see its log.'
const DATABASE_NAME = 'Create the database, or correct its name in DATABASE_URL.'
/** With both locales it works whatever the locale of the server. */
export const IN_UTF8 = "encoding 'UTF8' lc_collate 'C' lc_ctype 'C' template template0"
const ENCODING =
  'The encoding of the database cannot store this text: `doctor` shows how to create a database in UTF8.'
const TOO_MANY = 'Close other connections, raise max_connections, or connect through a pooler.'
const SLOTS =
  'The pooler has no free connection: close other clients, or raise its limit (a larger pool at your provider).'

/** The cure by SQLSTATE (five characters, or the two of its class) or by Node's error code. */
const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: SERVER_DOWN,
  ECONNRESET: WAIT,
  EPIPE: WAIT,
  ENOTFOUND: 'Correct the host in DATABASE_URL: DNS does not know this name.',
  EAI_AGAIN: 'The DNS server does not answer: check the network.',
  ENOENT: SERVER_DOWN,
  EACCES: 'Correct the permissions of the socket that DATABASE_URL names.',
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use a host name in DATABASE_URL that the certificate is issued for.',
  CERT_HAS_EXPIRED: 'Renew the certificate of the database.',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: TLS_VERSION,
  ERR_SSL_UNSUPPORTED_PROTOCOL: TLS_VERSION,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: TLS_VERSION,
  '08': WAIT,
  '08004': 'The server or its pooler refused the connection: follow its message, or ask whoever runs it.',
  '08P01': 'A connection pooler refused this: see its log and its settings.',
  22021: ENCODING,
  '22P05': ENCODING,
  '25006': 'The database is read-only: `doctor` finds out why.',
  '25P04':
    'The server ends transactions that take long: raise transaction_timeout for this role or database.',
  '25P03': 'The worker was paused inside a transaction: find out what paused it or its machine.',
  '28000': LOGIN,
  '28P01': LOGIN,
  '3D000': DATABASE_NAME,
  '3F000': ALTERED,
  '40': 'Another transaction was in the way: try again.',
  '42501': 'Grant this right to the user of DATABASE_URL; `doctor` names all that it needs.',
  '42703': ALTERED,
  '42804': ALTERED,
  '42883': ALTERED,
  '42P01': ALTERED,
  // Of `on conflict`, without the key; a publication has words of its own.
  '42P10': ALTERED,
  '53': 'Give PostgreSQL more of what it ran out of.',
  '53400': 'Raise the limit that it names, for this role or on the server.',
  '53100': 'The disk of PostgreSQL is full: free some space.',
  '53300': TOO_MANY,
  '55P03':
    'Somebody else holds the lock: look for a long transaction in pg_stat_activity, or in pg_prepared_xacts.',
  '57014': 'The statement took too long or was cancelled: check the load on the database.',
  '57P01': WAIT,
  '57P02': WAIT,
  '57P03': WAIT,
  '57P05': 'The server ends sessions that idle: raise idle_session_timeout for this role or database.',
  P0001:
    'A trigger or a function of somebody else raised this: have it leave out llamacloud and llamacloud_sync.',
  XX000: 'The message is from the server or from a pooler in between: see its log.',
}

/** Some codes, above all those of poolers, stand for many things. The text says which, so it is looked at first. */
const BY_WORDS: readonly (readonly [pattern: RegExp, cure: string])[] = [
  // The driver's own, which have no code.
  [
    /server does not support SSL/i,
    'The server has no TLS: set it up there, or, on a private network, add sslmode=disable to DATABASE_URL.',
  ],
  [
    /error establishing an SSL connection/i,
    'What listens there is not PostgreSQL: correct the host and the port in DATABASE_URL.',
  ],
  [/timeout expired|timeout exceeded when trying|due to connection timeout/i, UNREACHABLE],
  // Poolers and managed services.
  [
    /tenant or user not found|no such user/i,
    'The pooler does not know this user: copy the user name and the host from its console (on Supabase ' +
      'postgres.PROJECT, at the host of its region).',
  ],
  [
    /no such database|no pool configured|route for .* is not found/i,
    'The pooler has no database of this name: add it there, or correct its name in DATABASE_URL.',
  ],
  [
    /endpoint (is|has been) disabled|project is paused|suspended/i,
    'The provider has switched it off: enable it in its console.',
  ],
  [/quota/i, 'The account has used up its quota: upgrade the plan, or raise the limit.'],
  [
    /endpoint ID is not specified/i,
    'Connect with TLS, to the host name that the provider shows: sslmode=verify-full.',
  ],
  [/allow.?list|IP address.*not allowed/i, "Add this machine's address to the allow list of the provider."],
  [/unsupported startup parameter/i, 'Remove that parameter from DATABASE_URL (options) or PGOPTIONS.'],
  [
    /invalid command-line argument/i,
    'Correct the options in DATABASE_URL or PGOPTIONS; in an address, write a space as %20.',
  ],
  [/max_client_conn|max client|no more connections allowed/i, SLOTS],
  [
    /query_wait_timeout/i,
    'The pooler had no connection to give away: set its default_pool_size to 3 or more, which an upgrade needs. Else it cannot reach the PostgreSQL behind it: see its log.',
  ],
  [
    /server login|cannot connect to server|server_login_retry|server conn crashed/i,
    'The pooler cannot reach the PostgreSQL behind it: check that it runs, and see the log of the pooler.',
  ],
  [
    /permission denied for database .*\[42501 CheckMyDatabase\]/i,
    'As an administrator: grant connect on database NAME to the user of DATABASE_URL.',
  ],
  [
    /permission denied for language/i,
    'As an administrator: grant usage on that language to the user of DATABASE_URL.',
  ],
  // Some poolers have another code for it.
  [/(password|SASL) authentication failed/i, LOGIN],
  // PostgreSQL, where one code has several meanings.
  [
    /no encryption|SSL off|(SSL|TLS) connections? (is|are) required|requires (SSL|TLS)/i,
    'The server requires encryption: add sslmode=verify-full to DATABASE_URL.',
  ],
  [/pg_hba\.conf/i, 'Add a line for this host, user and database to pg_hba.conf.'],
  [/not permitted to log in/i, 'Allow the role to log in: alter role NAME login.'],
  [
    /(peer|ident) authentication failed/i,
    'The server expects an operating system user of that name: run as that user, or connect with a host and a password.',
  ],
  [
    /too many connections for (role|database)|\[53300 (InitializeSessionUserId|CheckMyDatabase)\]/i,
    'Raise its limit, to 3 or more: alter role or alter database NAME connection limit N.',
  ],
  [
    /not currently accepting connections|\[55000 CheckMyDatabase\]/i,
    'Allow connections: alter database NAME allow_connections true.',
  ],
  [
    /hot standby mode is disabled/i,
    'It is a standby that answers no queries: point DATABASE_URL at the primary.',
  ],
  [
    /conversion between .* is not supported/i,
    `The encoding of the database cannot be used: create database NAME ${IN_UTF8}; and use that in DATABASE_URL.`,
  ],
  [
    /row-level security|check_enable_rls/i,
    'Row-level security is in the way: `doctor` names the tables and the fix. If it names none, an event trigger forces it upon new tables: have it leave out llamacloud and llamacloud_sync.',
  ],
  [
    /permission denied for tablespace/i,
    'That is the default_tablespace of this role or database: as an administrator, grant create on tablespace NAME to the user of DATABASE_URL.',
  ],
  [
    /cannot (update|delete from) table|replica identity|\[42P10 CheckCmdReplicaIdentity\]/i,
    'A publication of somebody else is in the way: take the table out of it (alter publication NAME drop table …), or have it publish whole rows.',
  ],
  [
    /cannot perform \w+ RETURNING/i,
    'Somebody made a rule on this table, which replaces what is written: drop rule NAME on it.',
  ],
  [/due to user request/i, 'Somebody cancelled the statement (pg_cancel_backend): the next run continues.'],
]

/** The cure where the text, or where it arose, says more than the code. */
export function cureByWords({ code, words, routine }: Failure): string | undefined {
  return BY_WORDS.find(([pattern]) => pattern.test(`${words} [${code} ${routine}]`))?.[1]
}

export function cureFor(failure: Failure): string {
  const [told, { code }] = [cureByWords(failure), failure]
  if (told !== undefined) return told
  if (code === undefined) return 'Check that PostgreSQL runs and that DATABASE_URL is right.'
  return BY_CODE[code] ?? BY_CODE[code.slice(0, 2)] ?? 'See the log of PostgreSQL.'
}
