/** One location on the simulator's page, and who holds one of its titles. */
import type { PricingParam } from '@apportion/apple-wire/messages'
import type { AppleSim } from './apple-sim.ts'
import type { LocationControl } from './location-control.ts'
import { html, type Markup } from './markup.ts'
import { top, webhookText } from './page-home.ts'
import { button, count, figures, live, table } from './page-parts.ts'

const ASSETS_A_PAGE = 50
const HOLDERS_A_PAGE = 100

export function locationPage(apple: AppleSim, location: LocationControl, page: number): Markup {
  const { uId, name, heldCount, assets, mdmInfo, peakRequestsPerSecond } = location
  const pages = Math.max(1, Math.ceil(assets.length / ASSETS_A_PAGE))
  const state = html`<p><code>${uId}</code></p>${figures({
    titles: count(assets.length),
    'licenses held': count(heldCount),
    'most calls in a second': peakRequestsPerSecond,
  })}
<p>${mdmInfo ? html`Managed by <strong>${mdmInfo.name}</strong> <span class="soft">${mdmInfo.id}, ${mdmInfo.metadata}</span>` : 'Nobody manages it.'}</p>
<p>${webhookText(location)}</p>`
  return html`${top(apple)}<main class="wide">
${live('location', name, state)}
<section aria-labelledby="acts-heading"><h2 id="acts-heading">Change it</h2>${acts(location)}</section>
${live('tokens', 'Tokens', tokens(location))}
${live('assets', 'Assets', html`${assetTable(apple, location, page)}${pager(`/page/locations/${encodeURIComponent(uId)}`, page, pages)}`)}
</main>`
}

function acts({ uId, name }: LocationControl): Markup {
  const about = { about: name }
  return html`<div class="row">
${button('Mint a token', { act: 'mint', uId }, about)}
${button('Revoke all tokens', { act: 'revoke', uId }, about)}
${button('Expire all tokens', { act: 'expire', uId }, about)}
${button('Another service takes over', { act: 'take-over', uId }, about)}
${button('Nobody manages it', { act: 'let-go', uId }, about)}
${button('Forget versions', { act: 'forget-versions', uId }, about)}</div>`
}

/** Their text is the key to everything, so it is not shown; the control port gives it. */
function tokens({ tokens: all, uId }: LocationControl): Markup {
  return html`${table(
    all.map((token, index) => ({ token, number: index + 1 })),
    [
      { title: 'Token', of: ({ number }) => number },
      { title: 'May', of: ({ token }) => (token.role === 'manage' ? 'read and write' : 'read') },
      {
        title: 'State',
        of: ({ token: { isValid } }) =>
          html`<span class="${isValid ? 'good' : 'bad'}">${isValid ? 'valid' : 'revoked or expired'}</span>`,
      },
    ],
    { label: 'Tokens', none: 'There are none.' },
  )}<p class="soft">The files: <code>GET /locations/${uId}/tokens</code></p>`
}

function assetTable({ world }: AppleSim, { assets, uId }: LocationControl, page: number): Markup {
  const shown = assets.slice(page * ASSETS_A_PAGE, (page + 1) * ASSETS_A_PAGE)
  const link = ({ adamId, pricingParam }: (typeof shown)[number]): Markup =>
    html`<a href="/page/holders/${encodeURIComponent(uId)}/${adamId}/${pricingParam}">${world.title(adamId)?.name ?? adamId}</a>`
  return table(
    shown,
    [
      { title: 'Title', of: link },
      {
        title: 'adamId',
        of: ({ adamId, pricingParam }) =>
          html`<code>${adamId}</code> ${pricingParam === 'STDQ' ? '' : pricingParam}`,
      },
      { title: 'Total', of: ({ total }) => count(total), look: 'number' },
      { title: 'Assigned', of: ({ assigned }) => count(assigned), look: 'number' },
      {
        title: 'Available',
        of: ({ available }) =>
          html`<span class="${available === 0 ? 'warn' : ''}">${count(available)}</span>`,
        look: 'number',
      },
      { title: 'Retired', of: ({ retired }) => count(retired), look: 'number' },
      {
        title: 'Buy',
        of: ({ adamId }) =>
          button('+ 10', { act: 'buy', uId, adamId, count: 10 }, { about: `buy licenses of ${adamId}` }),
      },
    ],
    { label: 'Assets', none: 'It owns nothing.' },
  )
}

export function holdersPage(
  apple: AppleSim,
  location: LocationControl,
  {
    adamId,
    pricingParam,
    page,
  }: { readonly adamId: string; readonly pricingParam: PricingParam; readonly page: number },
): Markup {
  const { holders, pages } = location.holdersPage({ adamId, pricingParam }, { page, size: HOLDERS_A_PAGE })
  const { total, assigned, available } = location.counts(adamId, pricingParam)
  const path = `/page/holders/${encodeURIComponent(location.uId)}/${adamId}/${pricingParam}`
  const list = table(
    holders,
    [
      {
        title: 'Holder',
        of: ({ serialNumber, clientUserId }) => html`<code>${serialNumber ?? clientUserId}</code>`,
      },
      { title: 'Kind', of: ({ serialNumber }) => (serialNumber === undefined ? 'user' : 'device') },
    ],
    { label: 'Holders', none: 'Nobody on this page.' },
  )
  return html`${top(apple)}<main class="wide">
<p><a href="/page/locations/${encodeURIComponent(location.uId)}">${location.name}</a></p>
${live(
  'holders',
  apple.world.title(adamId)?.name ?? adamId,
  html`${figures({
    total: count(total),
    assigned: count(assigned),
    available: count(available),
  })}${list}${pager(path, page, pages)}`,
)}</main>`
}

function pager(path: string, page: number, pages: number): Markup {
  if (pages < 2) return html``
  const link = (to: number, label: string): Markup =>
    to < 0 || to >= pages
      ? html`<span class="soft">${label}</span>`
      : html`<a href="${path}?page=${to}">${label}</a>`
  return html`<nav class="row" aria-label="Pages">${link(page - 1, 'Previous')}
<span>Page ${count(page + 1)} of ${count(pages)}</span>${link(page + 1, 'Next')}</nav>`
}
