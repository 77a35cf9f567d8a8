import { Button, SegmentedControl } from '@mantine/core'
import { IconApps, IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { setOnly } from '../../../shared/api/pages.ts'
import { choiceParam } from '../../../shared/search-params.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { TitleRows } from '../titles/title-rows.tsx'
import { AppsFilters } from './apps-filters.tsx'
import { AssetRows } from './asset-rows.tsx'
import { assetsQuery } from './queries.ts'
import { type AssetsSearch, askedOf, groupings } from './search.ts'

/** Everything that is owned with its counts: one row per content token, or each title once (L1, C3). */
export function AppsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/signed-in/apps' })
  const filtered = Object.entries(search).some(
    ([key, value]) => key !== 'sort' && key !== 'by' && value !== undefined,
  )
  const empty = filtered ? <NothingFound by={search.by} /> : <NothingOwned />
  return (
    <Page
      title={t('apps.title')}
      lead={search.by === 'title' ? t('titles.lead') : <Lead search={search} />}
      actions={
        <>
          <Grouping search={search} />
          <Button
            component="a"
            href={exportAddress(search)}
            download={search.by === 'title' ? 'titles.csv' : 'apps.csv'}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {t('common.export')}
          </Button>
        </>
      }
    >
      <AppsFilters search={search} />
      <Card flush>
        {search.by === 'title' ? (
          <TitleRows search={search} empty={empty} />
        ) : (
          <AssetRows search={search} empty={empty} />
        )}
      </Card>
    </Page>
  )
}

/** By title, the file has what the list shows; by token, all of one token or of all. */
function exportAddress(search: AssetsSearch): string {
  const { by, tokenId } = search
  const wanted = by === 'title' ? setOnly({ ...askedOf(search), sort: undefined }) : setOnly({ tokenId })
  const query = new URLSearchParams(Object.entries(wanted).map(([name, value]) => [name, String(value)]))
  const address = by === 'title' ? '/api/v1/titles.csv' : '/api/v1/assets.csv'
  return query.size === 0 ? address : `${address}?${query.toString()}`
}

function Grouping({ search }: { readonly search: AssetsSearch }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/apps' })
  return (
    <SegmentedControl
      aria-label={t('titles.grouping')}
      value={search.by ?? 'token'}
      data={[
        { value: 'token', label: t('titles.groupings.token') },
        { value: 'title', label: t('titles.groupings.title') },
      ]}
      onChange={(value) => void navigate({ search: { ...search, by: choiceParam(value, groupings) } })}
    />
  )
}

/** S6: the oldest moment at which the counts that are shown were exact. */
function Lead({ search }: { readonly search: AssetsSearch }) {
  const { t } = useTranslation()
  const { data } = useInfiniteQuery(assetsQuery(search))
  const result = data?.pages.flatMap((page) => page.items)
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

function NothingFound({ by }: Pick<AssetsSearch, 'by'>) {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<IconApps />}
      title={t('common.nothing_found')}
      action={
        <ButtonLink to="/apps" search={{ by }} variant="default">
          {t('common.clear_filters')}
        </ButtonLink>
      }
    >
      {t('apps.nothing_found_hint')}
    </Empty>
  )
}
