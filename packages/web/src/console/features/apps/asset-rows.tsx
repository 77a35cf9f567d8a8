import { Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import styles from './apps.module.css'
import { AssetUsage } from './asset-usage.tsx'
import { useChoice, useChoiceColumn } from './choice.tsx'
import { ChosenBar } from './chosen-bar.tsx'
import { NoticeBadge } from './notices.tsx'
import { assetsQuery } from './queries.ts'
import type { AssetsSearch } from './search.ts'

interface AssetRowsProps {
  readonly search: AssetsSearch
  readonly empty: ReactNode
}

/** Everything that is owned, one row for each content token (C3); several can be assigned together. */
export function AssetRows({ search, empty }: AssetRowsProps) {
  const { t } = useTranslation()
  const columns = useColumns()
  const choice = useChoice<Asset>()
  const column = useChoiceColumn(choice, ({ title }) => title.name)
  const result = useInfiniteQuery(assetsQuery(search))
  return (
    <>
      <Rows
        label={t('apps.title')}
        columns={[column, ...columns]}
        result={result}
        rowKey={({ id }) => id}
        rowHeight={68}
        empty={empty}
      />
      <ChosenBar choice={choice} />
    </>
  )
}

function useColumns(): readonly Column<Asset>[] {
  const { t } = useTranslation()
  const { number } = useFormats()
  return [
    {
      key: 'name',
      header: t('apps.columns.name'),
      cell: ({ id, title, notices }) => (
        <div className={styles.title}>
          <AppIcon url={title.iconUrl} kind={title.kind} />
          <div className={styles.names}>
            <RowLink to="/apps/$id" params={{ id }}>
              {title.name}
            </RowLink>
            {notices[0] === undefined ? (
              <Text size="xs" c="dimmed" className="truncate">
                {title.publisher ?? (title.nameKnown ? '' : t('apps.name_unknown'))}
              </Text>
            ) : (
              <NoticeBadge code={notices[0].code} />
            )}
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
      phoneWidth: '8rem',
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
