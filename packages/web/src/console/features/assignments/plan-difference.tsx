import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import styles from './assignments.module.css'
import { planDifference } from './plan-changes.ts'

interface PlanDifferenceProps {
  readonly before: Plan['outcome']
  readonly now: Plan['outcome']
}

/** Which counts are no longer what they were in the plan that was looked at. */
export function PlanDifference({ before, now }: PlanDifferenceProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const changes = planDifference(before, now)
  if (changes.length === 0) return <div data-difference="none">{t('plan.same_counts')}</div>
  return (
    <dl className={styles.difference} data-difference="counts">
      {changes.map((change) => (
        <div key={change.name}>
          <dt>{t(`plan.compared.${change.name}`)}</dt>
          <dd className="numbers">
            {t('plan.before_now', { before: number(change.before), now: number(change.now) })}
          </dd>
        </div>
      ))}
    </dl>
  )
}
