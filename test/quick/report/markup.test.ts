import { describe, expect, test } from 'vitest'
import { confidence, count, date, duration, percent } from '../../../src/report/format.ts'
import { escapeHtml, html, Markup } from '../../../src/report/markup.ts'
import { sortableTable } from '../../../src/report/tables.ts'

describe('html', () => {
  test('shows whatever is put in as text, also in attributes and in lists', () => {
    const hostile = `"><script>alert('1')</script>&amp;`
    const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;'
    expect(html`<a title="${hostile}">${[hostile, 1]}</a>`.text).toBe(`<a title="${escaped}">${escaped}1</a>`)
  })

  test('leaves markup alone, however deep', () => {
    expect(html`<p>${[html`<b>${'<'}</b>`, [new Markup('<i>')]]}</p>`.text).toBe('<p><b>&lt;</b><i></p>')
  })

  test('takes control characters for blanks and keeps line breaks', () => {
    expect(escapeHtml('a\u0000b\u001b[31m\n\tc\u0085d')).toBe('a b [31m\n\tc d')
  })
})

test('a table escapes its cells and what they are sorted by, and keeps null last by an empty key', () => {
  const rows = [
    { name: '<i>"', size: 2 },
    { name: 'b', size: null },
  ]
  const { text } = sortableTable(
    [
      { head: 'Name', cell: ({ name }) => name },
      { head: '"Size"', cell: () => '?', value: ({ size }) => size, kind: 'number' },
    ],
    rows,
  )
  expect(text).toContain('<td class="" data-head="Name" data-value="&lt;i&gt;&quot;">&lt;i&gt;&quot;</td>')
  expect(text).toContain('<td class="number" data-head="&quot;Size&quot;" data-value="2">?</td>')
  expect(text).toContain('data-value="">?</td>')
})

test('figures are written for people', () => {
  expect([count(1234567), percent(0.0663), percent(null), confidence(0.5), confidence(null)]).toEqual([
    '1,234,567',
    '6.6 %',
    '–',
    '0.50',
    '–',
  ])
  expect([0.25, 119, 120, 7_199, 7_200, 172_800, null].map(duration)).toEqual([
    '0.3 s',
    '119 s',
    '2.0 min',
    '120 min',
    '2.0 h',
    '2.0 days',
    '–',
  ])
  expect(date('2026-02-08')).toBe('8 Feb 2026')
})
