import type { World } from '../../src/simulator/world.ts'
import type { JsonObject } from '../../src/values/json.ts'
import { parseJson } from '../../src/values/json.ts'
import type { TestDatabase } from './database.ts'
import type { ClassifyJob } from './decode-item.ts'
import { comparable, expectedPayload, reassemble } from './reassemble.ts'

const moment = (column: string) =>
  `to_char(job.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const STORED = `
select
  job.id, project_id as "projectId", user_id as "userId", status, document_input_type as "documentInputType",
  file_input as "fileInput", parse_job_id as "parseJobId", transaction_id as "transactionId",
  configuration_id as "configurationId", error_message as "errorMessage", result_type as "resultType",
  result_confidence as "resultConfidence", result_reasoning as "resultReasoning",
  ${moment('created_at')} as "createdAt", ${moment('updated_at')} as "updatedAt", extra::text as extra,
  configuration.document::text as document
from llamacloud.classify_jobs as job
left join llamacloud.classify_configurations as configuration on configuration.hash = job.configuration_hash
where job.deleted_at is null
`

/** The jobs in the tables, by id, each as the comparable text of the payload it came from. */
export async function storedJobs(database: TestDatabase): Promise<Map<string, string>> {
  const { rows } = await database.pool.query<ClassifyJob & { document: string | null }>(STORED)
  return new Map(rows.map(({ document, ...row }) => [row.id, comparable(payloadOf(row, document))]))
}

function payloadOf(row: ClassifyJob, document: string | null): JsonObject {
  const configuration =
    document === null
      ? null
      : {
          hash: '',
          document,
          mode: null,
          lang: null,
          maxPages: null,
          targetPages: null,
          ruleCount: null,
          rules: [],
        }
  return reassemble({ ...row, configuration })
}

/** The jobs that the API shows now, by id, each as the comparable text of what tables can hold of it. */
export function shownJobs(world: World): Map<string, string> {
  const shown = new Map<string, string>()
  for (const payload of world.all()) {
    const item = parseJson(JSON.stringify(payload)) as JsonObject
    shown.set(String(item.id), comparable(expectedPayload(item)))
  }
  return shown
}

export interface Differences {
  /** In the world only. */
  readonly missing: string[]
  /** In the tables only. */
  readonly surplus: string[]
  /** In both, and not the same. */
  readonly different: string[]
}

export const EQUAL: Differences = { missing: [], surplus: [], different: [] }

/** Compares row by row and field by field, in both directions. */
export async function compareWithWorld(database: TestDatabase, world: World): Promise<Differences> {
  const stored = await storedJobs(database)
  const shown = shownJobs(world)
  return {
    missing: [...shown.keys()].filter((id) => !stored.has(id)),
    surplus: [...stored.keys()].filter((id) => !shown.has(id)),
    different: [...shown]
      .filter(([id, payload]) => stored.has(id) && stored.get(id) !== payload)
      .map(([id]) => id),
  }
}
