import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AssetCounts } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'

/** "34 of 50", or "34, unlimited" (S7: never Apple's 2,147,483,647). */
export function useUsageText(): (counts: AssetCounts) => string {
  const { t } = useTranslation()
  const { number } = useFormats()
  return ({ total, used }) =>
    total === null
      ? t('usage.used_unlimited', { used: number(used) })
      : t('usage.of', { used: number(used), total: number(total) })
}

/** The licenses of an asset as text and as a bar. */
export function AssetUsage({ counts }: { readonly counts: AssetCounts }) {
  const label = useUsageText()(counts)
  return (
    <>
      <Text size="sm" mb={4} className="truncate">
        {label}
      </Text>
      <UsageBar usage={counts} label={label} />
    </>
  )
}
