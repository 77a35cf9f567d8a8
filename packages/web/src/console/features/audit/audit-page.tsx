import { unwrap } from '@apportion/api-client/client'
import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { AuditEntry } from '../../../shared/api/shapes.ts'
import { hasOwn } from '../../../shared/has-own.ts'
import { en } from '../../../shared/i18n/en/en.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'

/** M4: who changed what, newest first. */
export function AuditPage() {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(
    pagedQuery(['audit'], async ({ cursor, signal }) =>
      unwrap(await api.GET('/api/v1/audit', { params: { query: setOnly({ cursor, limit: 100 }) }, signal })),
    ),
  )
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')}>
      <Card flush>
        <Rows
          label={t('audit.title')}
          columns={columns}
          result={result}
          rowKey={({ seq }) => seq}
          empty={<Empty icon={<IconHistory />} title={t('audit.none')} />}
        />
      </Card>
    </Page>
  )
}

function useColumns(): readonly Column<AuditEntry>[] {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const actionText = (action: string) => {
    const key = action.replaceAll('.', '_')
    return hasOwn(en.audit.actions, key) ? t(`audit.actions.${key}`) : action
  }
  return [
    {
      key: 'at',
      header: t('audit.columns.at'),
      width: '13.5rem',
      from: 'xs',
      cell: ({ at }) => dateTime(at),
    },
    {
      key: 'who',
      header: t('audit.columns.who'),
      cell: ({ actor }) => (
        <>
          <Text size="sm" className="truncate">
            {actor.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`audit.actors.${actor.kind}`)}
          </Text>
        </>
      ),
    },
    {
      key: 'what',
      header: t('audit.columns.what'),
      cell: ({ action, subject }) => (
        <>
          <Text size="sm" fw={550} className="truncate">
            {actionText(action)}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {subject.name ?? subject.id ?? ''}
          </Text>
        </>
      ),
    },
    {
      key: 'details',
      header: t('audit.columns.details'),
      from: 'md',
      cell: ({ details }) => <Details details={details} />,
    },
  ]
}

function Details({ details }: { readonly details: Readonly<Record<string, unknown>> }) {
  const text = Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
  return (
    <Text size="xs" c="dimmed" span title={text}>
      {text}
    </Text>
  )
}
