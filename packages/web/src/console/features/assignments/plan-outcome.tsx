import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { PlanLicenses } from './plan-licenses.tsx'
import { PlanParts } from './plan-parts.tsx'
import { PlanPrompts } from './plan-prompts.tsx'
import { PlanWarnings } from './plan-warnings.tsx'
import type { PlanPart } from './queries.ts'

interface PlanOutcomeProps {
  readonly plan: Plan
  /** Asked to list everybody whom one kind of change concerns. */
  readonly onList: (part: PlanPart) => void
}

/** How long the licenses last afterwards (L10); of several apps, those that run out first. */
function PlanForecast({ forecast }: Pick<Plan['outcome'], 'forecast'>) {
  const { t } = useTranslation()
  const { number } = useFormats()
  if (forecast === null) return null
  const { state, daysLeft, earliest, latest, confidence } = forecast
  const range =
    earliest === null || latest === null
      ? ''
      : t('plan.forecast.range', { from: number(earliest), to: number(latest) })
  return (
    <Text size="sm" data-plan="forecast">
      {t(`plan.forecast.${state}`, { days: number(daysLeft ?? 0), range })}
      {confidence === 'little_history' && ` ${t('plan.forecast.little')}`}
    </Text>
  )
}

/** A4, A5: what cannot be undone first, then who gets what, what people will be asked, and what it costs. */
export function PlanOutcome({ plan, onList }: PlanOutcomeProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { outcome } = plan
  if (plan.assets.length === 0) return <Text fw={550}>{t('plan.nothing_assigned')}</Text>
  const { devicesReached, peopleReached, keeps, requests } = outcome
  return (
    <Stack gap="md">
      <Text size="sm">
        {t('plan.reached', { count: devicesReached, shown: number(devicesReached) })}
        {peopleReached > 0 &&
          ` ${t('plan.people_reached', { count: peopleReached, shown: number(peopleReached) })}`}
      </Text>
      <PlanWarnings outcome={outcome} />
      <PlanParts outcome={outcome} onList={onList} />
      <PlanPrompts prompts={outcome.prompts} />
      <PlanLicenses plan={plan} />
      <PlanForecast forecast={outcome.forecast} />
      <Text size="sm" c="dimmed">
        {keeps.count > 0 && `${t('plan.keeps', { count: keeps.count, shown: number(keeps.count) })} `}
        {keeps.outside > 0 &&
          `${t('plan.keeps_outside', { count: keeps.outside, shown: number(keeps.outside) })} `}
        {t('plan.requests', { count: requests, shown: number(requests) })}
      </Text>
    </Stack>
  )
}
