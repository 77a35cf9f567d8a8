import { Button, Group, NativeSelect, Text } from '@mantine/core'
import { IconDownload, IconUserOff } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset, Holder } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { LicenseAction } from '../interventions/license-action.tsx'
import { HolderBadge } from './holder-badge.tsx'
import { holdersQuery } from './queries.ts'
import { type AssetSearch, holderFilters as filters } from './search.ts'

/** L1: who holds or waits for a license of this asset, since when and why. */
export function Holders({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation()
  const { q, state } = useSearch({ from: '/signed-in/apps/$id' })
  const navigate = useNavigate({ from: '/apps/$id' })
  const columns = useColumns(asset)
  const result = useInfiniteQuery(holdersQuery(asset.id, { q, state }))
  useFollow(asset)
  const set = (change: AssetSearch) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  return (
    <Card flush>
      <Group p="md" gap="sm">
        <SearchInput
          label={t('holders.search')}
          value={q ?? ''}
          onChange={(text) => set({ q: text === '' ? undefined : text })}
        />
        <NativeSelect
          aria-label={t('holders.filter')}
          value={state ?? ''}
          data={[
            { value: '', label: t('holders.all') },
            ...filters.map((value) => ({ value, label: t(`holders.filters.${value}`) })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            set({ state: filters.find((filter) => filter === value) })
          }
        />
        <Button
          component="a"
          href={`/api/v1/assets/${asset.id}/holders.csv`}
          download
          variant="default"
          ml="auto"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          {t('common.export')}
        </Button>
      </Group>
      <Rows
        label={t('apps.tabs.holders')}
        columns={columns}
        result={result}
        rowKey={(holder) => `${holder.kind} ${holder.id} ${holder.state} ${holder.ours}`}
        rowHeight={60}
        sketched={6}
        empty={
          q === undefined && state === undefined ? (
            <Empty
              icon={<IconUserOff />}
              title={t('holders.none')}
              action={
                <ButtonLink
                  to="/apps/$id"
                  params={{ id: asset.id }}
                  search={{ tab: 'assignments' }}
                  replace
                  resetScroll={false}
                >
                  {t('holders.assign')}
                </ButtonLink>
              }
            >
              {t('holders.none_hint')}
            </Empty>
          ) : (
            <Empty icon={<IconUserOff />} title={t('common.nothing_found')} />
          )
        }
      />
    </Card>
  )
}

/** The counts of the asset are followed closely; its holders are read again when the counts changed. */
function useFollow({ id, counts }: Asset): void {
  const queries = useQueryClient()
  const { used, granting, waiting, withheld } = counts
  const step = `${used} ${granting} ${waiting} ${withheld}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed counts are what makes the holders stale
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['assets', id, 'holders'] })
  }, [queries, id, step])
}

function useColumns(asset: Asset): readonly Column<Holder>[] {
  const { t } = useTranslation()
  const { dateTime, relative, number } = useFormats()
  const why = useWhy()
  return [
    {
      key: 'holder',
      header: t('holders.columns.holder'),
      cell: ({ kind, id, deviceId, deviceName, userName }) => (
        <>
          {kind === 'user' ? (
            <Text size="sm" fw={550} className="truncate" title={id}>
              {userName ?? id}
            </Text>
          ) : deviceId === null ? (
            <Text size="sm" fw={550} className="truncate">
              {id}
            </Text>
          ) : (
            <RowLink to="/devices/$id" params={{ id: deviceId }}>
              {id}
            </RowLink>
          )}
          <Text size="xs" c="dimmed" className="truncate">
            {kind === 'user'
              ? t('holders.person')
              : [deviceName, userName].filter((part) => part !== null && part !== '').join(' · ') ||
                t('holders.unknown')}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('holders.columns.state'),
      width: '14.5rem',
      cell: ({ state, ours, position }) => (
        <>
          <HolderBadge state={state} ours={ours} />
          {position !== null && (
            <Text size="xs" c="dimmed">
              {t('holders.position', { position: number(position) })}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'since',
      header: t('holders.columns.since'),
      width: '10rem',
      from: 'xs',
      cell: ({ since }) => <span title={dateTime(since)}>{relative(since)}</span>,
    },
    {
      key: 'why',
      header: t('holders.columns.why'),
      from: 'md',
      cell: (holder) => <span title={why(holder)}>{why(holder)}</span>,
    },
    {
      key: 'action',
      header: t('assignments.columns.actions'),
      hiddenHeader: true,
      width: '4.5rem',
      phoneWidth: '4.5rem',
      align: 'end',
      cell: (holder) => (
        <LicenseAction
          assetId={asset.id}
          holder={holder}
          isWithheld={holder.why.code === 'taken_back'}
          what={holder.id}
        />
      ),
    },
  ]
}

function useWhy(): (holder: Holder) => string {
  const { t } = useTranslation()
  const { date } = useFormats()
  return ({ why, since, kept }) => {
    if (why.code === 'assignment' && why.groupName === null) return t('holders.why.assignment_gone')
    if (why.code === 'kept') {
      const until = kept?.until ?? null
      return until === null ? t('holders.why.kept_forever') : t('holders.why.kept', { until: date(until) })
    }
    const by = why.by ?? t('interventions.somebody')
    return t(`holders.why.${why.code}`, {
      group: why.groupName ?? '',
      number: why.errorNumber ?? '',
      by,
      at: date(since),
    })
  }
}
