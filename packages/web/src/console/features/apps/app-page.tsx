import { Skeleton, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { Assignments } from '../assignments/assignments.tsx'
import { AppForecast } from '../forecast/app-forecast.tsx'
import { AssetInstalls } from '../installs/asset-installs.tsx'
import { TakeBackMenu } from '../interventions/take-back-menu.tsx'
import { History } from '../ledger/history.tsx'
import { AssetOperations } from '../operations/asset-operations.tsx'
import { Changes } from '../titles/changes.tsx'
import { changesQuery } from '../titles/queries.ts'
import { AppFacts } from './app-facts.tsx'
import { AppLicenses } from './app-licenses.tsx'
import styles from './apps.module.css'
import { Holders } from './holders.tsx'
import { AppNotices, NoticeBadge } from './notices.tsx'
import { assetQuery } from './queries.ts'
import { tabs } from './search.ts'

/** One app or book at one location: its licenses, who holds them and why, and who is to get it. */
export function AppPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/signed-in/apps/$id' })
  const query = useQuery(assetQuery(id))
  if (query.data === undefined) {
    return (
      <Page title={t('apps.one')} above={{ label: t('apps.title'), to: '/apps' }}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={240} />
        )}
      </Page>
    )
  }
  return <Loaded key={id} asset={query.data} />
}

function Loaded({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation()
  const { tab = 'holders' } = useSearch({ from: '/signed-in/apps/$id' })
  const navigate = useNavigate({ from: '/apps/$id' })
  const { title } = asset
  const go = (value: string | null) => {
    const chosen = tabs.find((known) => known === value)
    const search = chosen === undefined || chosen === 'holders' ? {} : { tab: chosen }
    void navigate({ search, replace: true, resetScroll: false })
  }
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
      lead={[title.publisher, t(`apps.kinds.${title.kind}`), asset.token.name]
        .filter((part) => part !== null)
        .join(' · ')}
      actions={
        <>
          {asset.goneAt !== null && <Badge tone="bad">{t('apps.gone')}</Badge>}
          {asset.notices.some(({ code }) => code === 'changed') && <NoticeBadge code="changed" />}
          {!asset.deviceAssignable && <Badge tone="warn">{t('apps.users_only')}</Badge>}
          {!asset.revocable && <Badge tone="neutral">{t('apps.irrevocable')}</Badge>}
          <ButtonLink to="/titles/$adamId" params={{ adamId: asset.adamId }} variant="default">
            {t('titles.all_pools')}
          </ButtonLink>
          <TakeBackMenu scope={{ assetId: asset.id }} />
        </>
      }
    >
      <AppNotices notices={asset.notices} />
      <AppLicenses asset={asset} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="holders">{t('apps.tabs.holders')}</Tabs.Tab>
          <Tabs.Tab value="devices">{t('installs.tab')}</Tabs.Tab>
          <Tabs.Tab value="forecast">{t('apps.tabs.forecast')}</Tabs.Tab>
          <Tabs.Tab value="assignments">{t('apps.tabs.assignments')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('apps.tabs.history')}</Tabs.Tab>
          <Tabs.Tab value="operations">{t('apps.tabs.operations')}</Tabs.Tab>
          <Tabs.Tab value="about">{t('apps.tabs.about')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="holders">
          <Holders asset={asset} />
        </Tabs.Panel>
        <Tabs.Panel value="devices">
          <AssetInstalls assetId={asset.id} />
        </Tabs.Panel>
        <Tabs.Panel value="forecast">
          <AppForecast assetId={asset.id} />
        </Tabs.Panel>
        <Tabs.Panel value="assignments">
          <Assignments asset={asset} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History search={{ assetId: asset.id }} without="app" />
        </Tabs.Panel>
        <Tabs.Panel value="operations">
          <AssetOperations assetId={asset.id} />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <Card title={t('apps.facts.title')}>
            <AppFacts asset={asset} />
          </Card>
          <div className={styles.below}>
            <Changes query={changesQuery({ assetId: asset.id })} />
          </div>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
