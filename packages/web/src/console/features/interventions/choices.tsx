import { Checkbox, Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'

/** All that one can choose of a preview. */
export type Chosen = Pick<Intervention, 'required' | 'includeOutside' | 'unassigned'>

interface ChoicesProps {
  readonly kind: Intervention['kind']
  /** What is chosen now; its preview may still be on its way. */
  readonly chosen: Chosen
  readonly onChange: (choice: Partial<Chosen>) => void
}

/** What changes the outcome; each choice makes a new preview. */
export function Choices({ kind, chosen, onChange }: ChoicesProps) {
  const { t } = useTranslation()
  if (kind === 'undo') return null
  if (kind === 'adopt') {
    return (
      <Radio.Group
        label={t('interventions.unassigned')}
        value={chosen.unassigned}
        onChange={(value) => onChange({ unassigned: value === 'take_back' ? 'take_back' : 'leave' })}
      >
        <Stack gap="xs" mt="xs">
          {(['leave', 'take_back'] as const).map((value) => (
            <Radio key={value} value={value} label={t(`interventions.unassigneds.${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
    )
  }
  return (
    <Stack gap="md">
      <Radio.Group
        label={t('interventions.required')}
        value={chosen.required}
        onChange={(value) => onChange({ required: value === 'withhold' ? 'withhold' : 'leave' })}
      >
        <Stack gap="xs" mt="xs">
          {(['leave', 'withhold'] as const).map((value) => (
            <Radio key={value} value={value} label={t(`interventions.requireds.${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {kind === 'take_back' && (
        <Checkbox
          checked={chosen.includeOutside}
          label={t('interventions.include_outside')}
          description={t('interventions.include_outside_hint')}
          onChange={({ currentTarget }) => onChange({ includeOutside: currentTarget.checked })}
        />
      )}
    </Stack>
  )
}
