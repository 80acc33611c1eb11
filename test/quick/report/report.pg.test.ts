import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Figures, loadFigures } from '../../../src/report/figures.ts'
import { reportPage } from '../../../src/report/page.ts'
import { runCli } from '../../support/cli.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createMigratedDatabase } from '../../support/migrated-database.ts'
import { createDemoDatabase } from '../docs/demo-database.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const HOSTILE = `<img src="https://example.com/x.png" onerror="alert(1)"></td></svg><script>alert('2')</script>\u202e&amp;`

let database: TestDatabase
let folder: string
let figures: Figures
let pageFile: string
beforeAll(async () => {
  database = await createDemoDatabase()
  folder = await mkdtemp(join(tmpdir(), 'llamacloud-sync-report-'))
  // On a day after the last of the demo, so that the figures of the demo's days stay what they are; and the watermark too.
  await database.pool.query(
    `insert into llamacloud.classify_configurations (hash, document, first_seen_at) values ($1, '{}', now())`,
    [HOSTILE],
  )
  await database.pool.query(
    `insert into llamacloud.classify_rules (configuration_hash, position, type, description) values ($1, 0, $1, $1)`,
    [HOSTILE],
  )
  await database.pool.query(
    `insert into llamacloud.classify_jobs (id, source, status, result_type, result_confidence, result_reasoning, error_message,
      file_input, configuration_hash, created_at, updated_at, first_seen_at, synced_at)
    select $1 || status, $1, status, case when status = 'COMPLETED' then $1 end, 0.1, $1, $1, $1, $1, moment,
      moment + interval '2 hours', now(), now()
    from unnest(array['COMPLETED', 'FAILED']) as status, lateral (select timestamptz '2026-02-17T23:59:59Z' as moment) as at`,
    [HOSTILE],
  )
  await database.pool.query(`update llamacloud_sync.sources set base_url = $1`, [HOSTILE])
  figures = await loadFigures(database.pool, 30)
  pageFile = join(folder, 'page.html')
  await writeFile(pageFile, await reportPage(figures, '2026-02-19 08:00 UTC'))
})
afterAll(async () => {
  await database?.drop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

describe('the figures', () => {
  test('are those of the tables, counted another way', async () => {
    const { rows } = await database.pool.query<Record<string, number>>(`
      select
        count(*) filter (where status = 'COMPLETED' and result_type is not null) as matched,
        count(*) filter (where status = 'COMPLETED' and result_type is null) as unmatched,
        count(*) filter (where status = 'FAILED') as failed,
        count(*) filter (where status = 'CANCELLED') as cancelled,
        count(*) filter (where status in ('PENDING', 'RUNNING')) as open,
        percentile_cont(0.5) within group (order by extract(epoch from updated_at - created_at))
          filter (where status = 'COMPLETED') as p50,
        count(*) filter (where status = 'COMPLETED' and (result_type is null or result_confidence < 0.7)) as "toReview"
      from llamacloud.classify_jobs
      where created_at >= '2026-01-19T00:00:00Z' and created_at < '2026-02-18T00:00:00Z'`)
    const { toReview, p50, ...counts } = rows[0]!
    expect(figures.period).toMatchObject({ from: '2026-01-19', to: '2026-02-17', days: 30 })
    expect(figures.totals).toEqual({ ...counts, p50: expect.any(Number) })
    expect(Math.abs(figures.totals.p50! / p50! - 1)).toBeLessThan(0.05)
    expect(figures.toReview).toBe(toReview)
  })

  test('agree with each other', () => {
    const { totals, days, types, failures } = figures
    for (const outcome of ['matched', 'unmatched', 'failed', 'cancelled', 'open'] as const) {
      expect(
        days.reduce((sum, day) => sum + day[outcome], 0),
        outcome,
      ).toBe(totals[outcome])
    }
    expect(days.map(({ day }) => day)).toHaveLength(30)
    const jobs = (rows: readonly { jobs: number }[]) => rows.reduce((sum, row) => sum + row.jobs, 0)
    expect(jobs(types)).toBe(totals.matched + totals.unmatched)
    expect(types.at(-1)).toMatchObject({ type: null, jobs: totals.unmatched })
    expect(jobs(failures)).toBe(totals.failed)
    expect(figures.rules[0]!.neverMatching).toBe(0)
    const watermark = '2026-02-18 16:09'
    expect(figures.freshness).toMatchObject(
      ['demo', 'demo/extract', 'demo/parse'].map((source) => ({ source, watermark })),
    )
  })

  test('of a longer time hold the shorter, and the days before are those before', async () => {
    const [short, long] = [await loadFigures(database.pool, 7), await loadFigures(database.pool, 14)]
    expect(long.totals.matched).toBe(short.totals.matched + short.before.matched)
    expect(long.days.slice(7)).toEqual(short.days)
  })

  test('are not compared with days that were not all read, and the page says so, and what a source lacks', async () => {
    const week = await loadFigures(database.pool, 7)
    const whole = await reportPage(week, 'now')
    expect(whole).toContain('“Before” is the 7 days from 4 Feb 2026 to 10 Feb 2026')
    expect(whole.match(/\d[^<]* before</g)).toHaveLength(6)
    const [source] = week.freshness
    const freshness = [
      { ...source!, coveredFrom: '2026-02-04 00:01' },
      { ...source!, source: 'stuck', watermark: '2026-02-17 23:59' },
    ]
    const part = await reportPage({ ...week, freshness }, 'now')
    expect(part).toContain('not compared with the days before')
    expect(part).not.toMatch(/\d before</)
    expect(part).toContain('Of stuck only what was created from')
    expect(part).not.toContain('Of demo only')
  })

  test('go by the review threshold that is set, and name configurations and files where they have a name', async () => {
    const { rules, review, toReview } = figures
    expect(await reportPage(figures, 'now')).toContain('Below 0.7')
    expect(rules.map(({ names }) => names)).toContain('invoice and 7 more')
    await database.pool.query(`
      insert into llamacloud.saved_configurations (id, name, synced_at) values ('cfg-1', 'Mail room', now());
      insert into llamacloud.files (id, name, synced_at) values ('dfl-1', 'letter.pdf', now());
      insert into llamacloud_sync.settings (review_below) values (0.8)`)
    await database.pool.query(
      `update llamacloud.classify_jobs set configuration_id = 'cfg-1' where left(configuration_hash, 8) = $1`,
      [rules[0]!.configuration],
    )
    await database.pool.query(`update llamacloud.classify_jobs set file_input = 'dfl-1' where id = $1`, [
      review[1]!.id,
    ])
    const named = await loadFigures(database.pool, 30)
    expect(named.rules[0]).toEqual({ ...rules[0], names: 'Mail room' })
    expect(named.review[1]).toEqual({ ...review[1], file: 'letter.pdf' })
    expect(named.toReview).toBeGreaterThan(toReview)
    // What is gone counts in the sums and is not in the queue: one that is in it goes, and many that are not. Rows of a
    // source that was renamed have its former name until they are read again.
    const { from, to } = named.period
    const { rows: queued } = await database.pool.query<{ jobs: number }>(
      `with gone as (
        update llamacloud.classify_jobs set deleted_at = now(), source = 'formerly'
        where created_at >= $1 and (id = $3 or status <> 'COMPLETED' or result_confidence > 0.95)
      )
      select count(*) - 1 as jobs from llamacloud.classify_review_queue
      where created_at >= $1::timestamp at time zone 'UTC' and created_at < ($2::timestamp + interval '1 day') at time zone 'UTC'`,
      [from, to, review[2]!.id],
    )
    expect((await loadFigures(database.pool, 30)).toReview).toBe(queued[0]!.jobs)
    const page = await reportPage(named, 'now')
    expect(page).toContain('Below 0.8')
    expect(page).toContain('confidence below 0.8.')
    expect(page).toContain('>Mail room</td>')
  })

  test('of nothing are a page as well', async () => {
    const empty = await createMigratedDatabase()
    try {
      const nothing = await loadFigures(empty.pool, 30)
      expect(nothing.totals).toEqual({
        matched: 0,
        unmatched: 0,
        failed: 0,
        cancelled: 0,
        open: 0,
        p50: null,
      })
      const page = await reportPage(nothing, 'now')
      for (const note of [
        'No job was completed',
        'Nothing of these days needs a person',
        'Nothing was synced yet',
      ])
        expect(page).toContain(note)
      expect(page).not.toMatch(/NaN|undefined|null</)
    } finally {
      await empty.drop()
    }
  })
})

test('`report` writes the page, and says where; a path that cannot be written is a fault of the usage', async () => {
  const out = join(folder, 'report.html')
  const env = { DATABASE_URL: database.url, LOG_FORMAT: 'json' }
  const done = await runCli(['report', '--out', out, '--days', '7'], { env })
  expect(done).toMatchObject({ code: 0, stdout: `${out}: 7 days up to 2026-02-17\n`, stderr: '' })
  expect(await readFile(out, 'utf8')).toMatch(
    /^<!doctype html>[\s\S]*11 Feb 2026 to 17 Feb 2026[\s\S]*<\/html>\n$/,
  )
  const nowhere = await runCli(['report', '--out', join(folder, 'no', 'such', 'folder.html')], { env })
  expect(nowhere.code).toBe(2)
  expect(JSON.parse(nowhere.stderr).msg).toContain('--out')
  for (const days of ['0', '367', 'x'])
    expect(await runCli(['report', '--days', days])).toMatchObject({ code: 2 })
})

test('text of strangers is nowhere markup, and no address is loaded', async () => {
  const page = await readFile(pageFile, 'utf8')
  expect(page).toContain('&lt;img src=')
  expect(page).not.toContain('<img')
  expect(page.match(/<script/g)).toHaveLength(1)
  const addresses = [...page.matchAll(/<[a-z][^>]*\s(?:href|src)=("[^"]*")/g)].map(([, address]) => address)
  expect(addresses).toEqual(['"data:,"'])
  expect(page).not.toMatch(/url\(|@import/)
})

// Where there is no Chromium, as on a developer's machine, the rest has to do; CI installs one.
if (existsSync(CHROMIUM)) {
  describe('in Chromium', () => {
    let browser: Browser
    beforeAll(async () => {
      const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map(
        (name) => `--disable-${name}`,
      )
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet],
      })
    })
    afterAll(() => browser?.close())

    interface Seen {
      readonly page: Page
      readonly faults: readonly string[]
    }

    /** The page, and whatever it says or asks for besides itself. */
    async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Seen> {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
      const faults: string[] = []
      const url = pathToFileURL(pageFile).href
      page.on('console', (message) => faults.push(message.text()))
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('dialog', (dialog) => faults.push(dialog.message()))
      page.on('request', (request) => request.url() === url || faults.push(request.url()))
      await page.goto(url)
      return { page, faults }
    }

    const tileValues = (page: Page) => page.locator('.tile b').allInnerTexts()

    test.each([
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const)(
      '%i pixels, %s: no fault, no request, no sideways scrolling, at most 4,000 pixels on a phone, its figures',
      async (width, scheme) => {
        const { page, faults } = await open(width, scheme)
        const { matched, unmatched, failed, cancelled, open: unfinished } = figures.totals
        const jobs = matched + unmatched + failed + cancelled + unfinished
        const values = await tileValues(page)
        expect(values[0]).toBe(jobs.toLocaleString('en-US'))
        expect(values[2]).toBe(`${((100 * unmatched) / (jobs - unfinished)).toFixed(1)} %`)
        expect(values[6]).toBe(String(figures.toReview))
        const layout = await page.evaluate(`({
        sideways: document.documentElement.scrollWidth - innerWidth,
        height: document.documentElement.scrollHeight,
        background: getComputedStyle(document.body).backgroundColor,
        drawn: [...document.querySelectorAll('svg')].filter((svg) => svg.checkVisibility()).length,
        small: Math.min(...[...document.querySelectorAll('svg')].filter((svg) => svg.checkVisibility())
          .map((svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)),
        bars: getComputedStyle(document.querySelector('svg [fill="var(--matched)"]')).fill,
      })`)
        expect(layout).toEqual({
          sideways: 0,
          height: expect.toSatisfy((pixels: number) => width > 390 || pixels <= 4_000),
          background: scheme === 'light' ? 'rgb(247, 247, 245)' : 'rgb(19, 20, 23)',
          drawn: 4,
          small: expect.toSatisfy((scale: number) => scale > 0.9),
          bars: scheme === 'light' ? 'rgb(42, 143, 106)' : 'rgb(67, 183, 139)',
        })
        expect(await page.locator('main').innerText()).toContain(
          '<img src="https://example.com/x.png" onerror=',
        )
        expect(faults).toEqual([])
        await page.close()
      },
    )

    test('a click on a head sorts, the next one turns it round, and what is missing stays last', async () => {
      const { page, faults } = await open(1280, 'light')
      const table = page.locator('section', { hasText: 'Types and confidence' }).locator('table')
      await page.locator('section', { hasText: 'Types and confidence' }).locator('summary').click()
      const column = (index: number) => table.locator(`tbody td:nth-child(${index})`).allInnerTexts()
      const head = (name: string) => table.getByRole('button', { name, exact: true }).click()
      await head('Jobs')
      const jobs = (await column(2)).map((text) => Number(text.replaceAll(',', '')))
      expect(jobs).toEqual(figures.types.map((type) => type.jobs).sort((a, b) => b - a))
      await head('Jobs')
      expect((await column(2)).map((text) => Number(text.replaceAll(',', '')))).toEqual([...jobs].reverse())
      await head('Type')
      expect((await column(1)).at(-1)).toBe('no rule matched')
      await head('Type')
      expect((await column(1)).at(-1)).toBe('no rule matched')
      expect(faults).toEqual([])
      await page.close()
    })

    test('on paper it is light, whole, and as wide as the paper', async () => {
      const { page } = await open(720, 'dark')
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
      const paper = await page.evaluate(`({
        text: getComputedStyle(document.body).color,
        closed: document.querySelectorAll('details:not([open])').length,
        sideways: document.documentElement.scrollWidth - innerWidth,
      })`)
      expect(paper).toEqual({ text: 'rgb(22, 24, 29)', closed: 0, sideways: 0 })
      expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
      await page.close()
    })
  })
}
