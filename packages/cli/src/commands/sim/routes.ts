/** The commands under `apportion sim`, as a table of contents. */
import { buildRouteMap } from '@stricli/core'
import { call as callSim } from './call.ts'
import { buy, expire, refund, revoke, takeOver } from './change.ts'
import { fault } from './fault.ts'
import { directory, organization } from './organization.ts'
import { accept, assignOutside, letGo, releaseOutside, transfer } from './outside.ts'
import { requests } from './requests.ts'
import { play, scenarios, stopScenario } from './scenario.ts'
import { start } from './start.ts'
import { state } from './state.ts'
import { advance, settle } from './time.ts'
import { token as simToken } from './token.ts'
import { events, faults, holders, knobs, notifications } from './watch.ts'

export const sim = buildRouteMap({
  routes: {
    start,
    state,
    organization,
    directory,
    token: simToken,
    buy,
    refund,
    transfer,
    assignOutside,
    releaseOutside,
    accept,
    revoke,
    expire,
    takeOver,
    letGo,
    fault,
    faults,
    play,
    scenarios,
    stopScenario,
    advance,
    settle,
    requests,
    notifications,
    events,
    holders,
    knobs,
    call: callSim,
  },
  docs: {
    brief: 'The simulator of Apple: for demos, rehearsals and tests',
    fullDescription: 'Talks to the control port of `apportion sim start`, or to the one at APPORTION_SIM.',
  },
})
