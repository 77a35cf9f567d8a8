import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCertificate } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PushCertificate } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Fact, Facts } from '../../../shared/ui/fact.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { PushSteps } from './push-steps.tsx'
import { pushCertificatesQuery } from './queries.ts'

const tones: Readonly<Record<PushCertificate['state'], Tone>> = {
  good: 'good',
  expiring: 'warn',
  expired: 'bad',
  refused: 'bad',
}

/** How Apple's push certificate stands, and the steps to get or renew one. */
export function PushCard() {
  const { t } = useTranslation()
  const query = useQuery(pushCertificatesQuery)
  const [stepping, steps] = useDisclosure(false)
  const [current, ...earlier] = query.data ?? []
  const needed = earlier.filter(({ enrollments }) => enrollments > 0)
  return (
    <Card
      title={t('enrollment.push.title')}
      actions={
        current !== undefined && (
          <Button size="xs" variant={current.severity === null ? 'default' : 'filled'} onClick={steps.open}>
            {t('enrollment.push.renew')}
          </Button>
        )
      }
    >
      {query.isPending && <Skeleton height={120} />}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && (
        <Empty
          icon={<IconCertificate />}
          title={t('enrollment.push.none')}
          action={<Button onClick={steps.open}>{t('enrollment.push.begin')}</Button>}
        >
          {t('enrollment.push.lead')} {t('enrollment.push.none_hint')}
        </Empty>
      )}
      {current !== undefined && (
        <Stack data-severity={current.severity ?? 'none'}>
          <PushNotice certificate={current} />
          <PushFacts certificate={current} />
          {needed.length > 0 && (
            <>
              <Text fw={600} size="sm" component="h3" m={0}>
                {t('enrollment.push.earlier')}
              </Text>
              {needed.map((certificate) => (
                <PushFacts key={certificate.topic} certificate={certificate} />
              ))}
            </>
          )}
        </Stack>
      )}
      {stepping && <PushSteps isRenewal={current !== undefined} onClose={steps.close} />}
    </Card>
  )
}

const noticeTones = { notice: 'info', warning: 'warn', critical: 'bad' } as const

/** What is to be done about it; nothing while it is good. */
function PushNotice({ certificate }: { readonly certificate: PushCertificate }) {
  const { t } = useTranslation()
  const { number, date } = useFormats()
  const { state, severity, daysLeft, expiresAt, refusedAt, refusedReason } = certificate
  if (severity === null) return null
  const tone = noticeTones[severity]
  if (state === 'expired') {
    return (
      <Notice tone={tone} title={t('enrollment.push.has_ended', { at: date(expiresAt) })}>
        {t('enrollment.push.has_ended_hint')}
      </Notice>
    )
  }
  if (refusedAt !== null) {
    const said = { at: date(refusedAt), reason: refusedReason ?? '' }
    return (
      <Notice tone={tone} title={t('enrollment.push.was_refused', said)}>
        {t('enrollment.push.was_refused_hint')}
      </Notice>
    )
  }
  return (
    <Notice tone={tone} title={t('enrollment.push.ends', { count: daysLeft, shown: number(daysLeft) })}>
      {t('enrollment.push.ends_hint')}
    </Notice>
  )
}

function PushFacts({ certificate }: { readonly certificate: PushCertificate }) {
  const { t } = useTranslation()
  const { number, date, dateTime } = useFormats()
  const { state, daysLeft, expiresAt, enrollments, topic, uploadedAt } = certificate
  return (
    <div data-push={state}>
      <Facts>
        <Fact label={t('enrollment.links.columns.state')}>
          <Badge tone={tones[state]}>{t(`enrollment.push.states.${state}`)}</Badge>
        </Fact>
        <Fact label={t('enrollment.push.days_left')}>
          {daysLeft > 0 ? number(daysLeft) : t('enrollment.push.ended')}
        </Fact>
        <Fact label={t('enrollment.push.until')}>{date(expiresAt)}</Fact>
        <Fact label={t('enrollment.push.devices')}>{number(enrollments)}</Fact>
        <Fact label={t('enrollment.push.uploaded')}>{dateTime(uploadedAt)}</Fact>
        <Fact label={t('enrollment.push.topic')}>{topic}</Fact>
      </Facts>
    </div>
  )
}
