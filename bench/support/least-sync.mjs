/** What a `sync` in Node.js cannot do without, written down plainly: the official client, one request, pg, three round trips. */
import { LlamaCloud } from '@llamaindex/llama-cloud'
import pg from 'pg'

const {
  LLAMA_CLOUD_API_KEY: apiKey,
  LLAMA_CLOUD_BASE_URL: baseURL,
  DATABASE_URL: connectionString,
} = process.env
const database = new pg.Client({ connectionString })
await database.connect()
const client = new LlamaCloud({ apiKey, baseURL, maxRetries: 0 })
await client.classify.list({ created_at_on_or_after: '2100-01-01T00:00:00Z' })
for (let trip = 0; trip < 3; trip++) await database.query('select 1')
await database.end()
