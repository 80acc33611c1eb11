import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { withSettingsTable } from '../../../scripts/settings-table.ts'
import { KNOWN_NAMES } from '../../../src/config/catalogue.ts'
import { loadSettings } from '../../../src/config.ts'
import { createMetrics } from '../../../src/worker/metrics.ts'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}

const rules = () =>
  (parse(read('docs/prometheus-rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
    (group) => group.rules,
  )

const namesIn = (text: string) => new Set(text.match(/llamacloud_sync_[a-z_]+/g))

/** What /metrics has, by the names of its help lines. */
async function metricNames(): Promise<string[]> {
  const text = await createMetrics().text()
  return [...text.matchAll(/^# HELP (llamacloud_sync_\w+) /gm)].map(([, name]) => name!)
}

describe('metrics and alerts', () => {
  test('every rule is whole: name, expression, duration, severity, words', () => {
    expect(rules().length).toBeGreaterThan(10)
    for (const rule of rules()) {
      expect(rule.alert).toMatch(/^LlamacloudSync[A-Z]\w+$/)
      expect(rule.for).toMatch(/^\d+[mh]$/)
      expect(rule.labels.severity).toMatch(/^(info|warning|critical)$/)
      expect(rule.annotations).toEqual({ summary: expect.any(String), description: expect.any(String) })
      const depth = [...rule.expr].reduce(
        (open, sign) => open + (sign === '(' ? 1 : sign === ')' ? -1 : 0),
        0,
      )
      expect([rule.alert, depth]).toEqual([rule.alert, 0])
      expect(rule.expr).toMatch(/ (>|==) [\d.e]+$/)
    }
    const names = rules().map(({ alert }) => alert)
    expect(new Set(names).size).toBe(names.length)
  })

  test('rules ask for metrics that are there, and every metric has a rule', async () => {
    const there = await metricNames()
    const asked = [
      ...namesIn(
        rules()
          .map(({ expr }) => expr)
          .join('\n'),
      ),
    ].map((name) => name.replace(/_bucket$/, ''))
    expect([...new Set(asked)].sort()).toEqual([...there].sort())
  })

  test('docs/operations.md tells of every metric and every alert, and of no other', async () => {
    const text = read('docs/operations.md')
    expect([...namesIn(text)].sort()).toEqual((await metricNames()).sort())
    const told = [...text.matchAll(/^\| `(LlamacloudSync\w+)`/gm)].map(([, name]) => name)
    expect(told).toEqual(rules().map(({ alert }) => alert))
  })
})

describe('deployment', () => {
  test.each(['cronjob', 'deployment'])(
    'kubernetes/%s.yaml: settings that exist, no root, read-only',
    (name) => {
      const text = read(`docs/kubernetes/${name}.yaml`)
      expect(parse(text)).toMatchObject({
        apiVersion: { cronjob: 'batch/v1', deployment: 'apps/v1' }[name],
        kind: { cronjob: 'CronJob', deployment: 'Deployment' }[name],
        metadata: { name: 'llamacloud-sync' },
      })
      const settings = [...text.matchAll(/- name: ([A-Z_]+)$/gm)].map(([, variable]) => variable)
      expect(settings.length).toBeGreaterThan(1)
      for (const variable of settings) expect(KNOWN_NAMES).toContain(variable)
      expect(text).toMatch(
        /runAsNonRoot: true[\s\S]*allowPrivilegeEscalation: false[\s\S]*readOnlyRootFilesystem: true/,
      )
    },
  )

  test('the example of several sources is one', () => {
    const example = /```json\n([\s\S]*?)```/.exec(read('docs/deployment.md'))![1]!
    const keys = { INVOICES_KEY: 'llx-a', LETTERS_KEY: 'llx-b' }
    const env = { SYNC_SOURCES_FILE: 'sources.json', ...keys }
    const { sources } = loadSettings(env, { readFile: () => example }, { apiKey: true })
    expect(sources.map(({ name }) => name)).toEqual(['invoices', 'letters', 'contracts'])
  })

  test('docker-compose.yml hands on every setting, and no other: none of .env is lost', () => {
    const handed = [...read('docker-compose.yml').matchAll(/^ {2}([A-Z_]+): \$\{\1:-/gm)].map(
      ([, name]) => name,
    )
    // The image has no embedded server, and the address inside the container is not that outside.
    const own = ['SYNC_DATA_DIR', 'HTTP_HOST', 'HTTP_PORT']
    expect(handed.toSorted()).toEqual(KNOWN_NAMES.filter((name) => !own.includes(name)).toSorted())
  })
})

test('the README has the table of settings that the code defines: npm run docs:settings', () => {
  expect(withSettingsTable(read('README.md'))).toBe(read('README.md'))
})
