import { Skeleton } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Page as PageOf } from '../../../shared/api/pages.ts'
import type { Pool, TitleDetail } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Rows } from '../../../shared/ui/rows.tsx'
import styles from '../apps/apps.module.css'
import { NoticeBadge } from '../apps/notices.tsx'
import { Changes } from './changes.tsx'
import { usePoolColumns } from './pool-columns.tsx'
import { changesQuery, titleQuery } from './queries.ts'
import { TitleUsage } from './title-usage.tsx'

/** C3: one title, with every location's pool beneath it. */
export function TitlePage() {
  const { t } = useTranslation()
  const { adamId } = useParams({ from: '/signed-in/titles/$adamId' })
  const result = useInfiniteQuery(titleQuery(adamId))
  const title = result.data?.pages[0]
  if (title === undefined) {
    return (
      <Page title={t('apps.one')} above={{ label: t('apps.title'), to: '/apps' }}>
        {result.isError ? (
          <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />
        ) : (
          <Skeleton height={240} />
        )}
      </Page>
    )
  }
  return <Loaded title={title} result={result} />
}

type TitleResult = UseInfiniteQueryResult<InfiniteData<TitleDetail>>

function Loaded({ title, result }: { readonly title: TitleDetail; readonly result: TitleResult }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const columns = usePoolColumns()
  return (
    <Page
      title={title.name}
      above={{ label: t('apps.title'), to: '/apps' }}
      heading={
        <span className={styles.heading}>
          <AppIcon url={title.iconUrl} kind={title.kind} size={52} />
          {title.name}
        </span>
      }
      lead={[
        title.publisher,
        t(`apps.kinds.${title.kind}`),
        t('titles.pools', { count: title.poolCount, shown: number(title.poolCount) }),
      ]
        .filter((part) => part !== null)
        .join(' · ')}
      actions={title.notices.map(({ code }) => <NoticeBadge key={code} code={code} />)}
    >
      <TitleLicenses title={title} />
      <Card title={t('titles.pools_title')} flush>
        <Rows
          label={t('titles.pools_title')}
          columns={columns}
          result={poolsOf(result)}
          rowKey={({ id }) => id}
          rowHeight={68}
          sketched={3}
          empty={<Empty icon={<IconApps />} title={t('titles.no_pools')} />}
        />
      </Card>
      <Card title={t('apps.facts.title')}>
        <TitleFacts title={title} />
      </Card>
      <Changes query={changesQuery({ adamId: title.adamId })} />
    </Page>
  )
}

/** The pages of the title as pages of its pools. */
function poolsOf(result: TitleResult): UseInfiniteQueryResult<InfiniteData<PageOf<Pool>>> {
  const data = result.data && { ...result.data, pages: result.data.pages.map(({ pools }) => pools) }
  // Only what the pages hold differs; how they are read on is the same.
  return { ...result, data } as UseInfiniteQueryResult<InfiniteData<PageOf<Pool>>>
}

function TitleLicenses({ title: { counts, shortPools } }: { readonly title: TitleDetail }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const none = t('usage.unlimited')
  const parts = [
    { key: 'total', label: t('usage.total'), value: counts.total === null ? none : number(counts.total) },
    { key: 'used', label: t('titles.used'), value: number(counts.used + counts.usedUnlimited) },
    { key: 'outside', label: t('usage.held_outside'), value: number(counts.heldOutside) },
    {
      key: 'available',
      label: t('usage.available'),
      value: counts.available === null ? none : number(counts.available),
    },
    { key: 'waiting', label: t('usage.waiting_label'), value: number(counts.waiting) },
  ]
  return (
    <Card
      title={t('apps.licenses')}
      actions={
        shortPools > 0 && (
          <Badge tone="warn">{t('titles.short', { count: shortPools, shown: number(shortPools) })}</Badge>
        )
      }
    >
      <TitleUsage counts={counts} />
      <dl className={`numbers ${styles.counts}`}>
        {parts.map(({ key, label, value }) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd
              className={key === 'waiting' && counts.waiting > 0 ? styles.waiting : undefined}
              data-count={key}
            >
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function TitleFacts({ title }: { readonly title: TitleDetail }) {
  const { t } = useTranslation()
  const { country } = useFormats()
  return (
    <Facts>
      <Fact label={t('apps.facts.platforms')}>{title.platforms.join(', ') || null}</Fact>
      <Fact label={t('apps.facts.minimum_os')}>{title.minimumOs}</Fact>
      <Fact label={t('apps.facts.bundle_id')}>{title.bundleId}</Fact>
      <Fact label={t('apps.facts.adam_id')}>{title.adamId}</Fact>
      {title.names.map(({ country: code, name }) => (
        <Fact key={code} label={t('titles.name_in', { country: country(code) })}>
          {name}
        </Fact>
      ))}
    </Facts>
  )
}
