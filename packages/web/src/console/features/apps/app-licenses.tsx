import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Asset } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Freshness } from '../../../shared/ui/freshness.tsx'
import { Live } from '../../../shared/ui/live.tsx'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'
import styles from './apps.module.css'
import { useUsageText } from './asset-usage.tsx'

/** L1: how the licenses of one asset divide, followed while they move. */
export function AppLicenses({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { counts } = asset
  const text = useUsageText()(counts)
  const left = counts.available === null ? t('usage.unlimited') : number(counts.available)
  const parts = [
    {
      key: 'total',
      label: t('usage.total'),
      value: counts.total === null ? t('usage.unlimited') : number(counts.total),
      mark: null,
    },
    { key: 'ours', label: t('usage.given'), value: number(counts.used - counts.heldOutside), mark: 'ours' },
    { key: 'outside', label: t('usage.held_outside'), value: number(counts.heldOutside), mark: 'outside' },
    { key: 'available', label: t('usage.available'), value: left, mark: 'left' },
    { key: 'waiting', label: t('usage.waiting_label'), value: number(counts.waiting), mark: null },
    ...(counts.withheld === 0
      ? []
      : [{ key: 'withheld', label: t('usage.withheld_label'), value: number(counts.withheld), mark: null }]),
  ]
  return (
    <Card
      title={t('apps.licenses')}
      actions={
        <Text size="xs" c="dimmed" component="span">
          <Freshness exactAsOf={asset.token.exactAsOf} never={t('tokens.never_synced')} />
        </Text>
      }
    >
      <UsageBar usage={counts} label={text} />
      <dl className={`numbers ${styles.counts}`}>
        {parts.map(({ key, label, value, mark }) => (
          <div key={key}>
            <dt>
              {mark !== null && <span className={`${styles.key} ${styles[mark]}`} aria-hidden="true" />}
              {label}
            </dt>
            <dd
              className={key === 'waiting' && counts.waiting > 0 ? styles.waiting : undefined}
              data-count={key}
            >
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <Live>
        {counts.granting > 0
          ? t('usage.granting_live', { count: counts.granting, shown: number(counts.granting) })
          : ''}
      </Live>
    </Card>
  )
}
