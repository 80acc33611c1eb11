import type pg from 'pg'
import { type Access, DATABASE } from './access.ts'
import { connect } from './server.ts'

/** Each worker holds one connection of this name. The system ends it with the worker, however that dies. */
const PRESENCE = 'llamacloud-sync presence'

/** Announces this worker on the server, and makes the database when it is not there yet. */
export async function enter(access: Access): Promise<pg.Client> {
  const presence = await connect(access, PRESENCE)
  try {
    const { rowCount } = await presence.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await presence.query(`create database ${DATABASE}`)
    return presence
  } catch (error) {
    await presence.end()
    throw error
  }
}

/** Takes the worker off the server. True when it was the last one; false too when the server is gone already. */
export async function leave(presence: pg.Client): Promise<boolean> {
  try {
    const { rows } = await presence.query<{ last: boolean }>(
      `select not exists (
         select from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()
       ) as last`,
      [PRESENCE],
    )
    return rows[0]?.last === true
  } catch {
    return false
  } finally {
    await presence.end()
  }
}
