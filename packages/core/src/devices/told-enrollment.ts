/**
 * What a message means for an enrollment when we only hear of it (NanoMDM's webhook): each may be lost, come twice, or come
 * after a later one.
 */

/** The newest enrollment under an identifier. */
export interface KnownEnrollment {
  readonly state: 'authenticated' | 'enrolled' | 'left'
  /** The moment of the newest message that changed it; null when none is known. */
  readonly messageAt: Date | null
}

/** A message that was told. `isNew`: the first TokenUpdate after an Authenticate. */
export interface ToldMessage {
  readonly kind: 'authenticate' | 'token_update' | 'check_out' | 'report'
  readonly isNew: boolean
  readonly at: Date
}

/** What is done, in this order. */
export type EnrollmentStep = 'end_enrolled_again' | 'end_checked_out' | 'begin' | 'complete'

/**
 * The steps; none for what is old or says nothing new. A device that is enrolled already when we begin to listen is known by
 * whatever it says first; one that has left comes back by enrolling alone, since NanoMDM also answers reports of those.
 */
export function enrollmentSteps(
  known: KnownEnrollment | null,
  message: ToldMessage,
): readonly EnrollmentStep[] {
  const state = known?.state ?? 'unknown'
  const age = known?.messageAt ? message.at.getTime() - known.messageAt.getTime() : 1
  switch (message.kind) {
    case 'authenticate':
      return authenticated(state, age)
    case 'token_update':
      return age < 0 ? [] : tokenUpdated(state, message.isNew && age > 0)
    case 'check_out':
      return age >= 0 && (state === 'authenticated' || state === 'enrolled') ? ['end_checked_out'] : []
    case 'report':
      if (state === 'unknown') return ['begin', 'complete']
      return state === 'authenticated' && age >= 0 ? ['complete'] : []
  }
}

type State = KnownEnrollment['state'] | 'unknown'

function authenticated(state: State, age: number): readonly EnrollmentStep[] {
  if (state === 'unknown' || state === 'left') return age < 0 ? [] : ['begin']
  // Of the same moment it is the message that this enrollment began with.
  return age <= 0 ? [] : ['end_enrolled_again', 'begin']
}

function tokenUpdated(state: State, isNew: boolean): readonly EnrollmentStep[] {
  if (state === 'unknown' || state === 'left') return ['begin', 'complete']
  if (state === 'authenticated') return ['complete']
  return isNew ? ['end_enrolled_again', 'begin', 'complete'] : []
}
