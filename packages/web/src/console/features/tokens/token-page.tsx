import { Button, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconPencil, IconTrash, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert, sentenceOf } from '../../../shared/ui/problem.tsx'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import { TakeBackMenu } from '../interventions/take-back-menu.tsx'
import { AppleSays } from './apple-says.tsx'
import { DeleteToken } from './delete-token.tsx'
import { DeletionProgress } from './deletion-progress.tsx'
import { EditToken } from './edit-token.tsx'
import { isUnderWay, tokenQuery, useStartSync } from './queries.ts'
import { RenewToken } from './renew-token.tsx'
import { SyncButton } from './sync-button.tsx'
import { SyncHistory } from './sync-history.tsx'
import { SyncProgress } from './sync-state.tsx'
import { TakeOver } from './take-over.tsx'
import { HealthCard } from './token-health.tsx'
import { TokenStateBadge, useStateName, useTokenReason } from './token-state.tsx'

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

type Dialog = 'edit' | 'renew' | 'delete'

function Loaded({ token }: { readonly token: Token }) {
  const { t, i18n } = useTranslation()
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const sync = useStartSync(token.id)
  const close = () => setDialog(null)
  return (
    <Page
      title={token.name}
      above={{ label: t('tokens.title'), to: '/tokens' }}
      lead={<Freshness exactAsOf={token.exactAsOf} never={t('tokens.never_synced')} />}
      actions={<Actions token={token} sync={sync} onOpen={setDialog} />}
    >
      {token.state !== 'valid' && <StateNotice token={token} />}
      {token.leaving !== null && <DeletionProgress token={token} />}
      {token.sweep.problem !== null && (
        <Notice tone="warn" title={t('tokens.sweep.failed')}>
          {sentenceOf(token.sweep.problem, t, i18n.language)}
        </Notice>
      )}
      {sync.isError && <ProblemAlert error={sync.error} />}
      {token.latestSync !== null && isUnderWay(token.latestSync) && (
        <Card title={t('tokens.sync.now')}>
          <SyncProgress sync={token.latestSync} />
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <TokenFacts token={token} />
        <Stack gap="lg">
          <TokenLicenses token={token} />
          {token.leaving === null && <HealthCard token={token} />}
        </Stack>
      </SimpleGrid>
      <AppleSays token={token} />
      <SyncHistory token={token} />
      {dialog === 'edit' && <EditToken token={token} onClose={close} />}
      {dialog === 'renew' && <RenewToken token={token} onClose={close} />}
      {dialog === 'delete' && <DeleteToken token={token} onClose={close} />}
    </Page>
  )
}

interface ActionsProps {
  readonly token: Token
  readonly sync: ReturnType<typeof useStartSync>
  readonly onOpen: (dialog: Dialog) => void
}

function Actions({ token, sync, onOpen }: ActionsProps) {
  const { t } = useTranslation()
  const underWay = isUnderWay(token.latestSync)
  const leaving = token.leaving !== null
  const buttons = [
    { dialog: 'edit', icon: IconPencil, text: t('common.edit') },
    { dialog: 'renew', icon: IconUpload, text: t('tokens.renew') },
    ...(leaving ? [] : [{ dialog: 'delete', icon: IconTrash, text: t('common.delete') } as const]),
  ] as const
  return (
    <>
      {buttons.map(({ dialog, icon: Icon, text }) => (
        <Button
          key={dialog}
          variant="default"
          leftSection={<Icon size={16} aria-hidden="true" />}
          onClick={() => onOpen(dialog)}
        >
          {text}
        </Button>
      ))}
      {!leaving && <TakeBackMenu scope={{ tokenId: token.id }} />}
      <SyncButton
        busy={sync.isPending}
        underWay={underWay}
        disabled={leaving}
        onSync={(everything) => sync.mutate({ everything })}
      />
    </>
  )
}

/** T3: what is not well, and what to do about it. */
function StateNotice({ token }: { readonly token: Token }) {
  const reason = useTokenReason()
  const stateName = useStateName()
  const { state } = token
  const isMild = state === 'expiring' || state === 'leaving'
  return (
    <Notice tone={isMild ? 'warn' : 'bad'} title={stateName(state)}>
      {reason(token)}
      {(state === 'managed_elsewhere' || state === 'duplicate') && (
        <Group mt="sm">
          <TakeOver token={token} />
        </Group>
      )}
    </Notice>
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
        <Fact label={t('tokens.facts.hours')}>
          {token.updateHours === null ? t('tokens.any_hour') : t('tokens.hours', token.updateHours)}
        </Fact>
        <Fact label={t('tokens.facts.notifications')}>
          {token.notificationsOff === null
            ? t('tokens.notifications.on')
            : t(`token_care.notifications.off.${token.notificationsOff.code}`)}
        </Fact>
        <Fact label={t('tokens.facts.interval')}>
          {t('tokens.every_hours', {
            count: token.syncEveryMinutes / 60,
            shown: number(token.syncEveryMinutes / 60),
          })}
        </Fact>
        <Fact label={t('tokens.facts.next_sync')}>{relative(token.nextSyncAt)}</Fact>
        <Fact label={t('tokens.facts.swept')}>
          {token.sweep.at === null ? null : relative(token.sweep.at)}
        </Fact>
        <Fact label={t('tokens.facts.compared')}>
          {token.comparedAt === null ? null : relative(token.comparedAt)}
        </Fact>
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
