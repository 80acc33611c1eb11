import { createHash } from 'node:crypto'
import { speed, types, volume } from './chart-sections.ts'
import { remarks } from './completeness.ts'
import type { Figures } from './figures.ts'
import { date } from './format.ts'
import { html, Markup } from './markup.ts'
import { SCRIPT } from './script.ts'
import { failures, freshness, review, rules } from './sections.ts'
import { STYLE } from './style.ts'
import { tiles } from './tiles.ts'

/** No part of the page may load anything, and no script may run but ours: the second line behind escaping. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
  'img-src data:',
].join('; ')

/**
 * The report as one HTML page that needs nothing else.
 *
 * @param madeAt when it was made, as people write it
 */
export async function reportPage(figures: Figures, madeAt: string): Promise<string> {
  const { period } = figures
  const title = `Classify jobs, ${date(period.from)} to ${date(period.to)}`
  const parts = [
    tiles(figures),
    await volume(figures),
    await types(figures),
    await speed(figures),
    failures(figures),
    rules(figures),
    review(figures),
    freshness(figures),
  ]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">${remarks(figures).join(' ')}</p>
${parts}
<footer>Made by llamacloud-sync at ${madeAt}.</footer>
</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.text
}
