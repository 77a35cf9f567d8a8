import { type WhyLink, whyLinks } from '@apportion/core/installs/why'
import { Text } from '@mantine/core'
import { IconCheck, IconClock, IconPoint, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { WhyNotInstalled } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { useCauseText } from './cause.tsx'
import { InstallBadge } from './install-badge.tsx'
import styles from './why.module.css'

type SaidLink = WhyNotInstalled['links'][number]

const icons = { passed: IconCheck, waits: IconClock, ends: IconX, ahead: IconPoint } as const

/** The links from the rule to the device: what each says and since when; those behind the last were never reached. */
export function WhyChain({ why }: { readonly why: WhyNotInstalled }) {
  const { t } = useTranslation()
  return (
    <ol className={styles.chain} aria-label={t('why.chain')}>
      {whyLinks.map((name) => (
        <Link key={name} name={name} said={why.links.find(({ link }) => link === name)}>
          <Details name={name} why={why} />
        </Link>
      ))}
    </ol>
  )
}

interface LinkProps {
  readonly name: WhyLink
  /** Undefined when the chain ended before it. */
  readonly said: SaidLink | undefined
  readonly children: ReactNode
}

function Link({ name, said, children }: LinkProps) {
  const { t } = useTranslation()
  const { dateTime, relative } = useFormats()
  const state = said?.state ?? 'ahead'
  const Icon = icons[state]
  return (
    <li
      className={`${styles.link} ${styles[state]}`}
      data-link={name}
      data-state={state}
      aria-current={state === 'waits' || state === 'ends' ? 'step' : undefined}
    >
      <span className={styles.mark} aria-hidden="true">
        <Icon size={16} stroke={2.4} />
      </span>
      <div className={styles.said}>
        <div className={styles.name}>
          <Text fw={600} size="sm" span>
            {t(`why.links.${name}`)}
          </Text>
          <span className={styles.state}>{t(`why.states.${state}`)}</span>
          {said !== undefined && said.at !== null && (
            <Text size="xs" c="dimmed" span title={dateTime(said.at)}>
              {relative(said.at)}
            </Text>
          )}
        </div>
        {said !== undefined && (
          <>
            <Text size="sm">{t(`why.says.${said.code}`)}</Text>
            {children}
          </>
        )}
      </div>
    </li>
  )
}

/** What is known beside the sentence of a link. */
function Details({ name, why }: { readonly name: WhyLink; readonly why: WhyNotInstalled }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const causeText = useCauseText()
  const { groupName, place, refusal, install } = why
  if (name === 'rule') return <Detail>{groupName !== null && t('why.by_group', { group: groupName })}</Detail>
  if (name === 'license') {
    return (
      <>
        <Detail>{place !== null && t('why.place', { place: number(place) })}</Detail>
        <Detail>{refusal !== null && refusalText(refusal)}</Detail>
      </>
    )
  }
  if (name !== 'device' || install === null) return null
  return (
    <div className={styles.device}>
      <InstallBadge state={install.state} />
      <Text size="sm">{causeText(install.cause)}</Text>
    </div>
  )

  function refusalText({ number: apple, text }: NonNullable<WhyNotInstalled['refusal']>): string {
    return apple === null
      ? t('why.apple_refused_without_number', { text })
      : t('why.apple_refused', { number: apple, text })
  }
}

function Detail({ children }: { readonly children: string | false }) {
  if (children === false) return null
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  )
}
