import { licenseRefusals } from '@apportion/core/assignments/license-rule'
import { unfitReasons } from '@apportion/core/catalog/fits'
import { Button, Text } from '@mantine/core'
import { IconChevronRight, IconListSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import styles from './assignments.module.css'
import { PlanRowText } from './plan-row-text.tsx'
import type { PlanPart } from './queries.ts'

type Outcome = Plan['outcome']

const parts = [
  { key: 'grants', tone: 'good' },
  { key: 'waits', tone: 'warn' },
  { key: 'cannot', tone: 'bad' },
  { key: 'releases', tone: 'info' },
  { key: 'kept', tone: 'neutral' },
] as const satisfies readonly { key: PlanPart; tone: Tone }[]

/** What changes no license and stands in no warning, so that it is only counted. */
const counted = ['uninstalls', 'offered', 'elsewhere'] as const

interface PlanPartsProps {
  readonly outcome: Outcome
  readonly onList: (part: PlanPart) => void
}

/** A4: who gets a license, who waits or is left out and why, whose comes back, and what else happens. */
export function PlanParts({ outcome, onList }: PlanPartsProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const shown = parts.filter(({ key }) => outcome[key].count > 0)
  return (
    <>
      {shown.length === 0 && <Text fw={550}>{t('plan.nothing')}</Text>}
      {shown.map(({ key, tone }) => (
        <Part key={key} name={key} tone={tone} outcome={outcome} onList={onList} />
      ))}
      <ul className={styles.counted}>
        {counted
          .filter((key) => outcome[key] > 0)
          .map((key) => (
            <li key={key} data-plan={key}>
              <span className={`numbers ${styles.count}`}>{number(outcome[key])}</span>
              <span>{t(`plan.counted.${key}`, { count: outcome[key] })}</span>
            </li>
          ))}
      </ul>
    </>
  )
}

interface PartProps extends PlanPartsProps {
  readonly name: PlanPart
  readonly tone: Tone
}

function Part({ name, tone, outcome, onList }: PartProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { count, sample } = outcome[name]
  const hidden = count - sample.length
  return (
    <details className={styles.change} data-plan={name}>
      <summary>
        <IconChevronRight size={16} data-turn="" aria-hidden="true" />
        <span className={`numbers ${styles.count}`}>{number(count)}</span>
        <Badge tone={tone}>{t(`plan.parts.${name}`)}</Badge>
        <Text size="sm" c="dimmed" span visibleFrom="xs">
          {t(`plan.hints.${name}`)}
        </Text>
      </summary>
      <div className={styles.inside}>
        <Reasons name={name} outcome={outcome} />
        <ul className={styles.sample}>
          {sample.map((row) => (
            <li key={`${row.deviceId} ${row.userId} ${row.serialNumber}`}>
              <PlanRowText row={row} />
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
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconListSearch size={15} aria-hidden="true" />}
          onClick={() => onList(name)}
        >
          {t('plan.list_all')}
        </Button>
      </div>
    </details>
  )
}

const waitReasons = ['no_license_left', 'quota_reached', 'kept_for_others'] as const
const cannotReasons = [...unfitReasons, ...licenseRefusals] as const

/** L9, C2, L3: how many wait or are left out for which reason, and what to do about it. */
function Reasons({ name, outcome }: Pick<PartProps, 'name' | 'outcome'>) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { waits, cannot } = outcome
  const of = (count: number) => ({ count, shown: number(count) })
  const sentences =
    name === 'waits'
      ? waitReasons
          .filter((code) => waits.byReason[code] > 0)
          .map((code) => t(`plan.waits_by.${code}`, of(waits.byReason[code])))
      : cannotReasons
          .filter((code) => name === 'cannot' && cannot.byReason[code] > 0)
          .map((code) => t(`plan.left_out.${code}`, of(cannot.byReason[code])))
  if (sentences.length === 0) return null
  return (
    <ul className={styles.reasons} data-plan={`${name}-reasons`}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
