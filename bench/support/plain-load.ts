/**
 * The script that one would write oneself: a page is fetched, parsed, and written with one upsert of many rows; then the next.
 * It knows no limit, no retry, no stop, and no job that changes. The yardstick for what the worker's care costs.
 */
import pg from 'pg'

interface Job {
  readonly id: string
  readonly project_id: string
  readonly user_id: string
  readonly status: string
  readonly document_input_type: string
  readonly file_input: string
  readonly transaction_id: string | null
  readonly configuration_id: string | null
  readonly configuration: object
  readonly error_message: string | null
  readonly result: { readonly type: string; readonly confidence: number; readonly reasoning: string } | null
  readonly created_at: string
  readonly updated_at: string
}

const COLUMNS = [
  'id',
  'project_id',
  'user_id',
  'status',
  'document_input_type',
  'file_input',
  'transaction_id',
  'configuration_id',
  'configuration',
  'error_message',
  'result_type',
  'result_confidence',
  'result_reasoning',
  'created_at',
  'updated_at',
]

const { LLAMA_CLOUD_API_KEY, LLAMA_CLOUD_BASE_URL, DATABASE_URL } = process.env
const database = new pg.Client({ connectionString: DATABASE_URL })
await database.connect()
await database.query(`
  create table plain_jobs (
    id text primary key, project_id text, user_id text, status text, document_input_type text, file_input text,
    transaction_id text, configuration_id text, configuration jsonb, error_message text, result_type text,
    result_confidence numeric, result_reasoning text, created_at timestamptz, updated_at timestamptz
  );
  create index on plain_jobs (created_at)`)

for (let token: string | null = ''; token !== null; ) {
  const query: string = new URLSearchParams({
    page_size: '100',
    ...(token && { page_token: token }),
  }).toString()
  const reply = await fetch(`${LLAMA_CLOUD_BASE_URL}/api/v2/classify?${query}`, {
    headers: { authorization: `Bearer ${LLAMA_CLOUD_API_KEY}` },
  })
  if (!reply.ok) throw new Error(`the API answered ${reply.status}`)
  const page = (await reply.json()) as { items: Job[]; next_page_token?: string | null }
  await write(page.items)
  token = page.next_page_token ?? null
}
await database.end()

async function write(jobs: readonly Job[]): Promise<void> {
  const values = jobs.flatMap((job) => [
    job.id,
    job.project_id,
    job.user_id,
    job.status,
    job.document_input_type,
    job.file_input,
    job.transaction_id,
    job.configuration_id,
    JSON.stringify(job.configuration),
    job.error_message,
    job.result?.type ?? null,
    job.result?.confidence ?? null,
    job.result?.reasoning ?? null,
    job.created_at,
    job.updated_at,
  ])
  const width = COLUMNS.length
  const rows = jobs.map(
    (_, row) => `(${COLUMNS.map((_, column) => `$${row * width + column + 1}`).join(', ')})`,
  )
  const changes = COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')
  await database.query(
    `insert into plain_jobs (${COLUMNS.join(', ')}) values ${rows.join(', ')} on conflict (id) do update set ${changes}`,
    values,
  )
}
