import { grantReader } from '../store/grant.ts'
import { type CommandContext, type ExitCode, onDatabase } from './context.ts'

/** Lets a role of PostgreSQL read the tables and views for people, and nothing of the worker's memory. */
export function runGrant({ print }: CommandContext, role: string): Promise<ExitCode> {
  return onDatabase({ apiKey: false }, async ({ pool }) => {
    const { relations, faults, remarks } = await grantReader(pool, role)
    print(`${role} can read the ${relations} tables and views in schema llamacloud, including future ones.`)
    for (const remark of [...faults, ...remarks]) print(remark)
    return faults.length === 0 ? 0 : 1
  })
}
