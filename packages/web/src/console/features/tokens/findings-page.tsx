import { Text } from '@mantine/core'
import { IconEyeCheck } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SyncFinding } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { findingsQuery, tokenQuery } from './queries.ts'

const tones: Record<SyncFinding['change'], Tone> = { found: 'info', granted: 'good', vanished: 'warn' }

/** S2: what a sync found that we did not know, license by license. */
export function FindingsPage() {
  const { t } = useTranslation()
  const { id, syncId } = useParams({ from: '/signed-in/tokens/$id/syncs/$syncId' })
  const token = useQuery(tokenQuery(id))
  const result = useInfiniteQuery(findingsQuery(syncId))
  const columns = useColumns()
  return (
    <Page
      title={t('tokens.findings.title')}
      above={{ label: t('tokens.title'), to: '/tokens' }}
      actions={
        <ButtonLink to="/tokens/$id" params={{ id }} variant="default">
          {token.data?.name ?? t('tokens.one')}
        </ButtonLink>
      }
      lead={t('tokens.findings.lead')}
    >
      <Card title={t('tokens.findings.list')} flush>
        <Rows
          label={t('tokens.findings.list')}
          columns={columns}
          result={result}
          rowKey={({ asset, holder, change }) => `${asset.id} ${holder.kind} ${holder.id} ${change}`}
          sketched={4}
          empty={
            <Empty icon={<IconEyeCheck />} title={t('tokens.findings.none')}>
              {t('tokens.findings.none_hint')}
            </Empty>
          }
        />
      </Card>
    </Page>
  )
}

function useColumns(): readonly Column<SyncFinding>[] {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  return [
    {
      key: 'change',
      header: t('tokens.findings.columns.change'),
      width: '17rem',
      phoneWidth: '40%',
      cell: ({ change }) => <Badge tone={tones[change]}>{t(`tokens.findings.changes.${change}`)}</Badge>,
    },
    {
      key: 'holder',
      header: t('tokens.findings.columns.holder'),
      cell: ({ holder }) => (
        <>
          <Text size="sm" className="truncate">
            {holder.name ?? holder.id}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {t(`tokens.findings.kinds.${holder.kind}`)} {holder.name === null ? '' : holder.id}
          </Text>
        </>
      ),
    },
    {
      key: 'asset',
      header: t('tokens.findings.columns.asset'),
      from: 'xs',
      cell: ({ asset }) => (
        <RowLink to="/apps/$id" params={{ id: asset.id }}>
          {asset.name}
        </RowLink>
      ),
    },
    {
      key: 'at',
      header: t('tokens.findings.columns.at'),
      width: '14rem',
      from: 'md',
      cell: ({ at }) => dateTime(at),
    },
  ]
}
