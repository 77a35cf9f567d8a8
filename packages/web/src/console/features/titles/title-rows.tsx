import { Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Title } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import styles from '../apps/apps.module.css'
import { NoticeBadge } from '../apps/notices.tsx'
import type { AssetsSearch } from '../apps/search.ts'
import { titlesQuery } from './queries.ts'
import { TitleUsage } from './title-usage.tsx'

/** Everything that is owned, each title once with the sums over its pools (C3). */
export function TitleRows({ search, empty }: { readonly search: AssetsSearch; readonly empty: ReactNode }) {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(titlesQuery(search))
  return (
    <Rows
      label={t('apps.title')}
      columns={columns}
      result={result}
      rowKey={({ adamId }) => adamId}
      rowHeight={68}
      empty={empty}
    />
  )
}

/** A title's icon, name and what was noticed of it. */
export function TitleName({ title }: { readonly title: Title }) {
  const { t } = useTranslation()
  const { adamId, name, nameKnown, iconUrl, kind, publisher, notices } = title
  return (
    <div className={styles.title}>
      <AppIcon url={iconUrl} kind={kind} />
      <div className={styles.names}>
        <RowLink to="/titles/$adamId" params={{ adamId }}>
          {name}
        </RowLink>
        {notices[0] === undefined ? (
          <Text size="xs" c="dimmed" className="truncate">
            {publisher ?? (nameKnown ? '' : t('apps.name_unknown'))}
          </Text>
        ) : (
          <NoticeBadge code={notices[0].code} />
        )}
      </div>
    </div>
  )
}

function useColumns(): readonly Column<Title>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  return [
    {
      key: 'name',
      header: t('apps.columns.name'),
      cell: (title) => <TitleName title={title} />,
    },
    {
      key: 'locations',
      header: t('titles.columns.locations'),
      width: '11rem',
      from: 'md',
      cell: ({ pools, shortPools }) => (
        <>
          <Text size="sm">{t('titles.pools', { count: pools, shown: number(pools) })}</Text>
          {shortPools > 0 && (
            <Text size="xs" c="dimmed">
              {t('titles.short', { count: shortPools, shown: number(shortPools) })}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'platforms',
      header: t('apps.columns.platforms'),
      width: '9rem',
      from: 'lg',
      cell: ({ platforms }) => (
        <Text size="xs" c="dimmed" span title={platforms.join(', ')}>
          {platforms.join(', ')}
        </Text>
      ),
    },
    {
      key: 'usage',
      header: t('apps.columns.usage'),
      width: '15rem',
      phoneWidth: '8rem',
      cell: ({ counts }) => <TitleUsage counts={counts} />,
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
