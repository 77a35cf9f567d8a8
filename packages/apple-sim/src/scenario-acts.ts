/** What the acts of the fault language do to locations, and how the passing ones are undone. */
import type { Act } from './fault-language.ts'
import type { LocationControl } from './location-control.ts'
import type { ScenarioStep } from './scenario.ts'

type Undo = () => void

const NOTHING_TO_UNDO: Undo = () => {}

/** Does it at once to each location; throws when it cannot be done. */
export function perform(act: Act, step: ScenarioStep, locations: readonly LocationControl[]): Undo {
  const undone = locations.map((location) => PERFORM[act](location, step))
  return () => {
    for (const undo of undone) undo()
  }
}

type Perform = (location: LocationControl, step: ScenarioStep) => Undo

const forGood =
  (act: (location: LocationControl, step: ScenarioStep) => void): Perform =>
  (location, step) => {
    act(location, step)
    return NOTHING_TO_UNDO
  }

const PERFORM: Readonly<Record<Act, Perform>> = {
  'revoke-token': forGood(({ tokens }) => {
    for (const token of tokens) token.revoke()
  }),
  'expire-token': forGood(({ tokens }) => {
    for (const token of tokens) token.expire()
  }),
  'read-only-token': readOnly,
  'take-over': forGood((location, { name = 'Another service' }) =>
    location.takeOver({ id: 'another-service', name, metadata: 'scenario' }),
  ),
  'let-go': forGood((location) => location.letGo()),
  shortage,
  refund: forGood((location, { adamId = '', count = 1 }) => location.refund(adamId, count)),
  buy: forGood((location, { adamId = '', count = 1 }) => location.buy(adamId, count)),
  'forget-versions': forGood((location) => location.forgetVersions()),
}

function readOnly({ tokens }: LocationControl): Undo {
  const changed = tokens.filter(({ role }) => role === 'manage')
  for (const token of changed) token.become('read')
  return () => {
    for (const token of changed) token.become('manage')
  }
}

/** Of one title, or of all that are limited. */
function shortage(location: LocationControl, { adamId }: ScenarioStep): Undo {
  const taken = location.assets.filter(
    (asset) =>
      (adamId === undefined || asset.adamId === adamId) &&
      Number.isFinite(asset.available) &&
      asset.available > 0,
  )
  for (const asset of taken) location.refund(asset.adamId, asset.available, asset.pricingParam)
  return () => {
    for (const asset of taken) location.buy(asset.adamId, asset.available, asset.pricingParam)
  }
}
