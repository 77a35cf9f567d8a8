import { Anchor, Button, Skeleton, Table, Text, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiKey } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { NewApiKey } from './new-api-key.tsx'
import { apiKeysQuery, useRevokeApiKey } from './queries.ts'

/** Settings; today the keys with which programs use the API (P4). */
export function SettingsPage() {
  const { t } = useTranslation()
  const keys = useQuery(apiKeysQuery)
  const [adding, add] = useDisclosure(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  return (
    <Page title={t('settings.title')}>
      <Card
        title={t('settings.api_keys')}
        flush
        actions={
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={add.open}>
            {t('settings.add')}
          </Button>
        }
      >
        <Text size="sm" c="dimmed" px="lg" pb="md">
          {t('settings.lead')}{' '}
          <Anchor href="/api/v1/docs" inherit underline="always">
            {t('settings.docs')}
          </Anchor>
        </Text>
        {keys.isError && <ProblemAlert error={keys.error} onRetry={() => void keys.refetch()} />}
        {keys.isPending && <Skeleton height={120} m="lg" w="auto" />}
        {keys.data?.length === 0 && (
          <Empty icon={<IconKey />} title={t('settings.none')}>
            {t('settings.none_hint')}
          </Empty>
        )}
        {keys.data !== undefined && keys.data.length > 0 && <Keys keys={keys.data} onRevoke={setRevoking} />}
      </Card>
      {adding && <NewApiKey onClose={add.close} />}
      {revoking !== null && <Revoke apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  )
}

interface KeysProps {
  readonly keys: readonly ApiKey[]
  readonly onRevoke: (key: ApiKey) => void
}

function Keys({ keys, onRevoke }: KeysProps) {
  const { t } = useTranslation()
  const { date, relative } = useFormats()
  return (
    <Table verticalSpacing="sm" horizontalSpacing="lg">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('settings.columns.name')}</Table.Th>
          <Table.Th scope="col" visibleFrom="sm">
            {t('settings.columns.used')}
          </Table.Th>
          <Table.Th scope="col" visibleFrom="xs">
            {t('settings.columns.expires')}
          </Table.Th>
          <Table.Th scope="col">
            <VisuallyHidden>{t('assignments.columns.actions')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => (
          <Table.Tr key={key.id}>
            <Table.Td>
              <Text size="sm" fw={550}>
                {key.name}
              </Text>
              <Text size="xs" c="dimmed">
                {t('settings.created', { name: key.createdBy.name, date: date(key.createdAt) })}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              {key.lastUsedAt === null ? t('settings.never_used') : relative(key.lastUsedAt)}
            </Table.Td>
            <Table.Td visibleFrom="xs">
              {key.expiresAt === null ? t('settings.never_expires') : date(key.expiresAt)}
            </Table.Td>
            <Table.Td ta="end">
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t('settings.revoke_of', { name: key.name })}
                onClick={() => onRevoke(key)}
              >
                {t('settings.revoke')}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Revoke({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const revoke = useRevokeApiKey()
  return (
    <Ask
      title={t('settings.revoke_of', { name: apiKey.name })}
      verb={t('settings.revoke')}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(apiKey.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('settings.revoke_text')}
    </Ask>
  )
}
