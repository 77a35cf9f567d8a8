/** Style and script of the simulator's page: two small files of its own, so that nothing is loaded from elsewhere. */

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f6f4, #16181b); --card: light-dark(#fff, #1f2226); --line: light-dark(#dcdcd6, #373b41);
  --text: light-dark(#1b1d20, #eceef0); --soft: light-dark(#5a5f66, #a9b0b8);
  --accent: light-dark(#0b57a8, #8abaf5); --on-accent: light-dark(#fff, #10233a);
  --good: light-dark(#17663a, #7fd6a2); --bad: light-dark(#a3201d, #ff9d94); --warn: light-dark(#7a4d00, #f0c36a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
.wide { max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.35rem; margin: 0; }
h1 a { text-decoration: none; }
h3 + .row { margin-top: .25rem; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
.row + h3 { margin-top: .75rem; }
p { margin: .25rem 0; }
a { color: var(--accent); }
section, .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; }
section { margin-bottom: 1rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: .75rem; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.between { justify-content: space-between; }
.figures { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .5rem 0; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); font-size: .8rem; }
.figures dd { margin: 0; font-size: 1.2rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin-bottom: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); white-space: nowrap; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.long { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
form { display: inline-flex; flex-wrap: wrap; gap: .4rem; align-items: end; margin: 0; max-width: 100%; }
label { display: inline-flex; flex-direction: column; font-size: .8rem; color: var(--soft); max-width: 100%; }
label.check { flex-direction: row; gap: .4rem; align-items: center; }
input, select, button { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; padding: .3rem .6rem; min-height: 2rem; max-width: 100%; }
input[type=number] { width: 6.5rem; }
input[type=checkbox] { min-height: 0; width: 1.1rem; height: 1.1rem; accent-color: var(--accent); }
button { cursor: pointer; }
button.main { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
button:hover { border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.said { border-color: var(--bad); color: var(--bad); }
.tag { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; font-size: .8rem; white-space: nowrap; }
`

/** Fetches the page again and puts in what changed, part by part, so that nothing flickers or loses its place. */
export const PAGE_SCRIPT = `
const wish = document.querySelector('#refresh')
wish.closest('label').hidden = false
wish.checked = sessionStorage.getItem('refresh') !== 'off'
wish.addEventListener('change', () => sessionStorage.setItem('refresh', wish.checked ? 'on' : 'off'))
async function refresh() {
  if (!wish.checked || document.hidden) return
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id)
    if (next && !isUsed(part) && next.innerHTML !== part.innerHTML) renew(part, next)
  }
}
function isUsed(part) {
  const active = document.activeElement
  const selection = getSelection()
  const isSelecting = !selection.isCollapsed && part.contains(selection.anchorNode)
  return isSelecting || (part.contains(active) && active.matches('a, button, input, select'))
}
function renew(part, next) {
  const regions = () => [...part.querySelectorAll('.scroll')]
  const before = regions().map((region) => [region.scrollLeft, region === document.activeElement])
  part.innerHTML = next.innerHTML
  for (const [index, region] of regions().entries()) {
    const [left, isFocused] = before[index] ?? [0, false]
    region.scrollLeft = left
    if (isFocused) region.focus({ preventScroll: true })
  }
}
setInterval(() => refresh().catch(() => {}), 2000)
`
