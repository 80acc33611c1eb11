import { escapeIdentifier } from 'pg'

/** Where a setting comes from, as pg_settings has it. */
export interface SettingOrigin {
  readonly source: string
  /** Who logged in: a role's settings are those of the login, whatever `role` it then takes. */
  readonly login: string
  readonly database: string
}

/** What undoes a setting where somebody made it; undefined where it is the server's as a whole. */
export function undoSetting(
  setting: string,
  { source, login, database }: SettingOrigin,
): { readonly statement: string } | { readonly words: string } | undefined {
  const [role, name] = [escapeIdentifier(login), escapeIdentifier(database)]
  if (source === 'user') return { statement: `alter role ${role} reset ${setting};` }
  if (source === 'database') return { statement: `alter database ${name} reset ${setting};` }
  if (source === 'database user')
    return { statement: `alter role ${role} in database ${name} reset ${setting};` }
  if (source === 'client') return { words: 'Remove it from the options in DATABASE_URL or from PGOPTIONS.' }
  if (source === 'session')
    return { words: 'A pooled session was left in this state: let the pooler reset its sessions.' }
  return undefined
}
