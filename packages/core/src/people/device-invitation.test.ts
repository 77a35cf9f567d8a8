import { expect, test } from 'vitest'
import { type InvitationFacts, invitationStep } from './device-invitation.ts'

const now = new Date('2026-11-01T08:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
const asked = (state: 'open' | 'answered' | 'void', at: Date, enrollmentId = 7) => ({
  last: { at, enrollmentId, state },
})

const invited: InvitationFacts = {
  status: 'Registered',
  hasInvitation: true,
  hasManagedAccount: false,
  isWanted: true,
  enrollmentId: 7,
  last: null,
}

test.each([
  ['somebody who waits and has a device is asked', {}, [true, false, hours(168)]],
  ['somebody who has joined is not', { status: 'Associated' }, [false, true, null]],
  ['somebody whom Apple does not know is not', { status: null }, [false, true, null]],
  ['somebody without an open invitation is not', { hasInvitation: false }, [false, true, null]],
  ['a Managed Apple Account is never asked', { hasManagedAccount: true }, [false, true, null]],
  ['somebody who is to get nothing is not asked yet', { isWanted: false }, [false, true, hours(1)]],
  ['somebody without a device that can ask waits for one', { enrollmentId: null }, [false, false, hours(24)]],
  ['whoever was asked is left alone for a week', asked('answered', hours(-1)), [false, false, hours(167)]],
  ['also on a device that did not come by yet', asked('open', hours(-1)), [false, false, hours(167)]],
  ['and is asked again after it', asked('answered', hours(-168)), [true, false, hours(168)]],
  ['one device does not get two questions', asked('open', hours(-168)), [false, false, hours(24)]],
  ['another that came by since asks instead', asked('open', hours(-168), 6), [true, true, hours(168)]],
  [
    'a device that left before it asked counts for nothing',
    asked('void', hours(-1), 6),
    [true, false, hours(168)],
  ],
] as const)('%s', (_title, change, [invites, withdraws, dueAt]) => {
  expect(invitationStep({ ...invited, ...change }, now)).toEqual({ invites, withdraws, dueAt })
})
