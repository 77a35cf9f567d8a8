/** Whether a device asks its person to join Apps and Books (U1): once, and at most weekly while nobody joined. */

/** What is known of a person whom Apple may wait for. */
export interface InvitationFacts {
  /** Apple's word for the person at the location; null when it knows nobody under this id. */
  readonly status: string | null
  /** The code of an open invitation is known. */
  readonly hasInvitation: boolean
  /** Apple joins Managed Apple Accounts by itself. */
  readonly hasManagedAccount: boolean
  /** A user license is meant for the person. */
  readonly isWanted: boolean
  /** The device that is to ask; null when the person has none that can. */
  readonly enrollmentId: number | null
  /** What was asked last; null when nothing was. */
  readonly last: LastInvitation | null
}

/** A question that a device was given. */
export interface LastInvitation {
  readonly at: Date
  readonly enrollmentId: number | null
  /** `open`: the device has not answered. `void`: it will never, since it left or was not told. */
  readonly state: 'open' | 'answered' | 'void'
}

/** What to do. `withdraws`: what was not told yet is taken back. `dueAt` null: nobody is to be invited. */
export interface InvitationStep {
  readonly invites: boolean
  readonly withdraws: boolean
  readonly dueAt: Date | null
}

const hour = 60 * 60_000
const day = 24 * hour

/** A person is asked again after this. */
export const invitationPause = 7 * day

/** What follows from the facts now. That somebody joined is only what Apple says (`Associated`). */
export function invitationStep(facts: InvitationFacts, now: Date): InvitationStep {
  const { status, last, enrollmentId } = facts
  const after = (ms: number): Date => new Date(now.getTime() + ms)
  const isInvited = status === 'Registered' && facts.hasInvitation && !facts.hasManagedAccount
  if (!isInvited) return { invites: false, withdraws: true, dueAt: null }
  if (!facts.isWanted) return { invites: false, withdraws: true, dueAt: after(hour) }
  // A device that enrolls says so; this finds what nobody said.
  if (enrollmentId === null) return { invites: false, withdraws: false, dueAt: after(day) }
  if (last === null || last.state === 'void')
    return { invites: true, withdraws: false, dueAt: after(invitationPause) }
  const nextAt = new Date(last.at.getTime() + invitationPause)
  if (nextAt > now) return { invites: false, withdraws: false, dueAt: nextAt }
  // The same device shows one question, whenever it comes by.
  if (last.state === 'open' && last.enrollmentId === enrollmentId)
    return { invites: false, withdraws: false, dueAt: after(day) }
  return { invites: true, withdraws: last.state === 'open', dueAt: after(invitationPause) }
}
