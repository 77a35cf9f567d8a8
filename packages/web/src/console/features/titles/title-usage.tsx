import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Title } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { UsageBar } from '../../../shared/ui/usage-bar.tsx'

type Counts = Title['counts']

/** "34 of 50 used, and 12 unlimited": pools without a limit are never added to those with one (S7). */
function useTitleUsage(): (counts: Counts) => string {
  const { t } = useTranslation()
  const { number } = useFormats()
  return ({ total, used, usedUnlimited, unlimitedPools }) => {
    if (total === null) return t('usage.used_unlimited', { used: number(usedUnlimited) })
    const limited = t('usage.of', { used: number(used), total: number(total) })
    if (unlimitedPools === 0) return limited
    return t('titles.usage_and_unlimited', { limited, used: number(usedUnlimited) })
  }
}

/** The licenses of a title over all its pools, as text and as a bar. */
export function TitleUsage({ counts }: { readonly counts: Counts }) {
  const label = useTitleUsage()(counts)
  const { total, used, usedUnlimited, heldOutside, granting, retired, waiting } = counts
  const all = used + usedUnlimited
  // The bar shows pools with a limit; what is held outside or on its way may be of the others too.
  const share = all === 0 ? 0 : used / all
  const usage = {
    total,
    used,
    retired,
    waiting,
    heldOutside: Math.round(heldOutside * share),
    granting: Math.round(granting * share),
  }
  return (
    <>
      <Text size="sm" mb={4} className="truncate" title={label}>
        {label}
      </Text>
      <UsageBar usage={usage} label={label} />
    </>
  )
}
