/** What draws charts: nearly as large as all the rest of the program, so it is bundled by itself. */
export { parse, View } from 'vega'
export { compile } from 'vega-lite'
