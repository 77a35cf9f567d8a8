/** Enrollments as rows of a table. */
import type { Item } from '@apportion/api-client/client'
import { fromNow, localMoment } from './moment.ts'
import type { Column } from './table.ts'

type Enrollment = Item<'listEnrollments'>

const colors = { authenticated: 'yellow', enrolled: 'green', left: 'dim' } as const

/** What a list shows of a device under management. */
export const enrollmentColumns = (now: Date, timeZone: string): readonly Column<Enrollment>[] => [
  { title: 'SERIAL NUMBER', of: ({ device }) => device?.serialNumber ?? null },
  { title: 'NAME', of: ({ device }) => device?.name || null, flexible: true },
  { title: 'USER', of: ({ user }) => user?.name || user?.userName || null, flexible: true },
  { title: 'CHANNEL', of: ({ channel }) => channel },
  { title: 'STATE', of: ({ state }) => ({ text: state, color: colors[state] }) },
  { title: 'LEFT BECAUSE', of: ({ leftCause }) => leftCause },
  { title: 'LAST HEARD OF', of: ({ lastSeenAt }) => fromNow(lastSeenAt, now) },
  { title: 'CERTIFICATE UNTIL', of: ({ identity }) => until(identity, timeZone) },
  {
    title: 'ENROLLED',
    of: ({ enrolledAt, authenticatedAt }) => localMoment(enrolledAt ?? authenticatedAt, timeZone),
  },
]

function until(identity: Enrollment['identity'], timeZone: string): string | null {
  return identity === null ? null : localMoment(identity.notAfter, timeZone)
}
