/** The controls of the store: titles that leave it, prices, and keys of developers. */
import type { AppleSim } from './apple-sim.ts'
import { type Body, number, text, texts } from './control-body.ts'
import type { Control } from './location-controls.ts'

type OnTitle = (apple: AppleSim, adamId: string, body: Body) => unknown

export const STORE_CONTROLS: readonly Control[] = [
  onTitle('delist', '{countries?}: leaves the store there, or everywhere', ({ world }, adamId, body) =>
    world.delist(adamId, body.countries === undefined ? undefined : texts(body, 'countries')),
  ),
  onTitle('relist', 'is back everywhere', ({ world }, adamId) => world.relist(adamId)),
  onTitle('price', '{country, price}', ({ world }, adamId, body) =>
    world.setPrice(adamId, text(body, 'country'), number(body, 'price')),
  ),
  {
    pattern: /^POST \/developer-keys$/,
    usage: 'POST /developer-keys  {teamId}: a new key; {teamId, keyId, publicKey}: one that exists',
    run: ({ world }, { body }) => {
      const teamId = text(body, 'teamId')
      if (body.publicKey === undefined) return world.makeDeveloperKey(teamId)
      world.addDeveloperKey({ teamId, keyId: text(body, 'keyId'), publicKey: text(body, 'publicKey') })
    },
  },
]

function onTitle(action: string, purpose: string, run: OnTitle): Control {
  return {
    pattern: new RegExp(`^POST /titles/(\\d+)/${action}$`),
    usage: `POST /titles/{adamId}/${action}  ${purpose}`,
    run: (apple, { parameters: [adamId = ''], body }) => run(apple, adamId, body),
  }
}
