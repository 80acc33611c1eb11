import { describe, expect, test } from 'vitest'
import { loadSettings, type Settings } from '../../../src/config.ts'
import { SettingsError } from '../../../src/errors.ts'
import { MINUTE, parseInstant } from '../../../src/values/instant.ts'

const KEY = 'llx-0123456789abcdef'
const PROJECT = '3fa85f64-5717-4562-b3fc-2c963f66afa6'
const FILE = '/etc/sources.json'

function load(
  content: unknown,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): Settings {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const all: Record<string, string> = { [FILE]: text, ...files }
  const readFile = (path: string) => {
    const found = all[path]
    if (found === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
    return found
  }
  return loadSettings({ SYNC_SOURCES_FILE: FILE, ...env }, { readFile }, { apiKey: true })
}

function faults(...given: Parameters<typeof load>): string[] {
  try {
    load(...given)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
  return []
}

describe('SYNC_SOURCES_FILE', () => {
  test("a key's variable may be called as it likes, and is no unknown setting", () => {
    const source = [{ name: 'a', apiKeyVariable: 'SYNC_TEAM_KEY' }]
    expect(load(source, { SYNC_TEAM_KEY: KEY }).sources).toMatchObject([{ apiKeyVariable: 'SYNC_TEAM_KEY' }])
    const files = { '/run/key': KEY }
    expect(load(source, { SYNC_TEAM_KEY_FILE: '/run/key' }, files).sources).toHaveLength(1)
    const other = faults(source, { SYNC_TEAM_KEY: KEY, SYNC_OTHER_KEY: KEY })
    expect(other).toEqual([expect.stringMatching(/^SYNC_OTHER_KEY: unknown setting/)])
  })

  test('each source has its own key, region, scope and depth; the rest is as the variables have it', () => {
    const { sources } = load(
      [
        { name: 'invoices', apiKeyVariable: 'INVOICES_KEY', region: 'eu', projectId: PROJECT.toUpperCase() },
        {
          name: 'letters',
          apiKeyVariable: 'LETTERS_KEY',
          baseUrl: 'http://localhost:8080/',
          configurationId: 'cfg-1',
          startAt: '2025-06-01',
          overlap: '10m',
          pageSize: 50,
          reconcileEvery: 'off',
        },
      ],
      {
        INVOICES_KEY: KEY,
        LETTERS_KEY_FILE: '/run/letters',
        SYNC_PAGE_SIZE: '20',
        SYNC_RECONCILE_EVERY: '1d',
      },
      { '/run/letters': 'llx-letters\n' },
    )
    expect(sources.map(({ apiKey, ...source }) => ({ ...source, key: apiKey() }))).toEqual([
      {
        name: 'invoices',
        list: 'classify',
        isOneOfMany: false,
        key: KEY,
        apiKeyVariable: 'INVOICES_KEY',
        baseUrl: 'https://api.cloud.eu.llamaindex.ai',
        region: 'eu',
        projectId: PROJECT,
        organizationId: undefined,
        configurationId: undefined,
        pageSize: 20,
        startAt: parseInstant('2024-01-01T00:00:00Z'),
        overlapUs: 5 * MINUTE,
        reconcileEveryMs: 86_400_000,
      },
      {
        name: 'letters',
        list: 'classify',
        isOneOfMany: false,
        key: 'llx-letters',
        apiKeyVariable: 'LETTERS_KEY',
        baseUrl: 'http://localhost:8080',
        region: 'na',
        projectId: undefined,
        organizationId: undefined,
        configurationId: 'cfg-1',
        pageSize: 50,
        startAt: parseInstant('2025-06-01T00:00:00Z'),
        overlapUs: 10 * MINUTE,
        reconcileEveryMs: null,
      },
    ])
  })

  test('each list of a source is a source of its own; SYNC_LISTS holds for those that name none', () => {
    const { sources } = load(
      [{ name: 'a' }, { name: 'b', lists: ['split', 'classify', 'split'] }, { name: 'c', region: 'eu' }],
      {
        LLAMA_CLOUD_API_KEY: KEY,
        SYNC_LISTS: 'parse',
        LLAMA_CLOUD_REGION: 'na',
      },
    )
    expect(sources.map(({ name, list, isOneOfMany }) => [name, list, isOneOfMany])).toEqual([
      ['a/parse', 'parse', false],
      ['b/split', 'split', true],
      ['b', 'classify', true],
      ['c/parse', 'parse', false],
    ])
  })

  test('LLAMA_CLOUD_BASE_URL holds for all sources but those with a region of their own', () => {
    const env = { LLAMA_CLOUD_API_KEY: KEY, LLAMA_CLOUD_BASE_URL: 'http://localhost:1' }
    const { sources } = load([{ name: 'a' }, { name: 'b', region: 'na' }], env)
    expect(sources.map(({ baseUrl }) => baseUrl)).toEqual([
      'http://localhost:1',
      'https://api.cloud.llamaindex.ai',
    ])
  })

  test('every fault is reported at once, with its source and field', () => {
    const content = [
      { name: 'a', apiKeyVariable: 'A_KEY', overlap: 'soon', pageSize: 0 },
      { apiKeyVariable: 'B_KEY' },
      { name: 'c', apiKeyVariable: 'A_KEY', page_size: 10 },
      'd',
      { name: 'e', apiKeyVariable: 'A_KEY' },
      { name: 'e', apiKeyVariable: 'E_KEY', startAt: 7 },
    ]
    const lines = faults(content, { SYNC_SOURCE: 'x', LLAMA_CLOUD_PROJECT_ID: PROJECT })
    for (const problem of [
      /^A_KEY: is not set/,
      /^SYNC_SOURCE: is set, and so is SYNC_SOURCES_FILE/,
      /^LLAMA_CLOUD_PROJECT_ID: is set, and so is/,
      /^SYNC_SOURCES_FILE: source 1: overlap: "soon" is not a duration/,
      /^SYNC_SOURCES_FILE: source 1: pageSize: a number is not a whole number from 1 to 100/,
      /^SYNC_SOURCES_FILE: source 2: name is missing/,
      /^SYNC_SOURCES_FILE: source 3: unknown field "page_size"; the fields are name, apiKeyVariable, /,
      /^SYNC_SOURCES_FILE: source 4: it is not an object/,
      /^SYNC_SOURCES_FILE: source 6: startAt: a number is not a string/,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(problem))
    }
    expect(lines).toHaveLength(9)
  })

  test.each([
    ['{"name": "a"}', /must contain a list/],
    ['[]', /must contain a list/],
    ['[{', /is not JSON/],
    [' ', /is empty/],
    ['[{"name": "a"}, {"name": "a"}]', /the name "a" occurs twice/],
  ])('%s is a fault', (content, problem) => {
    const lines = faults(content, { LLAMA_CLOUD_API_KEY: KEY })
    expect(lines).toEqual([expect.stringMatching(problem)])
    expect(lines[0]).toMatch(/^SYNC_SOURCES_FILE: /)
  })

  test('I6: two sources of the same scope are a fault that names both and the way on', () => {
    const env = { LLAMA_CLOUD_API_KEY: KEY, OTHER_KEY: 'llx-other', LLAMA_CLOUD_REGION: 'eu' }
    const scope = { projectId: PROJECT, configurationId: 'cfg-1' }
    const lines = faults(
      [
        { name: 'a', ...scope },
        { name: 'b', ...scope, configurationId: 'cfg-2' },
        // The same address in other words, the same id in other letters, and another key.
        { name: 'c', ...scope, projectId: PROJECT.toUpperCase(), region: 'eu', apiKeyVariable: 'OTHER_KEY' },
        { name: 'd', ...scope, region: 'na' },
      ],
      env,
    )
    expect(lines).toEqual([
      expect.stringMatching(
        /^SYNC_SOURCES_FILE: the sources "a" and "c" have the same scope .* Give each its own projectId/,
      ),
    ])
  })

  test('a file that is not there is a fault', () => {
    const lines = faults([], { SYNC_SOURCES_FILE: '/no/such', LLAMA_CLOUD_API_KEY: KEY })
    expect(lines).toEqual([
      expect.stringMatching(/^SYNC_SOURCES_FILE: the file "\/no\/such" cannot be read \(ENOENT\)/),
    ])
  })

  test('I10: a key that landed in the file is a fault and not shown', () => {
    const content = [{ name: KEY, apiKeyVariable: KEY, [KEY]: KEY, baseUrl: 'https://u:hunter22@host' }]
    const lines = faults(content)
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.join()).toContain('keys do not belong in this file')
    expect(lines.join()).not.toMatch(/0123456789|hunter22/)
    expect(faults(`[{"name": "a", "apiKeyVariable": ${KEY}}]`).join()).not.toContain('0123456789')
  })

  test('I10: every key of a hundred sources stays known for redaction', () => {
    const names = Array.from({ length: 100 }, (_, index) => `KEY_${index}`)
    const env = Object.fromEntries(names.map((name) => [name, `llx-of-${name}`]))
    const settings = load(
      names.map((apiKeyVariable) => ({
        name: apiKeyVariable.toLowerCase(),
        apiKeyVariable,
        configurationId: apiKeyVariable,
      })),
      env,
    )
    expect(settings.secrets()).toEqual(expect.arrayContaining(Object.values(env)))
  })
})
