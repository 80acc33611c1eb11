import type { Config, TopLevelSpec } from 'vega-lite'
import { INK } from './charts.ts'
import { escapeHtml, Markup } from './markup.ts'

const FONT = 'system-ui, sans-serif'

const CONFIG: Config = {
  background: 'transparent',
  font: FONT,
  padding: 2,
  view: { stroke: null },
  axis: {
    labelColor: INK.muted,
    labelFontSize: 12,
    domainColor: INK.line,
    tickColor: INK.line,
    gridColor: INK.line,
    titleColor: INK.muted,
  },
  axisY: { domain: false, ticks: false, labelPadding: 6 },
  text: { fontSize: 12 },
}

/** Draws a chart as SVG that takes the width it is given and the colours of the page. */
export async function draw(spec: TopLevelSpec, label: string): Promise<Markup> {
  const { compile, parse, View } = await import('./vega.ts')
  const view = new View(parse(compile(spec, { config: CONFIG }).spec), { renderer: 'none' })
  try {
    return new Markup(themed(await view.toSVG(), label))
  } finally {
    view.finalize()
  }
}

/** The drawing with the page's colours, its natural width as the most it takes, and its label in place of Vega's own. */
function themed(svg: string, label: string): string {
  const colours = Object.entries(INK).reduce(
    (text, [name, ink]) => text.replaceAll(ink, `var(--${name})`),
    svg,
  )
  return colours.replace(
    /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>/,
    (_, width: string, height: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" style="max-width:${width}px" role="img" aria-label="${escapeHtml(label)}">`,
  )
}
