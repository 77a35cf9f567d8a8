import { Checkbox, Group as Row } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DraftCondition } from './rule-draft.ts'

interface ChoiceValuesProps {
  readonly condition: DraftCondition
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (condition: DraftCondition) => void
}

/** Several values out of a few, each with a box to check. */
export function ChoiceValues({ condition, choices, onChange }: ChoiceValuesProps) {
  const { t } = useTranslation()
  const value = typeof condition.value === 'object' ? [...condition.value] : []
  return (
    <Checkbox.Group
      aria-label={t('rules.value')}
      value={value}
      onChange={(chosen) => onChange({ ...condition, value: chosen })}
    >
      <Row gap="0.25rem 0.75rem">
        {choices.map((choice) => (
          <Checkbox key={choice.value} size="xs" value={choice.value} label={choice.label} />
        ))}
      </Row>
    </Checkbox.Group>
  )
}
