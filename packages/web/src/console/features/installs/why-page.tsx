import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WhyNotInstalled } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Live } from '../../../shared/ui/live.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { WordsList } from './cause.tsx'
import { hasWords } from './has-words.ts'
import { InstallSteps } from './install-history.tsx'
import { type AppOfDevice, whyQuery } from './queries.ts'
import { WhyAdvice } from './why-advice.tsx'
import { WhyChain } from './why-chain.tsx'

/** D8: why an app is, or is not, on a device: the chain from the rule to the device, and what to do now. */
export function WhyPage() {
  const { t } = useTranslation()
  const { id, assetId } = useParams({ from: '/signed-in/devices/$id/why/$assetId' })
  const app = { deviceId: id, assetId }
  const query = useQuery(whyQuery(app))
  if (query.data === undefined) {
    return (
      <Page title={t('why.one')} above={{ label: t('devices.title'), to: '/devices' }}>
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton height={420} />
        )}
      </Page>
    )
  }
  return <Loaded key={`${id} ${assetId}`} app={app} why={query.data} />
}

interface LoadedProps {
  readonly app: AppOfDevice
  readonly why: WhyNotInstalled
}

function Loaded({ app, why }: LoadedProps) {
  const { t } = useTranslation()
  const { install } = why
  return (
    <Page
      title={t('why.title', { app: why.assetName, device: why.serialNumber })}
      above={{ label: t('devices.title'), to: '/devices' }}
      lead={t('why.lead')}
      actions={
        <>
          <ButtonLink to="/devices/$id" params={{ id: app.deviceId }} variant="default">
            {t('why.to_device')}
          </ButtonLink>
          <ButtonLink
            to="/apps/$id"
            params={{ id: app.assetId }}
            search={{ tab: 'devices' }}
            variant="default"
          >
            {t('why.to_app')}
          </ButtonLink>
        </>
      }
    >
      <WhyAdvice app={app} why={why} />
      <Card title={t('why.chain')} actions={<LastHeard at={why.lastSeenAt} />}>
        <WhyChain why={why} />
      </Card>
      {install !== null && install.cause !== null && hasWords(install.cause) && (
        <Card title={t('installs.words')}>
          <WordsList cause={install.cause} />
        </Card>
      )}
      {install !== null && install.state !== 'waiting_for_license' && (
        <Card title={t('installs.history')}>
          <Stack>
            <InstallSteps app={app} key={`${install.state} ${install.since}`} />
          </Stack>
        </Card>
      )}
      <Live>{t(`why.advices.${why.advice.code}`)}</Live>
    </Page>
  )
}

function LastHeard({ at }: { readonly at: string | null }) {
  const { t } = useTranslation()
  const { relative, dateTime } = useFormats()
  return (
    <Text size="xs" c="dimmed" span title={at === null ? undefined : dateTime(at)}>
      {at === null ? t('why.never_heard') : t('why.last_heard', { at: relative(at) })}
    </Text>
  )
}
