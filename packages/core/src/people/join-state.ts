/**
 * How far a person is on the way to user licenses at a location (U1).
 *
 * There are few kinds of facts and hundreds of thousands of people, so lists join their rows with the table that
 * `joinStates` gives.
 */

/** From unknown to joined. */
export const joinStateNames = [
  'not_registered',
  'registering',
  'waiting_to_join',
  'joined',
  'refused',
  'retired',
] as const

/**
 * `waiting_to_join`: invited; a license may be reserved already. `joined`: an Apple Account stands behind the person.
 * `retired`: was known and is no more.
 */
export type JoinStateName = (typeof joinStateNames)[number]

/** What is known of a person at a location. */
export interface JoinFacts {
  /** Apple's word for the person who is not retired; null when it knows nobody under this id. */
  readonly status: string | null
  /** A request of ours about the person waits for its outcome, or is about to be made. */
  readonly underWay: boolean
  /** Apple refused the last request. */
  readonly refused: boolean
  /** Apple knew the person once. */
  readonly wasRegistered: boolean
}

/** The state that these facts make. What Apple knows counts more than what we asked for since. */
export function joinStateOf({ status, underWay, refused, wasRegistered }: JoinFacts): JoinStateName {
  if (status === 'Associated') return 'joined'
  if (refused) return 'refused'
  if (status !== null) return 'waiting_to_join'
  if (underWay) return 'registering'
  return wasRegistered ? 'retired' : 'not_registered'
}

/** Every kind of facts with its state. Any other word of Apple's for somebody it knows counts as `Registered`. */
export function joinStates(): readonly (JoinFacts & { readonly state: JoinStateName })[] {
  const table: (JoinFacts & { readonly state: JoinStateName })[] = []
  for (const status of ['Associated', 'Registered', null])
    for (const underWay of [true, false])
      for (const refused of [true, false])
        for (const wasRegistered of [true, false]) {
          const facts = { status, underWay, refused, wasRegistered }
          table.push({ ...facts, state: joinStateOf(facts) })
        }
  return table
}

/** Why Apple refused a person; stable. */
export type JoinProblem = 'account_not_usable' | 'account_taken' | 'address_not_valid' | 'passing' | 'other'

/** What Apple refused and what to do about it, as sentences for an administrator. */
export interface ProblemText {
  readonly problem: JoinProblem
  readonly says: string
  readonly advice: string
}

/** Explains Apple's error number; `detail` is Apple's own sentence, for numbers that have no meaning of ours. */
export function explainProblem(number: number | null, detail: string): ProblemText {
  return (
    (number === null ? undefined : problems.get(number)) ?? { problem: 'other', says: detail, advice: later }
  )
}

const later = 'It is tried again by itself; if it stays so, ask Apple with this number.'

const passing: ProblemText = {
  problem: 'passing',
  says: 'Apple could not do it at this moment.',
  advice: 'Nothing; it is tried again by itself.',
}

const problems: ReadonlyMap<number, ProblemText> = new Map([
  [
    9635,
    {
      problem: 'account_not_usable',
      says: 'Apple cannot associate this Managed Apple Account with the person.',
      advice:
        'Check that the account exists in the organization that the content token belongs to, and that whoever downloaded the token has a Managed Apple Account. Correct the account, or take it away to invite the person instead.',
    },
  ],
  [
    9641,
    {
      problem: 'account_taken',
      says: 'The Apple Account belongs to another user of this location already.',
      advice:
        'Each account works for one person. Find who has it among the users at Apple and retire that registration, or give this person another account.',
    },
  ],
  [
    9717,
    {
      problem: 'address_not_valid',
      says: 'Apple does not take the e-mail address.',
      advice: 'Correct the e-mail address of the person; the registration then goes on by itself.',
    },
  ],
  [9603, passing],
  [9644, passing],
])
