import { Button, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconRefresh, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import { TakeBackMenu } from '../interventions/take-back-menu.tsx'
import { EditToken } from './edit-token.tsx'
import { isUnderWay, tokenQuery, useStartSync } from './queries.ts'
import { RenewToken } from './renew-token.tsx'
import { SyncHistory } from './sync-history.tsx'
import { SyncProgress } from './sync-state.tsx'
import { TokenStateBadge, useTokenReason } from './token-state.tsx'

/** One content token: its state and what to do, its sync, its licenses. */
export function TokenPage() {
  const { t } = useTranslation()
  const { id } = useParams({ from: '/signed-in/tokens/$id' })
  const query = useQuery(tokenQuery(id))
  const above = { label: t('tokens.title'), to: '/tokens' } as const
  if (query.data === undefined) {
    return (
      <Page title={t('tokens.one')} above={above}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={220} />
        )}
      </Page>
    )
  }
  return <Loaded token={query.data} />
}

function Loaded({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const reason = useTokenReason()
  const sync = useStartSync(token.id)
  const [editing, edit] = useDisclosure(false)
  const [renewing, renew] = useDisclosure(false)
  const underWay = isUnderWay(token.latestSync)
  return (
    <Page
      title={token.name}
      above={{ label: t('tokens.title'), to: '/tokens' }}
      lead={<Freshness exactAsOf={token.exactAsOf} never={t('tokens.never_synced')} />}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden="true" />}
            onClick={edit.open}
          >
            {t('common.edit')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconUpload size={16} aria-hidden="true" />}
            onClick={renew.open}
          >
            {t('tokens.renew')}
          </Button>
          <TakeBackMenu scope={{ tokenId: token.id }} />
          <Button
            leftSection={<IconRefresh size={16} aria-hidden="true" />}
            onClick={() => sync.mutate()}
            loading={sync.isPending}
            disabled={underWay}
          >
            {t(underWay ? 'tokens.syncing' : 'tokens.sync_now')}
          </Button>
        </>
      }
    >
      {token.state !== 'valid' && (
        <Notice tone={token.state === 'expiring' ? 'warn' : 'bad'} title={t(`tokens.states.${token.state}`)}>
          {reason(token)}
        </Notice>
      )}
      {sync.isError && <ProblemAlert error={sync.error} />}
      {underWay && token.latestSync !== null && (
        <Card title={t('tokens.sync.now')}>
          <SyncProgress sync={token.latestSync} />
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <TokenFacts token={token} />
        <TokenLicenses token={token} />
      </SimpleGrid>
      <SyncHistory token={token} />
      {editing && <EditToken token={token} onClose={edit.close} />}
      {renewing && <RenewToken token={token} onClose={renew.close} />}
    </Page>
  )
}

function TokenFacts({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const { date, relative, country, number } = useFormats()
  return (
    <Card title={t('tokens.facts.title')}>
      <Facts>
        <Fact label={t('tokens.facts.state')}>
          <TokenStateBadge state={token.state} />
        </Fact>
        <Fact label={t('tokens.facts.expires')}>
          {date(token.expiresAt)} ({relative(token.expiresAt)})
        </Fact>
        <Fact label={t('tokens.facts.organization')}>{token.organizationName}</Fact>
        <Fact label={t('tokens.facts.location')}>{token.locationName}</Fact>
        <Fact label={t('tokens.facts.country')}>{country(token.country)}</Fact>
        <Fact label={t('tokens.facts.type')}>{t(`tokens.types.${token.accountType}`)}</Fact>
        <Fact label={t('tokens.facts.account')}>{token.account}</Fact>
        <Fact label={t('tokens.facts.updates')}>
          {t(token.automaticUpdates ? 'common.on' : 'common.off')}
        </Fact>
        <Fact label={t('tokens.facts.notifications')}>
          {t(`tokens.notifications.${token.notifications}`)}
        </Fact>
        <Fact label={t('tokens.facts.interval')}>
          {t('tokens.every_hours', {
            count: token.syncEveryMinutes / 60,
            shown: number(token.syncEveryMinutes / 60),
          })}
        </Fact>
        <Fact label={t('tokens.facts.next_sync')}>{relative(token.nextSyncAt)}</Fact>
        <Fact label={t('tokens.facts.uid')}>{token.uid}</Fact>
      </Facts>
    </Card>
  )
}

function TokenLicenses({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { counts } = token
  const label = t('usage.of', { used: number(counts.used), total: number(counts.total) })
  return (
    <Card
      title={t('tokens.licenses')}
      actions={
        <ButtonLink to="/apps" search={{ tokenId: token.id }} variant="subtle" size="compact-sm">
          {t('tokens.show_apps')}
        </ButtonLink>
      }
    >
      <Stack gap="md">
        <Stack gap={6}>
          <Text size="sm">{label}</Text>
          <UsageBar usage={counts} label={label} />
        </Stack>
        <Facts>
          <Fact label={t('tokens.facts.assets')}>{number(counts.assets)}</Fact>
          <Fact label={t('usage.available')}>{number(counts.available)}</Fact>
          <Fact label={t('usage.waiting_label')}>{number(counts.waiting)}</Fact>
          <Fact label={t('usage.held_outside')}>{number(counts.heldOutside)}</Fact>
        </Facts>
      </Stack>
    </Card>
  )
}
