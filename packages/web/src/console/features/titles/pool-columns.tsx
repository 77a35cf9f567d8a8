import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Pool } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'
import styles from '../apps/apps.module.css'
import { AssetUsage } from '../apps/asset-usage.tsx'
import { NoticeBadge } from '../apps/notices.tsx'

/** C3: the pool of each location. */
export function usePoolColumns(): readonly Column<Pool>[] {
  const { t } = useTranslation()
  const { number, country } = useFormats()
  return [
    {
      key: 'token',
      header: t('apps.columns.token'),
      cell: ({ id, token, pricingParam, notices, ...pool }) => (
        <>
          <RowLink to="/apps/$id" params={{ id }}>
            {token.name}
          </RowLink>
          {notices[0] === undefined ? (
            <Text size="xs" c="dimmed" className="truncate">
              {[country(pool.country), pricingParam === 'PLUS' ? t('titles.plus') : '']
                .filter((part) => part !== '')
                .join(' · ')}
            </Text>
          ) : (
            <div>
              <NoticeBadge code={notices[0].code} />
            </div>
          )}
        </>
      ),
    },
    {
      key: 'price',
      header: t('apps.facts.price'),
      width: '7rem',
      from: 'lg',
      cell: ({ title }) => title.priceText ?? '–',
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
      key: 'outside',
      header: t('usage.held_outside'),
      width: '8rem',
      from: 'lg',
      align: 'end',
      cell: ({ counts }) => (counts.heldOutside === 0 ? '–' : number(counts.heldOutside)),
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
