/** The pieces of which the simulator's pages are made. */
import { type Content, html, type Markup } from './markup.ts'

/** Moments are those of the simulated clock, without a zone that nobody chose: UTC. */
export const moment = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

/** The time of the day; what is shown beside others of the same day. */
export const timeOfDay = (at: number): string => new Date(at).toISOString().slice(11, 19)

export const count = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString('en') : 'unlimited'

/** A region that the script renews. */
export function live(id: string, heading: string, content: Content): Markup {
  return html`<section id="${id}" data-live aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>${content}</section>`
}

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => Content
  readonly look?: 'number' | 'long'
}

/** A table that scrolls by itself on a narrow screen, or `none` when there is nothing to show. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { label, none }: { readonly label: string; readonly none: string },
): Markup {
  if (rows.length === 0) return html`<p class="soft">${none}</p>`
  const cells = (row: Row): Content =>
    columns.map(({ of, look }) => html`<td class="${look ?? ''}">${of(row)}</td>`)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}: table"><table>
<thead><tr>${columns.map(({ title, look }) => html`<th scope="col" class="${look ?? ''}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table></div>`
}

/** A button that does one thing, and returns to the page it stands on. */
export function button(
  label: string,
  fields: Readonly<Record<string, string | number>>,
  { about, main }: { readonly about?: string; readonly main?: boolean } = {},
): Markup {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const spoken = about === undefined ? '' : html` aria-label="${label}: ${about}"`
  const look = main ? html` class="main"` : ''
  return html`<form method="post" action="/page/act">${hidden}<button${look}${spoken}>${label}</button></form>`
}

export function figures(values: Readonly<Record<string, Content>>): Markup {
  const each = Object.entries(values).map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )
  return html`<dl class="figures">${each}</dl>`
}

/** A whole page. `said` is what became of the last button, when it did not do what it says. */
export function document(
  title: string,
  { said, body }: { readonly said: string | undefined; readonly body: Content },
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page/style.css">
<script type="module" src="/page/script.js"></script>
</head>
<body>
${said !== undefined && html`<p class="wide said card" role="alert">${said}</p>`}
${body}
</body>
</html>
`.html
}
