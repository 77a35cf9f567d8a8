/**
 * The words of the fault language: every fault, what it does, and the fields that a step with it may have.
 */
import {
  EVENT_FAULTS,
  type LastingFault,
  NOTIFICATION_FAULTS,
  REQUEST_FAULTS,
  WALK_FAULTS,
} from './faults.ts'

/** Faults that are done to a location at their moment, instead of waiting for something to strike. */
export const ACTS = [
  'revoke-token',
  'expire-token',
  'read-only-token',
  'take-over',
  'let-go',
  'shortage',
  'refund',
  'buy',
  'forget-versions',
] as const

export type Act = (typeof ACTS)[number]
export type FaultName = LastingFault | Act

export type FieldName =
  | 'times'
  | 'chance'
  | 'match'
  | 'until'
  | 'retryAfter'
  | 'retryAfterStyle'
  | 'delay'
  | 'errorNumber'
  | 'count'
  | 'location'
  | 'adamId'
  | 'name'

interface FaultWords {
  readonly strikes: 'requests' | 'walks' | 'events' | 'notifications' | 'a location'
  readonly says: string
  /** Besides `at` and `fault`, which every step has. */
  readonly fields: readonly FieldName[]
}

const LASTING = ['match', 'chance', 'times', 'until'] as const

const request = (says: string, ...more: FieldName[]): FaultWords => ({
  strikes: 'requests',
  says,
  fields: [...LASTING, ...more],
})
const walk = (says: string, ...more: FieldName[]): FaultWords => ({
  strikes: 'walks',
  says,
  fields: [...LASTING, ...more],
})
const event = (says: string, ...more: FieldName[]): FaultWords => ({
  strikes: 'events',
  says,
  fields: [...LASTING, ...more],
})
const notification = (says: string, ...more: FieldName[]): FaultWords => ({
  strikes: 'notifications',
  says,
  fields: [...LASTING, ...more],
})
const act = (says: string, ...more: FieldName[]): FaultWords => ({
  strikes: 'a location',
  says,
  fields: ['location', ...more],
})

export const FAULTS: Readonly<Record<FaultName, FaultWords>> = {
  '429': request('refused as too many, 9646', 'retryAfter', 'retryAfterStyle'),
  '500': request('an internal error, 9603', 'retryAfter', 'retryAfterStyle'),
  '503': request('unavailable, 9729; until `retryAfter` has passed', 'retryAfter', 'retryAfterStyle'),
  'reset-before': request('the connection is cut before anything is done'),
  'reset-after-commit': request('the work is done, then the connection is cut'),
  'timeout-after-commit': request('the work is done, and no answer comes', 'delay'),
  html: request('a gateway answers 502 with a web page'),
  truncated: request('the answer ends in the middle'),
  slow: request('the second half of the answer comes late', 'delay'),
  'versions-move': walk('every versionId is new from the second page on'),
  'pages-move': walk('another system adds records, so that totalPages grows during the walk', 'count'),
  'stuck-event': event('accepted and never processed: PENDING for ever'),
  'forgotten-event': event('processed, but its status is 9708'),
  'partial-failure': event('single tasks fail, their neighbors succeed', 'errorNumber'),
  maintenance: { strikes: 'events', says: 'every task fails with 9644', fields: ['until'] },
  lose: notification('never sent'),
  double: notification('sent twice with the same id'),
  delay: notification('sent later', 'delay'),
  reorder: notification('held back for a part of the delay, so that others overtake', 'delay'),
  'revoke-token': act('all tokens are revoked, 9625'),
  'expire-token': act('all tokens expire, 9621'),
  'read-only-token': act('all tokens may only read', 'until'),
  'take-over': act('another product claims the location', 'name'),
  'let-go': act('nobody manages the location any more'),
  shortage: act('what is available is refunded, and bought again at the end', 'adamId', 'until'),
  refund: act('licenses go back to Apple', 'adamId', 'count'),
  buy: act('licenses are bought', 'adamId', 'count'),
  'forget-versions': act('no versionId handed out before is known, 9721'),
}

const LASTING_NAMES: readonly string[] = [
  ...REQUEST_FAULTS,
  ...WALK_FAULTS,
  ...EVENT_FAULTS,
  ...NOTIFICATION_FAULTS,
]

export const isFaultName = (text: string): text is FaultName => Object.hasOwn(FAULTS, text)

export const isAct = (fault: FaultName): fault is Act => !LASTING_NAMES.includes(fault)
