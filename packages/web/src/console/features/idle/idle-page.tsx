import { idleReasons } from '@apportion/core/licenses/idle'
import { Button, Group, NativeSelect, Text } from '@mantine/core'
import { IconMoon } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { IdleSummary } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { useBegin } from '../interventions/queries.ts'
import { useIdleColumns } from './idle-columns.tsx'
import { idleLicensesQuery, idleSummaryQuery, useLook } from './queries.ts'
import { ReasonTiles } from './reason-tiles.tsx'
import type { IdleSearch } from './search.ts'
import { UnseenDays } from './unseen-days.tsx'

/** L11: licenses that nobody can use, by reason, and the way to free them. */
export function IdlePage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/signed-in/idle' })
  const navigate = useNavigate({ from: '/idle' })
  const summary = useQuery(idleSummaryQuery(search.assetId))
  const result = useInfiniteQuery(idleLicensesQuery(search))
  const columns = useIdleColumns()
  useFollow(summary.data, search.assetId)
  const set = (change: IdleSearch) =>
    void navigate({ search: (present) => ({ ...present, ...change }), replace: true, resetScroll: false })
  const isNarrowed = Object.values(search).some((part) => part !== undefined)
  return (
    <Page title={t('idle.title')} lead={t('idle.lead')} actions={<Looking summary={summary.data} />}>
      {summary.isError && <ProblemAlert error={summary.error} onRetry={() => void summary.refetch()} />}
      <ReasonTiles summary={summary.data} chosen={search.reason} onChoose={(reason) => set({ reason })} />
      <Card title={t('idle.list')} flush actions={<FreeButton summary={summary.data} search={search} />}>
        <Filters search={search} onChange={set} />
        <Rows
          label={t('idle.list')}
          columns={columns}
          result={result}
          rowKey={({ asset, kind, id }) => `${asset.id} ${kind} ${id}`}
          rowHeight={60}
          sketched={5}
          empty={
            <Empty icon={<IconMoon />} title={t(isNarrowed ? 'idle.none_like_this' : 'idle.none')}>
              {isNarrowed ? '' : t('idle.none_hint')}
            </Empty>
          }
        />
      </Card>
      {/* Below the list, whose height is known only once it is read. */}
      {!result.isPending && summary.data !== undefined && <UnseenDays days={summary.data.unseenDays} />}
    </Page>
  )
}

/** The list is read again when a look counted otherwise, of the same app or of all. */
function useFollow(summary: IdleSummary | undefined, assetId: number | undefined): void {
  const queries = useQueryClient()
  const step = summary?.reasons.map(({ reason, licenses }) => `${reason} ${licenses}`).join()
  const last = useRef<{ readonly assetId: number | undefined; readonly step: string }>(undefined)
  useEffect(() => {
    if (step === undefined) return
    const before = last.current
    last.current = { assetId, step }
    // The first counts come with the list itself.
    if (before === undefined || before.assetId !== assetId || before.step === step) return
    void queries.invalidateQueries({ queryKey: ['idle', 'licenses'] })
  }, [queries, assetId, step])
}

function Looking({ summary }: { readonly summary: IdleSummary | undefined }) {
  const { t } = useTranslation()
  const { dateTime, relative } = useFormats()
  const look = useLook()
  const asOf = summary?.asOf ?? null
  const isLooking = look.isPending || summary?.looking === true
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed" title={asOf === null ? '' : dateTime(asOf)} role="status">
        {summary !== undefined && asOf === null && !isLooking && t('idle.never')}
        {isLooking ? t('idle.looking') : asOf !== null && t('idle.as_of', { at: relative(asOf) })}
      </Text>
      <Button variant="default" disabled={isLooking} onClick={() => look.mutate()}>
        {t('idle.look')}
      </Button>
    </Group>
  )
}

interface FiltersProps {
  readonly search: IdleSearch
  readonly onChange: (change: IdleSearch) => void
}

function Filters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  // Of all apps, whichever is chosen.
  const { data: whole } = useQuery(idleSummaryQuery(undefined))
  const apps = whole?.apps ?? []
  const isNamed = search.assetId === undefined || apps.some(({ asset }) => asset.id === search.assetId)
  return (
    <Group px="lg" pb="md" gap="sm">
      <SearchInput
        label={t('idle.search')}
        value={search.q ?? ''}
        onChange={(text) => onChange({ q: text === '' ? undefined : text })}
      />
      <NativeSelect
        aria-label={t('idle.reason')}
        value={search.reason ?? ''}
        data={[
          { value: '', label: t('idle.all') },
          ...idleReasons.map((value) => ({ value, label: t(`idle.reasons.${value}`) })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ reason: idleReasons.find((known) => known === value) })
        }
      />
      <NativeSelect
        aria-label={t('idle.app')}
        value={search.assetId ?? ''}
        data={[
          { value: '', label: t('idle.any_app') },
          ...apps.map(({ asset, tokenName, licenses }) => ({
            value: String(asset.id),
            label: `${asset.name} · ${tokenName} (${number(licenses)})`,
          })),
          ...(isNamed ? [] : [{ value: String(search.assetId), label: `#${search.assetId}` }]),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ assetId: value === '' ? undefined : Number(value) })
        }
      />
    </Group>
  )
}

/** Leads to a preview of freeing what the tiles and filters have chosen; what is held outside is chosen there. */
function FreeButton({
  summary,
  search: { reason, assetId },
}: {
  readonly summary: IdleSummary | undefined
  readonly search: IdleSearch
}) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const begin = useBegin()
  const count =
    reason === undefined
      ? (summary?.canComeBack ?? 0)
      : (summary?.reasons.find((each) => each.reason === reason)?.canComeBack ?? 0)
  const free = () =>
    begin.mutate({
      kind: 'take_back',
      scope: {
        idle: reason === undefined ? [...idleReasons] : [reason],
        ...(assetId === undefined ? {} : { assetId }),
      },
    })
  return (
    <>
      <Button size="xs" disabled={count === 0} loading={begin.isPending} onClick={free}>
        {t('idle.preview', { count, shown: number(count) })}
      </Button>
      {begin.isError && <ProblemAlert error={begin.error} />}
    </>
  )
}
