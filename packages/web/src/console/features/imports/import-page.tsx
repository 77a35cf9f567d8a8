import { Button, Group, Radio, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconDownload, IconFileImport } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportResult } from '../../../shared/api/shapes.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { FileDrop } from '../../../shared/ui/file-drop.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { saveExample } from './examples.ts'
import { ImportHistory } from './import-history.tsx'
import { ImportOutcome } from './import-outcome.tsx'
import { useImport } from './queries.ts'

type Kind = ImportResult['kind']
type OnError = ImportResult['onError']

const kinds = ['devices', 'users', 'groups'] as const satisfies readonly Kind[]
const choices = ['keep_nothing', 'keep_good_rows'] as const satisfies readonly OnError[]

/** P3: devices, users and groups from CSV; bad rows are named with their line and reason. */
export function ImportPage() {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Kind>('devices')
  const [onError, setOnError] = useState<OnError>('keep_nothing')
  const [file, setFile] = useState<File | null>(null)
  const upload = useImport()
  const chooseKind = (value: string) => {
    setKind(kinds.find((known) => known === value) ?? 'devices')
    upload.reset()
  }
  return (
    <Page title={t('imports.title')} lead={t('imports.lead')}>
      <Card>
        <Stack gap="lg">
          <Group gap="md" justify="space-between">
            <SegmentedControl
              aria-label={t('imports.kind')}
              value={kind}
              data={kinds.map((value) => ({ value, label: t(`imports.kinds.${value}`) }))}
              onChange={chooseKind}
            />
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconDownload size={14} aria-hidden="true" />}
              onClick={() => saveExample(kind)}
            >
              {t('imports.example')}
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {t(`imports.columns.${kind}`)}
          </Text>
          <FileDrop
            accept=".csv,text/csv"
            prompt={t('imports.drop')}
            button={t(file === null ? 'imports.choose' : 'imports.choose_other')}
            hint={t('imports.format')}
            file={file}
            disabled={upload.isPending}
            onFile={(chosen) => {
              setFile(chosen)
              upload.reset()
            }}
          />
          <Radio.Group
            label={t('imports.on_error')}
            value={onError}
            onChange={(value) => setOnError(choices.find((known) => known === value) ?? 'keep_nothing')}
          >
            <Stack gap="xs" mt="xs">
              {choices.map((value) => (
                <Radio key={value} value={value} label={t(`imports.on_errors.${value}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button
              disabled={file === null}
              loading={upload.isPending}
              leftSection={<IconFileImport size={16} aria-hidden="true" />}
              onClick={() => file !== null && upload.mutate({ kind, onError, file })}
            >
              {t('imports.button')}
            </Button>
          </Group>
          {upload.isError && <ProblemAlert title={t('imports.refused')} error={upload.error} />}
          {upload.data !== undefined && <ImportOutcome result={upload.data} />}
        </Stack>
      </Card>
      <ImportHistory />
    </Page>
  )
}
