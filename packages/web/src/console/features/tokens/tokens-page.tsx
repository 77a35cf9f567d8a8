import { Group, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import { isUnderWay, tokensQuery } from './queries.ts'
import { SyncBadge } from './sync-state.tsx'
import { HealthBadge } from './token-health.tsx'
import { TokenStateBadge } from './token-state.tsx'

/** Content tokens with their state, expiry, licenses and last sync (T3). */
export function TokensPage() {
  const { t } = useTranslation()
  const { q } = useSearch({ from: '/signed-in/tokens' })
  const navigate = useNavigate({ from: '/tokens' })
  const columns = useColumns()
  const result = useInfiniteQuery(tokensQuery(q))
  return (
    <Page
      title={t('tokens.title')}
      lead={t('tokens.lead')}
      actions={
        <ButtonLink to="/tokens/add" leftSection={<IconPlus size={16} aria-hidden="true" />}>
          {t('tokens.add')}
        </ButtonLink>
      }
    >
      <Group>
        <SearchInput
          label={t('tokens.search')}
          value={q ?? ''}
          onChange={(text) => void navigate({ search: text === '' ? {} : { q: text }, replace: true })}
        />
      </Group>
      <Card flush>
        <Rows
          label={t('tokens.title')}
          columns={columns}
          result={result}
          rowKey={({ id }) => id}
          rowHeight={64}
          sketched={4}
          empty={
            q === undefined ? (
              <Empty
                icon={<IconKey />}
                title={t('tokens.none')}
                action={<ButtonLink to="/tokens/add">{t('tokens.add')}</ButtonLink>}
              >
                {t('tokens.none_hint')}
              </Empty>
            ) : (
              <Empty icon={<IconKey />} title={t('common.nothing_found')}>
                {t('common.nothing_found_hint', { q })}
              </Empty>
            )
          }
        />
      </Card>
    </Page>
  )
}

function useColumns(): readonly Column<Token>[] {
  const { t } = useTranslation()
  const { number, date, relative } = useFormats()
  return [
    {
      key: 'name',
      header: t('tokens.columns.name'),
      cell: (token) => (
        <>
          <RowLink to="/tokens/$id" params={{ id: token.id }}>
            {token.name}
          </RowLink>
          <Text size="xs" c="dimmed" className="truncate">
            {token.organizationName}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('tokens.columns.state'),
      width: '10.5rem',
      cell: ({ state }) => <TokenStateBadge state={state} />,
    },
    {
      key: 'health',
      header: t('token_care.health.label'),
      width: '8rem',
      from: 'md',
      cell: ({ health }) => <HealthBadge health={health} />,
    },
    {
      key: 'expires',
      header: t('tokens.columns.expires'),
      width: '8rem',
      from: 'md',
      cell: ({ expiresAt }) => (
        <>
          <Text size="sm">{date(expiresAt)}</Text>
          <Text size="xs" c="dimmed">
            {relative(expiresAt)}
          </Text>
        </>
      ),
    },
    {
      key: 'licenses',
      header: t('tokens.columns.licenses'),
      width: '11.5rem',
      from: 'xs',
      cell: ({ counts }) => {
        const label = t('usage.of', { used: number(counts.used), total: number(counts.total) })
        return (
          <>
            <Text size="sm" mb={4}>
              {label}
            </Text>
            <UsageBar usage={counts} label={label} />
          </>
        )
      },
    },
    {
      key: 'sync',
      header: t('tokens.columns.sync'),
      width: '12rem',
      from: 'lg',
      cell: ({ latestSync, exactAsOf }) =>
        latestSync !== null && (isUnderWay(latestSync) || latestSync.state === 'failed') ? (
          <SyncBadge sync={latestSync} />
        ) : (
          <Text size="sm" c="dimmed">
            <Freshness exactAsOf={exactAsOf} never={t('tokens.never_synced')} />
          </Text>
        ),
    },
  ]
}
