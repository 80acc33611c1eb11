// The script that one writes in an hour: go on from the newest job stored, look back a day, upsert page by page.
import pg from 'pg'

const { LLAMA_CLOUD_API_KEY, LLAMA_CLOUD_BASE_URL, DATABASE_URL } = process.env
const database = new pg.Client({ connectionString: DATABASE_URL })
await database.connect()
await database.query(
  'create table if not exists own_jobs (id text primary key, status text, created_at timestamptz)',
)
const { rows } = await database.query(`select max(created_at) - interval '1 day' as since from own_jobs`)
const since = rows[0].since?.toISOString()

let token
do {
  const query = new URLSearchParams({
    page_size: '100',
    ...(since && { created_at_on_or_after: since }),
    ...(token && { page_token: token }),
  })
  const reply = await fetch(`${LLAMA_CLOUD_BASE_URL}/api/v2/classify?${query}`, {
    headers: { authorization: `Bearer ${LLAMA_CLOUD_API_KEY}` },
  })
  if (!reply.ok) throw new Error(`the API answered ${reply.status}`)
  const page = await reply.json()
  for (const { id, status, created_at } of page.items)
    await database.query(
      `insert into own_jobs values ($1, $2, $3)
      on conflict (id) do update set status = excluded.status, created_at = excluded.created_at`,
      [id, status, created_at],
    )
  token = page.next_page_token
} while (token)
await database.end()
