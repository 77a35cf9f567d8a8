/** The simulator at a glance: its clock, locations, faults, and the latest of everything. */
import type { AppleSim } from './apple-sim.ts'
import { FAULTS } from './fault-language.ts'
import type { LocationControl } from './location-control.ts'
import { html, type Markup } from './markup.ts'
import type { NotificationRecord } from './notifications.ts'
import { button, count, figures, live, moment, table, timeOfDay } from './page-parts.ts'
import type { RequestEntry } from './request-log.ts'
import type { ScenarioRun } from './scenario-player.ts'

const LATEST = 25
const LOCATIONS_SHOWN = 60

export function homePage(apple: AppleSim): Markup {
  return html`${top(apple)}
<main class="wide">${locations(apple)}${faults(apple)}${requests(apple)}${notifications(apple)}${events(apple)}</main>`
}

/** The header of every page: what time it is, and what moves it. */
export function top({ clock, world, serviceConfigUrl }: AppleSim): Markup {
  const { count: planned, nextAt } = world.planned
  const next = nextAt === undefined ? '' : `, next at ${timeOfDay(nextAt)}`
  const steps = { '1 minute': 60_000, '1 hour': 3_600_000, '1 day': 86_400_000, '30 days': 2_592_000_000 }
  return html`<header><div class="wide">
<div class="row between"><h1><a href="/">Simulated Apple</a></h1>
<label class="check" hidden><input type="checkbox" id="refresh" checked> Refresh by itself</label></div>
<div id="clock" data-live>${figures({
    'its time (UTC)': moment(clock.now()),
    [`still to happen${next}`]: count(planned),
    'calls received': count(world.countRequests()),
  })}</div>
<div class="row" role="group" aria-label="Move the clock forward">
${Object.entries(steps).map(([name, ms]) => button(`+ ${name}`, { act: 'advance', ms }))}
${button('Let everything happen', { act: 'settle' }, { main: true })}</div>
<p class="soft">Service config: <code>${serviceConfigUrl}</code></p>
</div></header>`
}

function locations({ world }: AppleSim): Markup {
  const shown = world.locations.slice(0, LOCATIONS_SHOWN)
  const more = world.locations.length - shown.length
  return live(
    'locations',
    'Locations',
    html`<div class="cards">${shown.map(locationCard)}</div>
${
  shown.length === 0 &&
  html`<p class="soft">There are none yet. Start with an organization, or enter one:
<code>POST /organization</code> on this port.</p>`
}
${more > 0 && html`<p class="soft">And ${count(more)} more.</p>`}`,
  )
}

function locationCard(location: LocationControl): Markup {
  const { uId, name, heldCount, assets, mdmInfo, tokens } = location
  const valid = tokens.filter(({ isValid }) => isValid)
  const readers = valid.filter(({ role }) => role === 'read').length
  const tokenText = `${valid.length} of ${tokens.length} tokens valid${readers > 0 ? `, ${readers} may only read` : ''}`
  return html`<div class="card">
<h3><a href="/page/locations/${encodeURIComponent(uId)}">${name}</a></h3>
<p class="soft"><code>${uId}</code></p>
${figures({ titles: count(assets.length), 'licenses held': count(heldCount) })}
<p>${mdmInfo ? html`Managed by <strong>${mdmInfo.name}</strong>` : html`<span class="soft">Nobody manages it</span>`}</p>
<p>${webhookText(location)}</p>
<p class="${valid.length === 0 ? 'bad' : ''}">${tokenText}</p>
</div>`
}

/** The path of a webhook may hold a secret, so only the host is shown. */
export function webhookText({ notificationUrl }: LocationControl): Markup {
  if (notificationUrl === undefined) return html`<span class="soft">No notifications</span>`
  return html`Notifies <code>${new URL(notificationUrl).host}</code>`
}

function faults({ world }: AppleSim): Markup {
  const { rules } = world.faults
  const running = world.scenarios.filter(({ state }) => state === 'playing').length
  const active = table(
    rules,
    [
      { title: 'Fault', of: ({ order }) => order.fault },
      { title: 'Strikes', of: ({ order }) => order.match ?? 'everything' },
      {
        title: 'Chance',
        of: ({ order }) => (order.chance === undefined ? 'always' : `${order.chance * 100} %`),
      },
      { title: 'Hits', of: ({ hits }) => count(hits), look: 'number' },
      { title: 'Left', of: ({ left }) => (Number.isFinite(left) ? count(left) : 'no end'), look: 'number' },
    ],
    { label: 'Faults that may still strike', none: 'Nothing is out to strike.' },
  )
  const isAny = rules.length > 0 || running > 0
  return html`<section aria-labelledby="break-heading"><h2 id="break-heading">Break something</h2>${faultForms()}</section>
${live(
  'faults',
  'Faults',
  html`${active}${isAny && html`<div class="row">${button('Take back every fault', { act: 'clear-faults' })}</div>`}
${world.scenarios.length > 0 && html`<h3>Scenarios</h3>${world.scenarios.slice(-5).reverse().map(scenarioLine)}`}`,
)}`
}

