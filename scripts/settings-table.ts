import { SETTINGS } from '../src/config/catalogue.ts'

const BEGIN = '<!-- settings: written by npm run docs:settings -->'
const END = '<!-- /settings -->'

/** The README's table of settings. */
export function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, { default: initial, unset, meaning, docs }]) => {
    const more = docs === undefined ? '' : ` ([${docs}](${docs}))`
    return `| \`${name}\` | ${initial === null ? unset : `\`${initial}\``} | ${meaning}${more} |`
  })
  return ['| variable | default | |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The page with the table as it is now. */
export function withSettingsTable(markdown: string): string {
  const [before, rest] = markdown.split(BEGIN)
  const [, after] = rest?.split(END) ?? []
  if (before === undefined || after === undefined) throw new Error(`the page lacks ${BEGIN} or ${END}`)
  return `${before}${BEGIN}\n${settingsTable()}\n${END}${after}`
}
