import { expect, test } from 'vitest'
import { type PersonFacts, refusedRequest, requestFor, retryOf } from './registration.ts'

const wanted = { isWanted: true, hasManagedAccount: false }
const managed = { isWanted: true, hasManagedAccount: true }

test.each<[string, PersonFacts, ReturnType<typeof requestFor>]>([
  ['Apple does not know', { status: null, ...wanted }, 'create'],
  ['Apple does not know, with a managed account', { status: null, ...managed }, 'create'],
  ['is invited', { status: 'Registered', ...wanted }, null],
  ['is invited, and whose managed account became known', { status: 'Registered', ...managed }, 'update'],
  ['has joined', { status: 'Associated', ...managed }, null],
  ['is in a state that Apple added later', { status: 'Suspended', ...managed }, null],
  ['wants nothing any more', { status: null, hasManagedAccount: true, isWanted: false }, null],
])('somebody who %s', (_title, facts, request) => {
  expect(requestFor(facts)).toBe(request)
})

const now = new Date('2026-03-02T08:00:00Z')

test.each<[number | null, string, number | 'changed']>([
  [9635, 'the account does not fit', 'changed'],
  [9641, 'the account is taken', 'changed'],
  [9717, 'the address is not one', 'changed'],
  [9603, 'an internal error', 1],
  [9644, 'maintenance', 10],
  [9716, 'known already, and yet not found', 720],
  [null, 'no reason', 720],
])('after %s (%s) a registration is tried again in %s minutes', (number, _meaning, expected) => {
  const retry = retryOf(number, now)
  const minutes = retry.kind === 'at' ? (retry.at.getTime() - now.getTime()) / 60_000 : 'changed'
  expect(minutes).toBe(expected)
})

test.each<[string, number, readonly string[], ReturnType<typeof refusedRequest>]>([
  ['names one', 9717, ['B'], { kind: 'blame', ids: ['B'] }],
  ['names nobody of it', 9717, ['X'], { kind: 'halve', halves: [['A', 'B'], ['C']] }],
  ['names nobody', 9715, [], { kind: 'halve', halves: [['A', 'B'], ['C']] }],
  ['is about the whole of it', 9602, [], { kind: 'blame', ids: ['A', 'B', 'C'] }],
  ['says that it is too large', 9714, [], { kind: 'halve', halves: [['A', 'B'], ['C']] }],
  [
    'says that it is too large, and names all',
    9714,
    ['A', 'B', 'C'],
    { kind: 'halve', halves: [['A', 'B'], ['C']] },
  ],
  ['is about somebody unknown, whom it names', 9609, ['C'], { kind: 'blame', ids: ['C'] }],
  ['is about somebody unknown', 9609, [], { kind: 'halve', halves: [['A', 'B'], ['C']] }],
])('a refusal of a request that %s', (_title, number, named, fate) => {
  expect(refusedRequest(number, { ids: ['A', 'B', 'C'], named })).toEqual(fate)
})

test.each([9717, 9714, 9609])(
  'a refusal of a request for one person with %s is about that person',
  (number) => {
    expect(refusedRequest(number, { ids: ['A'], named: [] })).toEqual({ kind: 'blame', ids: ['A'] })
  },
)