function faultForms(): Markup {
  const options = Object.entries(FAULTS)
    .filter(([, { strikes }]) => strikes !== 'a location')
    .map(([name, { says }]) => html`<option value="${name}">${name}: ${says}</option>`)
  return html`<div class="row">
<form method="post" action="/page/act"><input type="hidden" name="act" value="fault">
<label>Fault <select name="fault">${options}</select></label>
<label>Times <input type="number" name="times" min="1" max="100000" value="1" required></label>
<label>Only where this is part of it <input name="match" placeholder="/assignments" maxlength="200"></label>
<button class="main">Order</button></form>
<form method="post" action="/page/act"><input type="hidden" name="act" value="random">
<label>Seed <input type="number" name="seed" min="0" max="4294967295" value="1" required></label>
<button>Play a random scenario</button></form></div>`
}

function scenarioLine({ name, state, steps, id }: ScenarioRun): Markup {
  const done = steps.filter((step) => step.state === 'done' || step.state === 'failed').length
  const hits = steps.reduce((sum, step) => sum + step.hits, 0)
  const stop = state === 'playing' && button('Stop', { act: 'stop-scenario', id }, { about: name })
  return html`<div class="row"><strong>${name}</strong> <span class="tag">${state}</span>
<span>${done} of ${steps.length} steps over, ${count(hits)} hits</span> ${stop}</div>`
}

function requests({ world }: AppleSim): Markup {
  const latest = world.requests.slice(-LATEST).reverse()
  return live(
    'requests',
    'Requests',
    table(
      latest,
      [
        { title: 'Time', of: ({ at }) => timeOfDay(at) },
        { title: 'Call', of: ({ method, path }) => html`<code>${method} ${path}</code>` },
        { title: 'Status', of: statusText },
        { title: 'Fault', of: ({ fault }) => fault && html`<span class="bad">${fault}</span>` },
        { title: 'Tasks', of: ({ tasks }) => tasks !== undefined && count(tasks), look: 'number' },
        { title: 'Query', of: ({ query }) => query && html`<code>${query}</code>`, look: 'long' },
      ],
      { label: 'Latest requests', none: 'Nobody called yet.' },
    ),
  )
}

function statusText({ status, errorNumber }: RequestEntry): Markup {
  const look = status >= 200 && status < 300 && errorNumber === undefined ? 'good' : 'bad'
  return html`<span class="${look}">${status === 0 ? 'cut' : status} ${errorNumber}</span>`
}

const LOOKS = { delivered: 'good', pending: 'soft', lost: 'bad', dropped: 'bad' } as const

function notifications({ world }: AppleSim): Markup {
  const all = world.notifications
  const of = (outcome: NotificationRecord['outcome']): string =>
    count(all.filter((record) => record.outcome === outcome).length)
  return live(
    'notifications',
    'Notifications',
    html`${figures({ sent: of('delivered'), waiting: of('pending'), lost: of('lost'), dropped: of('dropped') })}
<p class="soft">Of the latest ${count(all.length)}, newest first.</p>
${table(
  all.slice(-LATEST).reverse(),
  [
    { title: 'Time', of: ({ at }) => timeOfDay(at) },
    { title: 'Type', of: ({ notificationType }) => html`<code>${notificationType}</code>` },
    { title: 'Location', of: ({ uId }) => world.location(uId).name },
    { title: 'Outcome', of: ({ outcome }) => html`<span class="${LOOKS[outcome]}">${outcome}</span>` },
    { title: 'Attempts', of: ({ attempts }) => attempts, look: 'number' },
    { title: 'Answer', of: ({ lastStatus }) => lastStatus ?? '', look: 'number' },
  ],
  { label: 'Latest notifications', none: 'None was sent yet.' },
)}`,
  )
}

const STATES = { COMPLETE: 'good', PENDING: 'soft', FAILED: 'bad' } as const

function events({ world }: AppleSim): Markup {
  const all = world.locations.flatMap((location) =>
    location.latestEvents(LATEST).map((event) => ({ ...event, location: location.name })),
  )
  const latest = all.sort((a, b) => b.acceptedAt - a.acceptedAt).slice(0, LATEST)
  return live(
    'events',
    'Events',
    table(
      latest,
      [
        { title: 'Accepted', of: ({ acceptedAt }) => timeOfDay(acceptedAt) },
        { title: 'Type', of: ({ type }) => type },
        { title: 'Location', of: ({ location }) => location },
        { title: 'State', of: ({ status }) => html`<span class="${STATES[status]}">${status}</span>` },
        {
          title: 'Done',
          of: ({ completed, requested }) => `${count(completed)} of ${count(requested)}`,
          look: 'number',
        },
        { title: 'Fault', of: ({ stuck, forgotten }) => (stuck ? 'stuck' : forgotten ? 'forgotten' : '') },
        { title: 'Id', of: ({ id }) => html`<code>${id}</code>` },
      ],
      { label: 'Latest events', none: 'No write was accepted yet.' },
    ),
  )
}
