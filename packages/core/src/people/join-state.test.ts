import { expect, test } from 'vitest'
import { explainProblem, type JoinFacts, joinStateNames, joinStateOf, joinStates } from './join-state.ts'

const nothing: JoinFacts = { status: null, underWay: false, refused: false, wasRegistered: false }

test.each<[string, Partial<JoinFacts>, ReturnType<typeof joinStateOf>]>([
  ['of whom nothing is known', {}, 'not_registered'],
  ['whose registration is on its way', { underWay: true }, 'registering'],
  ['who was retired and is registered anew', { underWay: true, wasRegistered: true }, 'registering'],
  ['who is invited', { status: 'Registered' }, 'waiting_to_join'],
  [
    'who is invited while the account is being changed',
    { status: 'Registered', underWay: true },
    'waiting_to_join',
  ],
  ['who has joined', { status: 'Associated', wasRegistered: true }, 'joined'],
  ['who has joined although a request was refused', { status: 'Associated', refused: true }, 'joined'],
  ['whom Apple refused', { refused: true }, 'refused'],
  ['whom Apple refused and who is tried again', { refused: true, underWay: true }, 'refused'],
  ['who is invited and whose account Apple refused', { status: 'Registered', refused: true }, 'refused'],
  ['whom Apple knew once', { wasRegistered: true }, 'retired'],
])('a person %s', (_title, facts, state) => {
  expect(joinStateOf({ ...nothing, ...facts })).toBe(state)
})

test('the table for the database has each kind of facts once and every state', () => {
  const table = joinStates()
  const keys = table.map((row) => `${row.status} ${row.underWay} ${row.refused} ${row.wasRegistered}`)
  expect(new Set(keys).size).toBe(3 * 2 * 2 * 2)
  expect(keys.length).toBe(3 * 2 * 2 * 2)
  expect(new Set(table.map((row) => row.state))).toEqual(new Set(joinStateNames))
})

test.each([
  [9635, 'account_not_usable'],
  [9641, 'account_taken'],
  [9717, 'address_not_valid'],
  [9603, 'passing'],
  [9644, 'passing'],
  [9602, 'other'],
  [null, 'other'],
])('Apple’s number %s is the problem %s, with what it says and what to do', (number, problem) => {
  const text = explainProblem(number, 'In Apple’s words.')
  expect(text.problem).toBe(problem)
  expect(text.advice).not.toBe('')
  expect(text.says).toBe(problem === 'other' ? 'In Apple’s words.' : text.says)
})
