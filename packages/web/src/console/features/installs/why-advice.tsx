import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { WhyNotInstalled } from '../../../shared/api/shapes.ts'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { type AppOfDevice, hasEnded } from './queries.ts'
import { TryAgain } from './try-again.tsx'
import styles from './why.module.css'

const tones = { passed: 'good', waits: 'info', ends: 'warn' } as const

interface WhyAdviceProps {
  readonly app: AppOfDevice
  readonly why: WhyNotInstalled
}

/** What to do now, with the way to where it is done. */
export function WhyAdvice({ app, why }: WhyAdviceProps) {
  const { t } = useTranslation()
  const { advice, links, install, assetName } = why
  const tone = tones[links.at(-1)?.state ?? 'waits']
  return (
    <section aria-label={t('why.what_to_do')} data-advice={advice.code}>
      <Notice tone={tone} title={t('why.what_to_do')}>
        <p className={styles.advice}>{t(`why.advices.${advice.code}`)}</p>
        <Group gap="sm" className={styles.acts ?? ''}>
          <AdviceLink app={app} code={advice.code} />
          {install !== null && hasEnded(install.state) && <TryAgain app={app} appName={assetName} />}
        </Group>
      </Notice>
    </section>
  )
}

interface AdviceLinkProps {
  readonly app: AppOfDevice
  readonly code: WhyNotInstalled['advice']['code']
}

/** Where the advice is followed, if that is in the console. */
function AdviceLink({ app, code }: AdviceLinkProps) {
  const { t } = useTranslation()
  switch (code) {
    case 'assign_it':
    case 'check_exclusion':
      return (
        <ButtonLink
          to="/apps/$id"
          params={{ id: app.assetId }}
          search={{ tab: 'assignments' }}
          size="xs"
          variant="default"
        >
          {t('apps.tabs.assignments')}
        </ButtonLink>
      )
    case 'ask_for_it':
      return (
        <ButtonLink
          to="/devices/$id"
          params={{ id: app.deviceId }}
          search={{ tab: 'meant' }}
          size="xs"
          variant="default"
        >
          {t('targets.tab')}
        </ButtonLink>
      )
    case 'give_again':
    case 'another_device':
      return (
        <ButtonLink to="/devices/$id" params={{ id: app.deviceId }} size="xs" variant="default">
          {t('devices.licenses')}
        </ButtonLink>
      )
    case 'buy_or_reclaim':
      return (
        <ButtonLink to="/idle" search={{ assetId: app.assetId }} size="xs" variant="default">
          {t('idle.title')}
        </ButtonLink>
      )
    case 'see_refusal':
      return (
        <ButtonLink to="/apps/$id" params={{ id: app.assetId }} size="xs" variant="default">
          {t('apps.tabs.holders')}
        </ButtonLink>
      )
    case 'enroll_device':
    case 'enroll_again':
      return (
        <ButtonLink to="/enrollment" search={{ tab: 'links' }} size="xs" variant="default">
          {t('enrollment.title')}
        </ButtonLink>
      )
    default:
      return null
  }
}
