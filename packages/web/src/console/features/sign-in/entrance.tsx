import { Box, Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Logo } from '../../../shared/ui/logo.tsx'
import { LanguageMenu, SchemeMenu } from '../shell/preferences.tsx'

interface EntranceProps {
  readonly title: string
  readonly lead: string
  readonly children: ReactNode
}

/** The frame of the pages that are seen before anyone is signed in. */
export function Entrance({ title, lead, children }: EntranceProps) {
  const { t } = useTranslation()
  return (
    <Box mih="100dvh" p="md" style={{ display: 'flex', flexDirection: 'column' }}>
      <title>{`${title} · Apportion`}</title>
      <Group component="header" justify="flex-end" gap="xs">
        <LanguageMenu />
        <SchemeMenu />
      </Group>
      <Center component="main" flex={1}>
        <Stack w="100%" maw={420} gap="lg" pb="10dvh">
          <Group gap="sm" justify="center">
            <Logo size={36} />
            <Text fw={650} fz="xl">
              Apportion
            </Text>
          </Group>
          <Paper
            p={{ base: 'lg', xs: 'xl' }}
            shadow="sm"
            style={{ border: '1px solid var(--app-line)', background: 'var(--app-card)' }}
          >
            <Title order={1} fz="1.375rem">
              {title}
            </Title>
            <Text c="dimmed" size="sm" mt={4} mb="lg">
              {lead}
            </Text>
            {children}
          </Paper>
          <Text size="xs" c="dimmed" ta="center">
            {t('sign_in.tagline')}
          </Text>
        </Stack>
      </Center>
    </Box>
  )
}
