/** The controls of faults and scenarios. */
import type { AppleSim } from './apple-sim.ts'
import { flag, number, oneOf, optional, optionalNumber, optionalText } from './control-body.ts'
import { FAULTS } from './fault-language.ts'
import { EVENT_FAULTS, type FaultOrder, NOTIFICATION_FAULTS, REQUEST_FAULTS, WALK_FAULTS } from './faults.ts'
import { type Control, type ControlRequest, control } from './location-controls.ts'
import { randomScenario } from './random-scenario.ts'

export const FAULT_CONTROLS: readonly Control[] = [
  control('GET /faults', 'what may still strike, and every fault with what it does', ({ world }) => ({
    active: world.faults.rules.map(({ order, left, hits }) => ({
      ...order,
      // Where its chance comes from says nothing to a person.
      random: undefined,
      left: Number.isFinite(left) ? left : null,
      hits,
    })),
    faults: FAULTS,
  })),
  control(
    'POST /faults',
    '{fault, match?, times?, chance?, retryAfter?, retryAfterStyle?, delayMs?, count?}',
    orderFault,
  ),
  control('POST /faults/maintenance', '{on}', ({ world }, { body }) =>
    world.faults.maintenance(body.on === true),
  ),
  control('POST /faults/stuck-events', '{count}', ({ world }, { body }) =>
    world.faults.stuckEvents(number(body, 'count')),
  ),
  control('POST /faults/forget-events', '{count}', ({ world }, { body }) =>
    world.faults.forgetEvents(number(body, 'count')),
  ),
  control('DELETE /faults', 'take back every fault, and stop every scenario', ({ world }) =>
    world.clearFaults(),
  ),
  control('GET /scenarios', 'the latest scenarios and what became of their steps', ({ world }) => ({
    scenarios: world.scenarios,
  })),
  control('POST /scenarios', '{name?, seed?, steps}: play it', ({ world }, { body }) => world.play(body)),
  control(
    'POST /scenarios/random',
    '{seed, steps?, seconds?, harsh?, print?}: make one up, and play it',
    playRandom,
  ),
  control('DELETE /scenarios/(\\d+)', 'stop it', ({ world }, { parameters: [id] }) =>
    world.stopScenario(Number(id)),
  ),
]

const LASTING = [...REQUEST_FAULTS, ...WALK_FAULTS, ...EVENT_FAULTS, ...NOTIFICATION_FAULTS] as const

function orderFault({ world }: AppleSim, { body }: ControlRequest): void {
  const order: FaultOrder = {
    fault: oneOf(body, 'fault', LASTING),
    ...optional('match', optionalText(body, 'match')),
    ...optional('times', optionalNumber(body, 'times')),
    ...optional('chance', optionalNumber(body, 'chance')),
    ...optional('retryAfter', optionalNumber(body, 'retryAfter')),
    ...optional('delayMs', optionalNumber(body, 'delayMs')),
    ...optional('count', optionalNumber(body, 'count')),
    ...(body.retryAfterStyle !== undefined && {
      retryAfterStyle: oneOf(body, 'retryAfterStyle', ['seconds', 'http-date']),
    }),
  }
  world.faults.order(order)
}

function playRandom({ world }: AppleSim, { body }: ControlRequest): unknown {
  const scenario = randomScenario(number(body, 'seed'), {
    ...optional('steps', optionalNumber(body, 'steps')),
    ...optional('seconds', optionalNumber(body, 'seconds')),
    harsh: flag(body, 'harsh'),
  })
  return flag(body, 'print') ? { scenario } : { scenario, run: world.play(scenario) }
}
