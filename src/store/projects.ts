import type { Pool, PoolClient } from 'pg'
import { query } from './query.ts'

/** The projects whose jobs a source has delivered, each with some ids of them. */
export type KnownProjects = ReadonlyMap<string, readonly string[]>

/** Stands for jobs that name no project. */
export const NO_PROJECT = ''

/** Those of the source $1. As JSON: the driver reads an array of PostgreSQL character by character. */
export const PROJECTS = `(
  select json_agg(json_build_array(project_id, canaries)) from llamacloud_sync.source_projects where source = $1
)`

export type ProjectsRow = readonly (readonly [project: string, canaries: readonly string[]])[] | null

export async function loadProjects(connection: Pool | PoolClient, source: string): Promise<KnownProjects> {
  const [row] = await query<{ known: ProjectsRow }>(connection, `select ${PROJECTS} as known`, [source])
  return new Map(row?.known)
}

/** Writes in the order of the projects' ids, so that two commits wait for each other instead of deadlocking. */
export async function saveProjects(
  client: PoolClient,
  source: string,
  projects: KnownProjects,
): Promise<void> {
  if (projects.size === 0) return
  const rows = [...projects].map(([project, canaries]) => ({ project, canaries }))
  await client.query(
    `insert into llamacloud_sync.source_projects (source, project_id, canaries)
    select $1, project, array(select jsonb_array_elements_text(canaries))
    from jsonb_to_recordset($2::jsonb) as given(project text, canaries jsonb)
    order by project collate "C"
    on conflict (source, project_id) do update set canaries = excluded.canaries`,
    [source, JSON.stringify(rows)],
  )
}

/** After the stored jobs were lost: the key must still see these projects, but none of their jobs is stored. */
export async function forgetCanaries(client: PoolClient, source: string): Promise<void> {
  await client.query(`update llamacloud_sync.source_projects set canaries = '{}' where source = $1`, [source])
}
