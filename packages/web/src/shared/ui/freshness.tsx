import { Skeleton } from '@mantine/core'
import { IconRefreshDot } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/formats.ts'

interface FreshnessProps {
  /** Undefined while it is read. */
  readonly exactAsOf: string | null | undefined
  /** Said when it was never exact. */
  readonly never: string
}

/** S6: when the numbers were last known to agree with Apple. */
export function Freshness({ exactAsOf, never }: FreshnessProps) {
  const { t } = useTranslation()
  const { exactTime, relative } = useFormats()
  if (exactAsOf === undefined)
    return <Skeleton component="span" display="inline-block" width="12rem" height={12} />
  if (exactAsOf === null) return never
  return (
    <span title={relative(exactAsOf)} className="numbers">
      <IconRefreshDot size={14} aria-hidden="true" style={{ verticalAlign: '-2px', marginInlineEnd: 4 }} />
      {t('common.exact_as_of', { time: exactTime(exactAsOf) })}
    </span>
  )
}
