import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import styles from './assignments.module.css'

type Licenses = Plan['outcome']['licenses']

/** A4: the licenses before and after; of several apps or locations, each by itself. */
export function PlanLicenses({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation()
  if (plan.assets.length <= 1) return <BeforeAndAfter licenses={plan.outcome.licenses} />
  return (
    <section aria-label={t('plan.licenses')} className={styles.pools}>
      <Title order={3}>{t('plan.licenses')}</Title>
      {plan.assets.map(({ assetId, name, tokenName, outcome }) => (
        <div key={assetId}>
          <Text size="sm" fw={550}>
            {name}{' '}
            <Text span c="dimmed" fw={400} inherit>
              {tokenName}
            </Text>
          </Text>
          <BeforeAndAfter licenses={outcome.licenses} of={`${name}, ${tokenName}`} />
        </div>
      ))}
    </section>
  )
}

function BeforeAndAfter({ licenses, of }: { readonly licenses: Licenses; readonly of?: string }) {
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
          <UsageBar
            usage={{ total, used }}
            label={[of, `${t(`plan.licenses_${key}`)}: ${text(used)}`].filter(Boolean).join(', ')}
          />
          <span>{text(used)}</span>
        </div>
      ))}
    </div>
  )
}
