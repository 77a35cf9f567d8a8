import { Button, Group, NativeSelect, Text } from '@mantine/core'
import { IconApps, IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { tokensQuery } from '../tokens/queries.ts'
import styles from './apps.module.css'
import { AssetUsage } from './asset-usage.tsx'
import { assetsQuery } from './queries.ts'
import { type AssetsSearch, kinds, platforms, shows, sorts } from './search.ts'

/** Everything that is owned, one row per location, with its counts (L1, C3). */
export function AppsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/signed-in/apps' })
  const columns = useColumns()
  const result = useInfiniteQuery(assetsQuery(search))
  const filtered = Object.entries(search).some(([key, value]) => key !== 'sort' && value !== undefined)
  const exportAddress = `/api/v1/assets.csv${search.tokenId === undefined ? '' : `?tokenId=${search.tokenId}`}`
  return (
    <Page
      title={t('apps.title')}
      lead={<Lead result={result.data?.pages.flatMap((page) => page.items)} />}
      actions={
        <Button
          component="a"
          href={exportAddress}
          download="apps.csv"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          {t('common.export')}
        </Button>
      }
    >
      <Filters search={search} />
      <Card flush>
        <Rows
          label={t('apps.title')}
          columns={columns}
          result={result}
          rowKey={({ id }) => id}
          rowHeight={68}
          empty={filtered ? <NothingFound /> : <NothingOwned />}
        />
      </Card>
    </Page>
  )
}

/** S6: the oldest moment at which the counts that are shown were exact. */
function Lead({ result }: { readonly result: readonly Asset[] | undefined }) {
  const { t } = useTranslation()
  if (result === undefined || result.length === 0) return t('apps.lead')
  const moments = result.map(({ token }) => token.exactAsOf)
  const oldest = moments.includes(null)
    ? null
    : moments.reduce((one, other) => ((one ?? '') < (other ?? '') ? one : other))
  return (
    <>
      {t('apps.lead')} <Freshness exactAsOf={oldest} never={t('overview.never_exact')} />
    </>
  )
}

function NothingOwned() {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<IconApps />}
      title={t('apps.none')}
      action={<ButtonLink to="/tokens/add">{t('tokens.add')}</ButtonLink>}
    >
      {t('apps.none_hint')}
    </Empty>
  )
}

function NothingFound() {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<IconApps />}
      title={t('common.nothing_found')}
      action={
        <ButtonLink to="/apps" variant="default">
          {t('common.clear_filters')}
        </ButtonLink>
      }
    >
      {t('apps.nothing_found_hint')}
    </Empty>
  )
}

function Filters({ search }: { readonly search: AssetsSearch }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/apps' })
  const tokens = useInfiniteQuery(tokensQuery())
  const set = (change: AssetsSearch) => void navigate({ search: { ...search, ...change }, replace: true })
  const choice = <Choice extends string>(text: string, choices: readonly Choice[]) =>
    choices.find((allowed) => allowed === text)
  const all = { value: '', label: t('apps.all') }
  const tokenChoices = (tokens.data?.pages ?? []).flatMap(({ items }) => items)
  return (
    <Group gap="sm" align="flex-end">
      <SearchInput
        label={t('apps.search')}
        value={search.q ?? ''}
        onChange={(q) => set({ q: q === '' ? undefined : q })}
      />
      <NativeSelect
        className={styles.filter ?? ''}
        aria-label={t('apps.filters.token')}
        value={String(search.tokenId ?? '')}
        data={[
          { value: '', label: t('apps.all_tokens') },
          ...tokenChoices.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          set({ tokenId: value === '' ? undefined : Number(value) })
        }
      />
      <NativeSelect
        className={styles.filter ?? ''}
        aria-label={t('apps.filters.kind')}
        value={search.kind ?? ''}
        data={[
          { ...all, label: t('apps.all_kinds') },
          ...kinds.map((value) => ({ value, label: t(`apps.kinds.${value}`) })),
        ]}
        onChange={({ currentTarget: { value } }) => set({ kind: choice(value, kinds) })}
      />
      <NativeSelect
        className={styles.filter ?? ''}
        aria-label={t('apps.filters.platform')}
        value={search.platform ?? ''}
        data={[
          { ...all, label: t('apps.all_platforms') },
          ...platforms.map((value) => ({ value, label: value })),
        ]}
        onChange={({ currentTarget: { value } }) => set({ platform: choice(value, platforms) })}
      />
      <NativeSelect
        className={styles.filter ?? ''}
        aria-label={t('apps.filters.show')}
        value={search.show ?? ''}
        data={[
          { ...all, label: t('apps.shows.all') },
          ...shows.map((value) => ({ value, label: t(`apps.shows.${value}`) })),
        ]}
        onChange={({ currentTarget: { value } }) => set({ show: choice(value, shows) })}
      />
      <NativeSelect
        className={styles.filter ?? ''}
        aria-label={t('apps.filters.sort')}
        value={search.sort ?? 'name'}
        data={sorts.map((value) => ({ value, label: t(`apps.sorts.${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          set({ sort: value === 'name' ? undefined : choice(value, sorts) })
        }
      />
    </Group>
  )
}

function useColumns(): readonly Column<Asset>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  return [
    {
      key: 'name',
      header: t('apps.columns.name'),
      cell: ({ id, title }) => (
        <div className={styles.title}>
          <AppIcon url={title.iconUrl} kind={title.kind} />
          <div className={styles.names}>
            <RowLink to="/apps/$id" params={{ id }}>
              {title.name}
            </RowLink>
            <Text size="xs" c="dimmed" className="truncate">
              {title.publisher ?? (title.nameKnown ? '' : t('apps.name_unknown'))}
            </Text>
          </div>
        </div>
      ),
    },
    {
      key: 'token',
      header: t('apps.columns.token'),
      width: '11rem',
      from: 'md',
      cell: ({ token }) => token.name,
    },
    {
      key: 'platforms',
      header: t('apps.columns.platforms'),
      width: '9rem',
      from: 'lg',
      cell: ({ platforms }) => (
        <Text size="xs" c="dimmed" span>
          {platforms.join(', ')}
        </Text>
      ),
    },
    {
      key: 'usage',
      header: t('apps.columns.usage'),
      width: '15rem',
      cell: ({ counts }) => <AssetUsage counts={counts} />,
    },
    {
      key: 'available',
      header: t('usage.available'),
      width: '7rem',
      from: 'xs',
      align: 'end',
      cell: ({ counts }) => (counts.available === null ? t('usage.unlimited') : number(counts.available)),
    },
    {
      key: 'waiting',
      header: t('usage.waiting_label'),
      width: '6rem',
      from: 'md',
      align: 'end',
      cell: ({ counts }) =>
        counts.waiting > 0 ? <span className={styles.waiting}>{number(counts.waiting)}</span> : '–',
    },
  ]
}
