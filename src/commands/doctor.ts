import { systemClock } from '../clock.ts'
import { loadSettings, readUtf8, useNetwork, withDotEnv } from '../config.ts'
import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { createLogger, logWhatOthersPrint } from '../log.ts'
import { createRedactor, type Redactor } from '../redact.ts'
import { readSchedule } from '../worker/schedule.ts'
import type { CommandContext, ExitCode } from './context.ts'

/** Checks settings, database and API in their order, and names a cure for each that fails. */
export async function runDoctor(
  { signal, print }: CommandContext,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const needs = { apiKey: true, checkSchedule: readSchedule }
  const load = () => loadSettings(withDotEnv(process.env, process.cwd()), { readFile: readUtf8 }, needs)
  const findings: Finding[] = []
  let redact: Redactor = (text) => text
  const checks = examine(load, ({ log: { level, format }, network, secrets }) => {
    redact = createRedactor(secrets)
    // Failures are shown as findings; requests are logged only at a lower level.
    const log = createLogger({ format, secrets, level: level === 'info' ? 'error' : level })
    logWhatOthersPrint(log)
    useNetwork(network)
    return {
      signal,
      clock: systemClock,
      fetch,
      random: Math.random,
      log,
    }
  })
  for await (const told of checks) {
    const finding = { ...told, found: redact(told.found), ...(told.cure && { cure: redact(told.cure) }) }
    findings.push(finding)
    if (!json) print(describe(finding))
  }
  const failures = findings.filter(({ status }) => status === 'failed')
  if (json) print(JSON.stringify({ healthy: failures.length === 0, findings }, null, 2))
  else
    print(
      failures.length === 0
        ? 'All checks passed.'
        : `${failures.length} of ${findings.length} checks failed.`,
    )
  if (failures.some(({ check }) => check === 'settings')) return 2
  return failures.length === 0 ? 0 : 1
}

const MARKS: Readonly<Record<Finding['status'], string>> = { ok: 'ok', failed: 'FAILED', skipped: '-' }

function describe({ check, source, status, found, cure }: Finding): string {
  const name = source === undefined ? check : `${source}: ${check}`
  const line =
    `${MARKS[status].padEnd(7)} ${name.padEnd(18)} ${found.replaceAll('\n', '\n'.padEnd(28))}`.trimEnd()
  return cure === undefined ? line : `${line}\n${''.padEnd(8)}cure: ${cure}`
}
