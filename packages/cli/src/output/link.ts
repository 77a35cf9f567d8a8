/** Enrollment links as rows of a table. */
import type { Item } from '@apportion/api-client/client'
import { localMoment } from './moment.ts'
import type { Column } from './table.ts'

export type Link = Item<'listEnrollmentLinks'>

/** What a list shows of a link. */
export const linkColumns = (timeZone: string): readonly Column<Link>[] => [
  { title: 'LINK', of: ({ id }) => id },
  {
    title: 'STATE',
    of: ({ state }) => (state === 'open' ? { text: state, color: 'green' as const } : state),
  },
  { title: 'FOR', of: forWhom, flexible: true },
  { title: 'OWNERSHIP', of: ({ ownership }) => ownership },
  { title: 'USED', of: ({ uses, mostUses }) => `${uses} of ${mostUses}`, align: 'right' },
  { title: 'UNTIL', of: ({ expiresAt }) => localMoment(expiresAt, timeZone) },
  { title: 'MADE BY', of: ({ createdBy }) => createdBy, flexible: true },
]

/** The person, the device, or both; null for anybody. */
function forWhom({ user, serialNumber }: Link): string | null {
  const parts = [user?.userName, serialNumber].filter((part) => part !== undefined && part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}
