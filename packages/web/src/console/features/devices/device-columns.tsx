import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../shared/api/shapes.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'

/** How devices are listed, here and among the members of a group. */
export function useDeviceColumns(): readonly Column<Device>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'serial',
      header: t('devices.columns.device'),
      cell: ({ id, serialNumber, name }) => (
        <>
          <RowLink to="/devices/$id" params={{ id }}>
            {serialNumber}
          </RowLink>
          <Text size="xs" c="dimmed" className="truncate">
            {name}
          </Text>
        </>
      ),
    },
    { key: 'model', header: t('devices.columns.model'), from: 'xs', cell: ({ model }) => model ?? '–' },
    {
      key: 'os',
      header: t('devices.columns.os'),
      width: '9rem',
      from: 'md',
      cell: ({ platform, osVersion }) =>
        [platform, osVersion].filter((part) => part !== null).join(' ') || '–',
    },
    {
      key: 'user',
      header: t('devices.columns.user'),
      cell: ({ user }) => user?.name || user?.userName || '–',
    },
    {
      key: 'ownership',
      header: t('devices.columns.ownership'),
      width: '10rem',
      from: 'lg',
      cell: ({ ownership, supervised }) => (
        <Badge tone={supervised ? 'info' : 'neutral'}>
          {t(supervised ? 'devices.supervised' : `devices.ownerships.${ownership}`)}
        </Badge>
      ),
    },
  ]
}
