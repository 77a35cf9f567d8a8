import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { TextLink } from '../../../shared/ui/link.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'

/** How users are listed, here and among the members of a group. */
export function useUserColumns(): readonly Column<User>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  return [
    {
      key: 'user',
      header: t('users.columns.user'),
      cell: ({ id, userName, name, active }) => (
        <>
          <TextLink to="/users/$id" params={{ id }} size="sm" fw={550} className="truncate" display="block">
            {name || userName}
          </TextLink>
          <Text size="xs" c="dimmed" className="truncate">
            {active ? userName : `${userName} · ${t('users.has_left')}`}
          </Text>
        </>
      ),
    },
    { key: 'email', header: t('users.columns.email'), from: 'md', cell: ({ email }) => email ?? '–' },
    {
      key: 'department',
      header: t('users.columns.department'),
      from: 'xs',
      cell: ({ department }) => department ?? '–',
    },
    {
      key: 'devices',
      header: t('users.columns.devices'),
      width: '6.5rem',
      from: 'xs',
      align: 'end',
      cell: ({ devices }) => number(devices),
    },
  ]
}
