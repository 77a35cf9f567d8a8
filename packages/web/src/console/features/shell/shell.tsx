import { ActionIcon, AppShell, Avatar, Box, Burger, Group, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogout } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../../shared/ui/link.tsx'
import { Logo } from '../../../shared/ui/logo.tsx'
import { CrumbsPlace } from '../../../shared/ui/page.tsx'
import { sessionQuery, useRememberLanguage, useSignOut } from '../sign-in/session.ts'
import { Navigation } from './navigation.tsx'
import { LanguageMenu, SchemeMenu } from './preferences.tsx'
import styles from './shell.module.css'

/** The frame around every page of someone who is signed in. */
export function Shell() {
  const { t } = useTranslation()
  const rememberLanguage = useRememberLanguage()
  const [opened, menu] = useDisclosure(false)
  const [crumbsPlace, setCrumbsPlace] = useState<HTMLElement | null>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere else closes the menu of a narrow screen
  useEffect(menu.close, [path])

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#main" className="skip">
        {t('shell.skip')}
      </a>
      <AppShell.Header className={styles.header ?? ''}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={menu.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t(opened ? 'shell.close_menu' : 'shell.open_menu')}
            aria-expanded={opened}
          />
          <TextLink
            to="/"
            activeOptions={{ exact: true }}
            aria-label="Apportion"
            underline="never"
            c="inherit"
            className={styles.brand ?? ''}
          >
            <Logo />
            <Text fw={650} fz="md" visibleFrom="xs" span>
              Apportion
            </Text>
          </TextLink>
          <Box ref={setCrumbsPlace} className={styles.crumbs ?? ''} />
          <Group gap={4} wrap="nowrap">
            <LanguageMenu onChosen={rememberLanguage.mutate} />
            <SchemeMenu />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={styles.navbar ?? ''} aria-label={t('shell.navigation')}>
        <Navigation onGo={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={styles.main ?? ''}>
        <CrumbsPlace value={crumbsPlace}>
          <Box maw={1240} mx="auto">
            <Outlet />
          </Box>
        </CrumbsPlace>
      </AppShell.Main>
    </AppShell>
  )
}

function AccountMenu() {
  const { t } = useTranslation()
  const session = useQuery(sessionQuery)
  const signOut = useSignOut()
  const administrator = session.data?.administrator
  const letters = initials(administrator?.name ?? '')
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon
          variant="transparent"
          size="lg"
          radius="xl"
          aria-label={`${letters}: ${t('shell.account')}`}
        >
          <Avatar size={30} radius="xl" color="ink" variant="filled">
            {letters}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Box px="sm" py="xs">
          <Text size="sm" fw={600}>
            {administrator?.name}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {administrator?.email}
          </Text>
        </Box>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={() => signOut.mutate()}>
          {t('shell.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** At most two letters: of the first and of the last name. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return [words.at(0), words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase() ?? '')
    .join('')
}
