/** Which values a knob takes, so that a typing error at the control port does not pass for a setting. */
import { type Body, ControlRefusal } from './control-body.ts'
import { DEFAULT_KNOBS, type Knobs } from './knobs.ts'

/** The words of knobs that have a few. */
const CHOICES: { readonly [name in keyof Knobs]?: readonly Knobs[name][] } = {
  alreadyAssigned: ['success', 9616],
  claimRelease: ['by-null', 'by-empty', 'overwrite'],
  emptyListKey: ['present', 'absent'],
  failedUsers: ['id', 'as-sent', 'none'],
  filtersInDelta: ['apply', 'ignore'],
  invalidTokenStatus: [200, 401],
  lookupShape: ['live', 'documented'],
  missingHeaderNumber: [9601, 9722],
  notAssigned: ['success', 9619],
  notificationErrors: ['error', 'failures'],
  notificationTls: ['TLSv1.2', 'TLSv1.3'],
  omittedClientConfig: ['keep', 'clear'],
  pacingClock: ['wall', 'simulated'],
  removalsInDelta: ['absent', 'plain', 'marked'],
  retiredCount: ['books-of-retired-users', 'zero'],
  revokeRequested: ['assignments', 'targets'],
  shortage: ['partial', 'whole-asset'],
  tokenExpirationDate: ['always', 'within15d'],
  totalPagesWhenEmpty: [0, 1],
  unknownUser: ['async', 'sync'],
  unlimitedAvailable: ['total-minus-assigned', 'total', 'zero'],
  unlimitedNotification: ['asset', 'assets', 'empty', 'none'],
  unownedAsset: ['async', 'sync'],
  validationOrder: ['assets-first', 'targets-first'],
}

/** Throws a `ControlRefusal` that names the knob and what it takes. Null passes for a number: it means endless. */
export function checkKnobs(body: Body): void {
  const unknown = Object.keys(body).filter((name) => !(name in DEFAULT_KNOBS))
  if (unknown.length > 0) {
    throw new ControlRefusal(
      `There is no knob ${unknown.join(', ')}; known are ${Object.keys(DEFAULT_KNOBS).join(', ')}`,
    )
  }
  for (const [name, value] of Object.entries(body)) checkKnob(name, value)
}

function checkKnob(name: string, value: unknown): void {
  const choices: unknown = Reflect.get(CHOICES, name)
  if (Array.isArray(choices)) {
    if (choices.includes(value)) return
    throw new ControlRefusal(`"${name}" must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`)
  }
  const usual: unknown = Reflect.get(DEFAULT_KNOBS, name)
  if (usual === undefined || (typeof usual === 'number' && value === null)) return
  if (kindOf(value) === kindOf(usual)) return
  const kind = kindOf(usual)
  const article = kind === 'object' ? 'an' : 'a'
  throw new ControlRefusal(`"${name}" must be ${article} ${kind}, not ${JSON.stringify(value)}`)
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  return value === null ? 'null' : typeof value
}
