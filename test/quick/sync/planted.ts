/** A difference planted in the tables by SQL, and how verify is to show it. `$1` is the id of the job. */
export interface Planted {
  readonly name: string
  readonly sql: string
  readonly kind: 'missing' | 'surplus' | 'deleted' | 'fields'
  readonly fields: readonly string[]
}

const set = (assignments: string) => `update llamacloud.classify_jobs set ${assignments} where id = $1`

const column = (name: string, value: string): Planted => ({
  name: `${name} = ${value}`,
  sql: set(`${name} = ${value}`),
  kind: 'fields',
  fields: [name],
})

/** To jobs that share no configuration with others where the configuration itself is changed. */
const OWN_CONFIGURATION = '(select configuration_hash from llamacloud.classify_jobs where id = $1)'

export const PLANTED: readonly Planted[] = [
  column('status', `'CANCELLED'`),
  column('status', 'null'),
  column('result_type', `'planted'`),
  // The next smaller number.
  column('result_confidence', 'result_confidence * 0.99999999999999988898::float8'),
  column('result_reasoning', `result_reasoning || ' '`),
  column('created_at', `created_at + interval '1 microsecond'`),
  column('updated_at', `updated_at - interval '1 day'`),
  {
    // Of a job that is stored as finished they are not compared (A21).
    name: 'unknown fields of a job that is stored as open',
    sql: set(`status = 'RUNNING', extra = '{"planted": [1, null]}'`),
    kind: 'fields',
    fields: ['extra', 'status'],
  },
  column('error_message', `''`),
  column('project_id', 'upper(project_id) || project_id'),
  column('user_id', 'null'),
  column('file_input', `reverse(file_input)`),
  column('document_input_type', `'planted'`),
  column('transaction_id', `'planted'`),
  column('parse_job_id', `'planted'`),
  column('configuration_id', `'planted'`),
  {
    name: 'the reference to the configuration is null',
    sql: set('configuration_hash = null'),
    kind: 'fields',
    fields: ['configuration', 'configuration.rules', 'configuration_hash'],
  },
  {
    name: 'the document of the configuration was tampered with',
    sql: `update llamacloud.classify_configurations set document = jsonb_set(document, '{mode}', '"SLOW"')
      where hash = ${OWN_CONFIGURATION}`,
    kind: 'fields',
    fields: ['configuration'],
  },
  {
    name: 'a rule is missing',
    sql: `delete from llamacloud.classify_rules where configuration_hash = ${OWN_CONFIGURATION} and position = 0`,
    kind: 'fields',
    fields: ['configuration.rules'],
  },
  {
    name: 'a rule has another description',
    sql: `update llamacloud.classify_rules set description = description || '.'
      where configuration_hash = ${OWN_CONFIGURATION} and position = 0`,
    kind: 'fields',
    fields: ['configuration.rules'],
  },
  {
    name: 'the row is missing',
    sql: 'delete from llamacloud.classify_jobs where id = $1',
    kind: 'missing',
    fields: [],
  },
  {
    name: 'marked as deleted',
    sql: set('deleted_at = now()'),
    kind: 'deleted',
    fields: [],
  },
  {
    name: 'marked as deleted, and changed',
    sql: set(`deleted_at = now(), status = 'planted'`),
    kind: 'deleted',
    fields: ['status'],
  },
  {
    name: 'under another id',
    sql: `insert into llamacloud.classify_jobs (id, source, status, first_seen_at, synced_at)
      values ('surplus of ' || $1, 'default', 'COMPLETED', now(), now())`,
    kind: 'surplus',
    fields: [],
  },
]
