import {
  defaultReclaim,
  maximumDays,
  type Reclaim,
  type ReclaimEvent,
  reclaimEvents,
} from '@apportion/core/assignments/reclaim'
import { Group, NativeSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Terms } from './terms.ts'
import { TermsPart } from './terms-part.tsx'

const kinds = ['now', 'after', 'keep'] as const

interface TermsReclaimProps {
  readonly reclaim: Terms['reclaim']
  readonly onChange: (reclaim: Terms['reclaim']) => void
}

/** L7: when the licenses that this assignment gave come back, for each way in which the need can end. */
export function TermsReclaim({ reclaim, onChange }: TermsReclaimProps) {
  const { t } = useTranslation()
  return (
    <TermsPart title={t('terms.reclaim.title')} lead={t('terms.reclaim.lead')}>
      {reclaimEvents.map((event) => (
        <Choice
          key={event}
          event={event}
          reclaim={reclaim[event] ?? defaultReclaim[event]}
          onChange={(chosen) => onChange({ ...reclaim, [event]: chosen })}
        />
      ))}
    </TermsPart>
  )
}

interface ChoiceProps {
  readonly event: ReclaimEvent
  readonly reclaim: Reclaim
  readonly onChange: (reclaim: Reclaim) => void
}

const usualDays = 30

function Choice({ event, reclaim, onChange }: ChoiceProps) {
  const { t } = useTranslation()
  const label = t(`terms.events.${event}`)
  const choose = (value: string) => {
    if (value === 'now' || value === 'keep') onChange({ kind: value })
    else onChange({ kind: 'after', days: usualDays })
  }
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        flex="1 1 14rem"
        label={label}
        value={reclaim.kind}
        data={kinds.map((value) => ({
          value,
          label:
            value === defaultReclaim[event].kind
              ? t('terms.reclaim.default', { choice: t(`terms.reclaim.kinds.${value}`) })
              : t(`terms.reclaim.kinds.${value}`),
        }))}
        onChange={({ currentTarget: { value } }) => choose(value)}
      />
      {reclaim.kind === 'after' && (
        <NumberInput
          w="7rem"
          aria-label={t('terms.reclaim.days_of', { event: label })}
          suffix={` ${t('terms.reclaim.days', { count: reclaim.days })}`}
          value={reclaim.days}
          min={1}
          max={maximumDays}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          onChange={(value) => onChange({ kind: 'after', days: Math.max(1, Number(value) || 1) })}
        />
      )}
    </Group>
  )
}
