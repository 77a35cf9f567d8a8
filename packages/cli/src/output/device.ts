/** Devices as rows of a table. */
import type { Item } from '@apportion/api-client/client'
import type { Column } from './table.ts'

/** What a list shows of a device. */
export const deviceColumns: readonly Column<Item<'listDevices'>>[] = [
  { title: 'SERIAL NUMBER', of: ({ serialNumber }) => serialNumber },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'MODEL', of: ({ model }) => model, flexible: true },
  {
    title: 'PLATFORM',
    of: ({ platform, osVersion }) => [platform, osVersion].filter(Boolean).join(' ') || null,
  },
  { title: 'OWNERSHIP', of: ({ ownership }) => ownership },
  { title: 'SUPERVISED', of: ({ supervised }) => (supervised ? 'yes' : 'no') },
  {
    title: 'SITE',
    of: ({ country, site }) => [country, site].filter(Boolean).join(' ') || null,
    flexible: true,
  },
  { title: 'TAGS', of: ({ tags }) => tags.join(', ') || null, flexible: true },
  { title: 'USER', of: ({ user }) => user?.name ?? user?.userName ?? null, flexible: true },
]
