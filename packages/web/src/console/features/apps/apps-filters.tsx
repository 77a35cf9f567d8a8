import { Group, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchInput } from '../../../shared/ui/search-input.tsx'
import { tokensQuery } from '../tokens/queries.ts'
import styles from './apps.module.css'
import { type AssetsSearch, kinds, platforms, shows, sorts } from './search.ts'

/** What the list shows and in which order; all of it is kept in the address. */
export function AppsFilters({ search }: { readonly search: AssetsSearch }) {
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
