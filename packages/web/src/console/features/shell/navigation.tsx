import { NavLink, ScrollArea, Text } from '@mantine/core'
import {
  IconApps,
  IconArrowBackUp,
  IconArrowsExchange,
  IconChartLine,
  IconCopy,
  IconDeviceMobilePlus,
  IconDevices,
  IconFileImport,
  IconGauge,
  IconHistory,
  IconKey,
  IconListDetails,
  IconMoon,
  IconSettings,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { createLink } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import styles from './navigation.module.css'

const places = [
  { heading: null, items: [{ to: '/', key: 'overview', icon: IconGauge }] },
  {
    heading: 'licenses',
    items: [
      { to: '/apps', key: 'apps', icon: IconApps },
      { to: '/tokens', key: 'tokens', icon: IconKey },
      { to: '/operations', key: 'operations', icon: IconArrowsExchange },
      { to: '/forecast', key: 'forecast', icon: IconChartLine },
      { to: '/idle', key: 'idle', icon: IconMoon },
      { to: '/take-back', key: 'take_back', icon: IconArrowBackUp },
      { to: '/double-spend', key: 'double', icon: IconCopy },
      { to: '/ledger', key: 'ledger', icon: IconListDetails },
    ],
  },
  {
    heading: 'directory',
    items: [
      { to: '/devices', key: 'devices', icon: IconDevices },
      { to: '/enrollment', key: 'enrollment', icon: IconDeviceMobilePlus },
      { to: '/groups', key: 'groups', icon: IconUsersGroup },
      { to: '/users', key: 'users', icon: IconUsers },
      { to: '/import', key: 'import', icon: IconFileImport },
    ],
  },
  {
    heading: 'system',
    items: [
      { to: '/audit', key: 'audit', icon: IconHistory },
      { to: '/settings', key: 'settings', icon: IconSettings },
    ],
  },
] as const

const PlaceLink = createLink(NavLink<'a'>)

/** Where one can go. `onGo` lets a narrow screen close the menu. */
export function Navigation({ onGo }: { readonly onGo: () => void }) {
  const { t } = useTranslation()
  return (
    <ScrollArea type="never" h="100%" p="sm" component="div">
      {places.map(({ heading, items }) => (
        <div key={heading ?? 'first'} className={styles.part}>
          {heading !== null && (
            <Text size="xs" fw={600} c="dimmed" className={styles.heading ?? ''}>
              {t(`shell.parts.${heading}`)}
            </Text>
          )}
          <ul className={styles.list}>
            {items.map(({ to, key, icon: Icon }) => (
              <li key={key}>
                <PlaceLink
                  to={to}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  activeProps={{ active: true }}
                  label={t(`shell.places.${key}`)}
                  leftSection={<Icon size={18} stroke={1.7} aria-hidden="true" />}
                  className={styles.link ?? ''}
                  onClick={onGo}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </ScrollArea>
  )
}
