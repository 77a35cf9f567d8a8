import { licenseRefusals } from '@apportion/core/assignments/license-rule'
import { unfitReasons } from '@apportion/core/catalog/fits'
import { Stack, Text } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import styles from './assignments.module.css'

type Outcome = Plan['outcome']

const parts = [
  { key: 'grants', tone: 'good' },
  { key: 'waits', tone: 'warn' },
  { key: 'cannot', tone: 'bad' },
  { key: 'releases', tone: 'info' },
] as const satisfies readonly { key: keyof Outcome; tone: Tone }[]

/** A4: who gets a license, who waits, who cannot, whose comes back, and what it costs. */
export function PlanOutcome({ outcome }: { readonly outcome: Outcome }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const shown = parts.filter(({ key }) => outcome[key].count > 0)
  return (
    <Stack gap="md">
      <Text size="sm">
        {t('plan.reached', { count: outcome.devicesReached, shown: number(outcome.devicesReached) })}
      </Text>
      {outcome.warnings.map(({ code, count }) => (
        <Notice tone="warn" key={code}>
          {t(`plan.warnings.${code}`, { count, shown: number(count) })}
        </Notice>
      ))}
      {shown.length === 0 && <Text fw={550}>{t('plan.nothing')}</Text>}
      {shown.map(({ key, tone }) => (
        <PlanPart key={key} name={key} tone={tone} part={outcome[key]} />
      ))}
      {outcome.cannot.count > 0 && <WhyLeftOut byReason={outcome.cannot.byReason} />}
      {outcome.keeps.count > 0 && (
        <Text size="sm" c="dimmed">
          {t('plan.keeps', { count: outcome.keeps.count, shown: number(outcome.keeps.count) })}
          {outcome.keeps.outside > 0 &&
            ` ${t('plan.keeps_outside', { count: outcome.keeps.outside, shown: number(outcome.keeps.outside) })}`}
        </Text>
      )}
      <BeforeAndAfter licenses={outcome.licenses} />
      <Text size="sm" c="dimmed">
        {t('plan.requests', { count: outcome.requests, shown: number(outcome.requests) })}
      </Text>
    </Stack>
  )
}

const reasons = [...unfitReasons, ...licenseRefusals] as const

/** C2, L3: how many are left out for which reason. */
function WhyLeftOut({ byReason }: Pick<Outcome['cannot'], 'byReason'>) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <Text size="sm" c="dimmed" data-plan="left-out">
      {reasons
        .filter((code) => byReason[code] > 0)
        .map((code) => t(`plan.left_out.${code}`, { count: byReason[code], shown: number(byReason[code]) }))
        .join(' ')}
    </Text>
  )
}

interface PlanPartProps {
  readonly name: (typeof parts)[number]['key']
  readonly tone: Tone
  readonly part: Outcome['grants']
}

function PlanPart({ name, tone, part }: PlanPartProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const hidden = part.count - part.sample.length
  return (
    <details className={styles.change} data-plan={name}>
      <summary>
        <IconChevronRight size={16} data-turn="" aria-hidden="true" />
        <span className={`numbers ${styles.count}`}>{number(part.count)}</span>
        <Badge tone={tone}>{t(`plan.parts.${name}`)}</Badge>
        <Text size="sm" c="dimmed" span visibleFrom="xs">
          {t(`plan.hints.${name}`)}
        </Text>
      </summary>
      <ul className={styles.sample}>
        {part.sample.map(({ deviceId, userId, serialNumber, userName, deviceName, code, place }) => (
          <li key={`${deviceId} ${userId} ${serialNumber}`}>
            <Text span fw={550} inherit>
              {serialNumber ?? userName}
            </Text>
            {deviceName !== null && ` ${deviceName}`}
            <Text span c="dimmed" inherit>
              {' '}
              {t(`plan.reasons.${code}`, { place: place === null ? '' : number(place) })}
            </Text>
          </li>
        ))}
        {hidden > 0 && (
          <li>
            <Text span c="dimmed" inherit>
              {t('plan.more', { count: hidden, shown: number(hidden) })}
            </Text>
          </li>
        )}
      </ul>
    </details>
  )
}

function BeforeAndAfter({ licenses }: { readonly licenses: Outcome['licenses'] }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { total, usedBefore, usedAfter } = licenses
  const text = (used: number) =>
    total === null
      ? t('usage.used_unlimited', { used: number(used) })
      : t('usage.of', { used: number(used), total: number(total) })
  const lines = [
    { key: 'before', used: usedBefore },
    { key: 'after', used: usedAfter },
  ] as const
  return (
    <div className={`numbers ${styles.bars}`}>
      {lines.map(({ key, used }) => (
        <div key={key} style={{ display: 'contents' }}>
          <span>{t(`plan.licenses_${key}`)}</span>
          <UsageBar usage={{ total, used }} label={`${t(`plan.licenses_${key}`)}: ${text(used)}`} />
          <span>{text(used)}</span>
        </div>
      ))}
    </div>
  )
}
