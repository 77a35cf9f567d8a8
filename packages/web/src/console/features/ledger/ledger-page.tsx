import { Button, CloseButton, Group, NativeSelect, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { LedgerRows } from './ledger-rows.tsx'
import { ledgerCsvAddress } from './queries.ts'
import { changes, type LedgerAddress } from './search.ts'

/** L13: every license that changed hands, with the reason. */
export function LedgerPage() {
  const { t } = useTranslation()
  const { q, ...address } = useSearch({ from: '/signed-in/ledger' })
  const navigate = useNavigate({ from: '/ledger' })
  const search = { ...address, serialNumber: q?.toUpperCase() }
  const set = (change: LedgerAddress) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  return (
    <Page title={t('ledger.title')} lead={t('ledger.lead')}>
      <Group gap="sm">
        <SearchInput
          label={t('ledger.search')}
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text })}
        />
        <NativeSelect
          aria-label={t('ledger.filter')}
          value={address.change ?? ''}
          data={[
            { value: '', label: t('ledger.all') },
            ...changes.map((value) => ({ value, label: t(`ledger.changes.${value}`) })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            set({ change: changes.find((known) => known === value) })
          }
        />
        <Button
          component="a"
          href={ledgerCsvAddress(search)}
          download
          variant="default"
          ml="auto"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          {t('common.export')}
        </Button>
      </Group>
      {address.userId !== undefined && (
        <Group gap="xs">
          <Text size="sm">{t('ledger.of_user')}</Text>
          <CloseButton
            size="sm"
            aria-label={t('common.clear_filters')}
            onClick={() => set({ userId: undefined })}
          />
        </Group>
      )}
      <Card flush>
        <LedgerRows search={search} />
      </Card>
    </Page>
  )
}
