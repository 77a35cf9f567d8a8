/** What the buttons of the simulator's page do; each is a control with a name. */
import type { AppleSim } from './apple-sim.ts'
import { ControlRefusal } from './control-body.ts'
import { isAct, isFaultName } from './fault-language.ts'
import { randomScenario } from './random-scenario.ts'

type Fields = URLSearchParams
type PageAct = (apple: AppleSim, fields: Fields) => unknown

const PAGE_ACTS: Readonly<Record<string, PageAct>> = {
  advance: ({ clock }, fields) => clock.advance(wholeField(fields, 'ms')),
  settle: ({ world }) => world.settle({ jump: true }),
  'clear-faults': ({ world }) => world.clearFaults(),
  fault: orderFault,
  random: ({ world }, fields) => world.play(randomScenario(wholeField(fields, 'seed'))),
  'stop-scenario': ({ world }, fields) => world.stopScenario(wholeField(fields, 'id')),
  mint: (apple, fields) => at(apple, fields).mintToken(),
  revoke: (apple, fields) => {
    for (const token of at(apple, fields).tokens) token.revoke()
  },
  expire: (apple, fields) => {
    for (const token of at(apple, fields).tokens) token.expire()
  },
  'take-over': (apple, fields) =>
    at(apple, fields).takeOver({ id: 'another-service', name: 'Another service', metadata: 'rehearsal' }),
  'let-go': (apple, fields) => at(apple, fields).letGo(),
  'forget-versions': (apple, fields) => at(apple, fields).forgetVersions(),
  buy: (apple, fields) => at(apple, fields).buy(fields.get('adamId') ?? '', wholeField(fields, 'count')),
}

/** Does what a button says; throws with a sentence for the person when it cannot be done. */
export async function performPageAct(apple: AppleSim, fields: Fields): Promise<void> {
  const name = fields.get('act') ?? ''
  const act = Object.hasOwn(PAGE_ACTS, name) ? PAGE_ACTS[name] : undefined
  if (!act) throw new ControlRefusal(`There is no button ${name}`)
  await act(apple, fields)
  apple.world.save()
}

function orderFault({ world }: AppleSim, fields: Fields): void {
  const fault = fields.get('fault') ?? ''
  if (!isFaultName(fault) || isAct(fault)) throw new ControlRefusal(`There is no fault ${fault}`)
  const match = fields.get('match')?.trim() ?? ''
  world.faults.order({ fault, times: wholeField(fields, 'times'), ...(match !== '' && { match }) })
}

function at({ world }: AppleSim, fields: Fields): ReturnType<AppleSim['world']['location']> {
  return world.location(fields.get('uId') ?? '')
}

function wholeField(fields: Fields, name: string): number {
  const value = fields.get(name) ?? ''
  if (!/^\d{1,12}$/.test(value)) throw new ControlRefusal(`"${name}" must be a whole number, not ${value}`)
  return Number(value)
}
