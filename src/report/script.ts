/** Sorts a table by the column whose head is clicked, the other way round at the next click; opens all for printing. */
export const SCRIPT = `
for (const table of document.querySelectorAll('table')) {
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, index) => head.firstElementChild.addEventListener('click', () => {
    const rows = [...table.tBodies[0].rows]
    const key = (row) => row.cells[index].dataset.value
    const numeric = rows.every((row) => key(row) === '' || Number.isFinite(Number(key(row))))
    const before = head.getAttribute('aria-sort')
    const down = before ? before === 'ascending' : numeric
    const compare = (a, b) => numeric ? Number(a) - Number(b) : a.localeCompare(b)
    rows.sort((a, b) => {
      const [left, right] = [key(a), key(b)]
      if (left === '' || right === '') return (left === '') - (right === '')
      return down ? compare(right, left) : compare(left, right)
    })
    for (const other of heads) other.removeAttribute('aria-sort')
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    table.tBodies[0].append(...rows)
  }))
}
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true
})
`
