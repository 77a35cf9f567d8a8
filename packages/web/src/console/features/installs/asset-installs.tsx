import { type InstallState, installStates } from '@apportion/core/installs/install'
import { Group, NativeSelect } from '@mantine/core'
import { IconDevices } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AssetInstallCounts } from '../../../shared/api/shapes.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import type { AssetSearch } from '../apps/search.ts'
import { useInstallColumns } from './install-columns.tsx'
import { InstallCounts } from './install-counts.tsx'
import styles from './installs.module.css'
import { assetInstallCountsQuery, assetInstallsQuery } from './queries.ts'

/** D4: on how many devices under management an app is, and on which, each with the way to why. */
export function AssetInstalls({ assetId }: { readonly assetId: number }) {
  const { t } = useTranslation()
  const { q, on } = useSearch({ from: '/signed-in/apps/$id' })
  const navigate = useNavigate({ from: '/apps/$id' })
  const counts = useQuery(assetInstallCountsQuery(assetId))
  const result = useInfiniteQuery(assetInstallsQuery(assetId, { q, state: on }))
  const columns = useInstallColumns(assetId)
  useFollow(assetId, counts.data)
  const set = (change: AssetSearch) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  const isNarrowed = q !== undefined || on !== undefined
  return (
    <div className={styles.parts}>
      {counts.isError && <ProblemAlert error={counts.error} onRetry={() => void counts.refetch()} />}
      <Card title={t('installs.counts')}>
        <InstallCounts counts={counts.data} chosen={on} onChoose={(state) => set({ on: state })} />
      </Card>
      {/* Below the counts, whose height is known only once they are read. */}
      {!counts.isPending && (
        <Card title={t('installs.list')} flush>
          <Group p="md" gap="sm">
            <SearchInput
              label={t('installs.search')}
              value={q ?? ''}
              onChange={(text) => set({ q: text === '' ? undefined : text })}
            />
            <StateSelect state={on} onChange={(state) => set({ on: state })} />
          </Group>
          <Rows
            label={t('installs.list')}
            columns={columns}
            result={result}
            rowKey={({ deviceId }) => deviceId}
            rowHeight={60}
            sketched={5}
            empty={
              <Empty
                icon={<IconDevices />}
                title={t(isNarrowed ? 'installs.none_like_this' : 'installs.none_on_devices')}
              >
                {isNarrowed ? '' : t('installs.none_on_devices_hint')}
              </Empty>
            }
          />
        </Card>
      )}
    </div>
  )
}

interface StateSelectProps {
  readonly state: InstallState | undefined
  readonly onChange: (state: InstallState | undefined) => void
}

function StateSelect({ state, onChange }: StateSelectProps) {
  const { t } = useTranslation()
  return (
    <NativeSelect
      aria-label={t('installs.filter')}
      value={state ?? ''}
      data={[
        { value: '', label: t('installs.all') },
        ...installStates.map((value) => ({ value, label: t(`installs.states.${value}`) })),
      ]}
      onChange={({ currentTarget: { value } }) => onChange(installStates.find((known) => known === value))}
    />
  )
}

/** The counts are followed closely; the list is read again when they changed. */
function useFollow(assetId: number, counts: AssetInstallCounts | undefined): void {
  const queries = useQueryClient()
  const step = counts?.states.map(({ state, devices }) => `${state} ${devices}`).join()
  const last = useRef<string>(undefined)
  useEffect(() => {
    const before = last.current
    last.current = step
    // The first counts come with the list itself.
    if (before === undefined || before === step) return
    void queries.invalidateQueries({ queryKey: ['installs', 'asset', assetId] })
  }, [queries, assetId, step])
}
