import { doubleSpendKinds } from '@apportion/core/people/double-spend'
import { SegmentedControl, Text } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DoubleSpend } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { LicenseAction } from '../interventions/license-action.tsx'
import { doubleSpendQuery, doubleSpendSummaryQuery } from './queries.ts'

/** Licenses of which one would do, in pairs, with what to do about each (L14). */
export function DoubleSpendPage() {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { kind = 'device_and_user' } = useSearch({ from: '/signed-in/double-spend' })
  const navigate = useNavigate({ from: '/double-spend' })
  const summary = useQuery(doubleSpendSummaryQuery)
  const columns = useColumns()
  const result = useInfiniteQuery(doubleSpendQuery(kind))
  const sums = summary.data?.kinds.find((each) => each.kind === kind)
  const labelOf = (value: DoubleSpend['kind']) => {
    const found = summary.data?.kinds.find((each) => each.kind === value)?.found
    return found === undefined
      ? t(`double.kinds.${value}`)
      : `${t(`double.kinds.${value}`)} (${number(found)})`
  }
  return (
    <Page title={t('double.title')} lead={t('double.lead')}>
      <SegmentedControl
        aria-label={t('double.kind')}
        value={kind}
        onChange={(value) => {
          const chosen = doubleSpendKinds.find((each) => each === value)
          void navigate({ search: { kind: chosen }, replace: true })
        }}
        data={doubleSpendKinds.map((value) => ({ value, label: labelOf(value) }))}
        orientation="horizontal"
        style={{ alignSelf: 'start', maxWidth: '100%', flexWrap: 'wrap' }}
      />
      <Text size="sm" c="dimmed">
        {t(`double.hints.${kind}`)}{' '}
        {sums !== undefined &&
          sums.inMigration > 0 &&
          t('double.in_migration_count', { shown: number(sums.inMigration) })}
      </Text>
      <Card flush>
        <Rows
          label={t('double.title')}
          columns={columns}
          result={result}
          rowKey={({ first, second }) =>
            [first.asset.id, first.holder.id, second.asset.id, second.holder.id].join(' ')
          }
          rowHeight={64}
          empty={
            <Empty icon={<IconCopy />} title={t('double.none')}>
              {t('double.none_hint')}
            </Empty>
          }
        />
      </Card>
    </Page>
  )
}

function useColumns(): readonly Column<DoubleSpend>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'app',
      header: t('double.columns.app'),
      cell: ({ first, user }) => (
        <>
          <TextLink to="/apps/$id" params={{ id: first.asset.id }} size="sm" fw={550} className="truncate">
            {first.asset.name}
          </TextLink>
          {user !== null && (
            <Text size="xs" className="truncate">
              <TextLink to="/users/$id" params={{ id: user.id }} inherit>
                {user.userName}
              </TextLink>
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'first',
      header: t('double.columns.first'),
      from: 'md',
      cell: ({ first }) => <Side side={first} />,
    },
    {
      key: 'second',
      header: t('double.columns.second'),
      from: 'md',
      cell: ({ second }) => <Side side={second} />,
    },
    {
      key: 'advice',
      header: t('double.columns.advice'),
      cell: ({ advice }) => (
        <Badge tone={advice === 'in_migration' || advice === 'keep' ? 'neutral' : 'warn'}>
          {t(`double.advice.${advice}`)}
        </Badge>
      ),
    },
    {
      key: 'actions',
      header: t('assignments.columns.actions'),
      hiddenHeader: true,
      width: '4rem',
      align: 'end',
      cell: (pair) => <TakeBack pair={pair} />,
    },
  ]
}

function Side({ side }: { readonly side: DoubleSpend['first'] }) {
  const { t } = useTranslation()
  const { holder, token } = side
  return (
    <>
      <Text size="sm" className="truncate">
        {holder.name ?? holder.id}
      </Text>
      <Text size="xs" c="dimmed" className="truncate">
        {t(`double.holders.${holder.kind}`)} · {token.name}
      </Text>
    </>
  )
}

/** Leads to the preview of taking back the license that can go. */
function TakeBack({ pair }: { readonly pair: DoubleSpend }) {
  const { advice, first, second } = pair
  if (advice !== 'free_first' && advice !== 'free_second') return null
  const { asset, holder, ours } = advice === 'free_first' ? first : second
  return (
    <LicenseAction
      assetId={asset.id}
      holder={{ kind: holder.kind, id: holder.id, state: 'held', ours }}
      isWithheld={false}
      what={holder.name ?? holder.id}
    />
  )
}
