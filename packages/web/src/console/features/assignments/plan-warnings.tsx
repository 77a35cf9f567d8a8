import type { PlanWarningCode } from '@apportion/core/assignments/plan-outcome'
import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Notice } from '../../../shared/ui/notice.tsx'

type Warning = Plan['outcome']['warnings'][number]

/** How grave each warning is: what cannot be undone, what hurts, and what is only good to know. */
const levels: Readonly<Record<PlanWarningCode, 'bad' | 'warn' | 'info'>> = {
  irrevocable: 'bad',
  not_revocable: 'bad',
  releases: 'warn',
  shortage: 'warn',
  quota: 'info',
  reserve: 'info',
  moving_without_spare: 'warn',
  joining: 'info',
  store_must_be_allowed: 'info',
  unfit: 'info',
  withheld: 'info',
}

/** What is to be known before saving, what cannot be undone first. */
export function PlanWarnings({ outcome }: { readonly outcome: Plan['outcome'] }) {
  const { t } = useTranslation()
  return (
    <>
      {(['bad', 'warn', 'info'] as const).map((level) => {
        const warnings = outcome.warnings.filter(({ code }) => levels[code] === level)
        if (warnings.length === 0) return null
        return (
          <Notice key={level} tone={level} {...(level === 'bad' ? { title: t('plan.cannot_undo') } : {})}>
            <Sentences warnings={warnings} />
          </Notice>
        )
      })}
    </>
  )
}

function Sentences({ warnings }: { readonly warnings: readonly Warning[] }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const sentence = ({ code, count }: Warning) => t(`plan.warnings.${code}`, { count, shown: number(count) })
  const [first] = warnings
  if (first !== undefined && warnings.length === 1) return sentence(first)
  return (
    <List size="sm" spacing={4}>
      {warnings.map((warning) => (
        <List.Item key={warning.code}>{sentence(warning)}</List.Item>
      ))}
    </List>
  )
}
