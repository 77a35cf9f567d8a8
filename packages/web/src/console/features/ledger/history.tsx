import { Button, Group, Text, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { HoldersAt } from './holders-at.tsx'
import { LedgerRows } from './ledger-rows.tsx'
import { type LedgerSearch, ledgerCsvAddress } from './queries.ts'

interface HistoryProps {
  /** One app, or one device. */
  readonly search: Pick<LedgerSearch, 'assetId' | 'serialNumber'>
  readonly without: 'app' | 'holder'
}

/** L13: the history of one app or one device, and who held what at a moment of it. */
export function History({ search, without }: HistoryProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const moment = new Date(typed)
  const at = typed === '' || Number.isNaN(moment.getTime()) ? null : moment.toISOString()
  return (
    <Card flush>
      <Group p="md" gap="sm" align="flex-end">
        <TextInput
          type="datetime-local"
          label={t('ledger.at')}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        {at !== null && (
          <Button variant="subtle" onClick={() => setTyped('')}>
            {t('ledger.now')}
          </Button>
        )}
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
      {at === null ? (
        <LedgerRows search={search} without={without} />
      ) : (
        <>
          <Text size="sm" c="dimmed" px="lg" pb="sm">
            {t('ledger.at_hint')}
          </Text>
          <HoldersAt at={at} search={search} />
        </>
      )}
    </Card>
  )
}
