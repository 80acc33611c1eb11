/** The page's look. Colours are named once for light and once for dark; paper is light. */
const LIGHT = `
  --page: #f7f7f5; --card: #ffffff; --text: #16181d; --muted: #5c6068; --line: #e1e1de; --accent: #2a6fdb;
  --accentSoft: #b9d2f6; --matched: #2a8f6a; --unmatched: #d98a00; --failed: #d23f3f; --cancelled: #8d9096; --open: #6a5ad0;
  color-scheme: light;`

const DARK = `
  --page: #131417; --card: #1b1d21; --text: #eceef1; --muted: #a2a7b0; --line: #33363c; --accent: #6aa5ff;
  --accentSoft: #2c4d80; --matched: #43b78b; --unmatched: #e5a63c; --failed: #f0716f; --cancelled: #868a92; --open: #9d90f2;
  color-scheme: dark;`

export const STYLE = `
:root {${LIGHT}
}
@media screen and (prefers-color-scheme: dark) { :root {${DARK}
} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 0 0 2px; }
p { margin: 0; }
.quiet, .note { color: var(--muted); }
.note { font-size: 13px; margin-bottom: 14px; max-width: 100ch; }
section, .tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
section { padding: 20px 22px; margin-top: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(126px, 1fr)); gap: 12px; margin-top: 20px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 22px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.tile span { font-size: 13px; color: var(--muted); display: block; }
.under { margin: 8px 0 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 28px; }
.pair h3 { font-size: 13px; font-weight: 600; margin: 0 0 6px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--muted); margin: 0 0 8px; padding: 0; list-style: none; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); unicode-bidi: isolate; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child td { border-bottom: 0; }
td { overflow-wrap: break-word; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.short { white-space: nowrap; }
.long { min-width: 260px; width: 60%; overflow-wrap: anywhere; }
th button { all: unset; cursor: pointer; font-size: 13px; font-weight: 600; color: var(--muted); white-space: nowrap; }
th button:hover { color: var(--text); }
th button:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
th[aria-sort=ascending] button::after { content: ' ↑' / ''; }
th[aria-sort=descending] button::after { content: ' ↓' / ''; }
details { margin-top: 14px; }
summary { cursor: pointer; font-size: 13px; color: var(--muted); }
details .scroll { margin-top: 10px; }
.more { display: none; }
code { font: 12.5px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
footer { margin-top: 20px; font-size: 13px; color: var(--muted); }
@media screen and (max-width: 760px) {
  main { padding: 20px 14px 32px; }
  h1 { font-size: 20px; }
  h1 + .quiet { font-size: 13px; }
  section { padding: 12px 14px; margin-top: 12px; }
  .note { margin-bottom: 8px; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: 10px; }
  .tile { padding: 8px 12px; }
  .tile:first-child { grid-column: 1 / -1; }
  .pair { grid-template-columns: 1fr; gap: 16px; }
  .wide { display: none; }
  .narrow { display: block; }
  .more { display: block; margin: 0 0 6px; }
  details.more:not([open]) + .scroll tbody tr:nth-child(n+4) { display: none; }
  .cards thead { display: none; }
  .cards table, .cards tbody { display: block; width: 100%; }
  .cards tr { display: flex; flex-wrap: wrap; gap: 0 14px; padding: 7px 0; border-bottom: 1px solid var(--line); }
  .cards tbody tr:last-child { border-bottom: 0; }
  .cards td { display: block; border: 0; padding: 0; text-align: left; white-space: normal; min-width: 0; }
  .cards .long { width: 100%; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
  .cards td::before { content: attr(data-head) ': '; color: var(--muted); font-size: 13px; }
}
@media print {
  body { background: none; font-size: 12px; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin-top: 22px; background: none; }
  .tile { break-inside: avoid; }
  tr, .chart, h2 { break-inside: avoid; }
  h2, .note { break-after: avoid; }
  summary { display: none; }
  table { font-size: 11px; }
  .scroll { overflow: visible; }
  td { overflow-wrap: anywhere; }
  .short, .number { white-space: normal; }
  .long { min-width: 0; }
}
`
