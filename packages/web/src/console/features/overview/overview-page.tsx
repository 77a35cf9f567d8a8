import { Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { ButtonLink, TextLink } from '../../../shared/ui/link.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { AttentionList } from './attention-list.tsx'
import { BusiestApps } from './busiest-apps.tsx'
import { LicenseTiles } from './license-tiles.tsx'
import { overviewQuery } from './queries.ts'

/** What an administrator sees first: how many licenses there are, and what needs them now (M2). */
export function OverviewPage() {
  const { t } = useTranslation()
  const overview = useQuery(overviewQuery)
  const first = overview.data !== undefined && overview.data.tokens.total === 0
  return (
    <Page
      title={t('overview.title')}
      lead={<Freshness exactAsOf={overview.data?.exactAsOf} never={t('overview.never_exact')} />}
    >
      {overview.isError && overview.data === undefined ? (
        <ProblemAlert error={overview.error} onRetry={() => void overview.refetch()} />
      ) : first ? (
        <Card>
          <Empty
            icon={<IconKey />}
            title={t('overview.start_title')}
            action={<ButtonLink to="/tokens/add">{t('tokens.add')}</ButtonLink>}
          >
            {t('overview.start_hint')}
          </Empty>
        </Card>
      ) : (
        <Filled overview={overview.data} />
      )}
    </Page>
  )
}

function Filled({ overview }: { readonly overview: Overview | undefined }) {
  const { t } = useTranslation()
  return (
    <Stack gap="lg">
      <LicenseTiles overview={overview} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Card title={t('overview.attention')} flush>
          <AttentionList attention={overview?.attention} />
        </Card>
        <Card title={t('overview.busiest')} flush>
          <BusiestApps apps={overview?.busiest} />
        </Card>
      </SimpleGrid>
      <Rest overview={overview} />
    </Stack>
  )
}

function Rest({ overview }: { readonly overview: Overview | undefined }) {
  const { t } = useTranslation()
  const places = [
    { to: '/operations', label: t('overview.open_operations'), count: overview?.operations.open },
    { to: '/tokens', label: t('overview.tokens'), count: overview?.tokens.total },
    { to: '/apps', label: t('overview.titles'), count: overview?.titles },
    { to: '/devices', label: t('overview.devices'), count: overview?.devices },
    { to: '/users', label: t('overview.users'), count: overview?.users },
    { to: '/groups', label: t('overview.groups'), count: overview?.groups },
  ] as const
  return (
    <Card title={t('overview.everything')}>
      <Group gap="1rem 2rem">
        {places.map(({ to, label, count }) => (
          <Stack key={to} gap={0} miw="6rem">
            <Count value={count} />
            <TextLink to={to} size="sm">
              {label}
            </TextLink>
          </Stack>
        ))}
      </Group>
    </Card>
  )
}

function Count({ value }: { readonly value: number | undefined }) {
  const { number } = useFormats()
  return (
    <Text fw={650} fz="lg" className="numbers" component="div" mih={28}>
      {value === undefined ? <Skeleton width={40} height={16} mt={6} /> : number(value)}
    </Text>
  )
}
