import { Checkbox, Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'
import type { Wish } from './queries.ts'

type Choice = Pick<Wish, 'required' | 'includeOutside' | 'unassigned'>

interface ChoicesProps {
  readonly preview: Intervention
  readonly pending: boolean
  readonly onChange: (choice: Choice) => void
}

/** What changes the outcome; each choice makes a new preview. */
export function Choices({ preview, pending, onChange }: ChoicesProps) {
  const { t } = useTranslation()
  if (preview.kind === 'adopt') {
    return (
      <Radio.Group
        label={t('interventions.unassigned')}
        value={preview.unassigned}
        onChange={(value) => onChange({ unassigned: value === 'take_back' ? 'take_back' : 'leave' })}
      >
        <Stack gap="xs" mt="xs">
          {(['leave', 'take_back'] as const).map((value) => (
            <Radio
              key={value}
              value={value}
              disabled={pending}
              label={t(`interventions.unassigneds.${value}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    )
  }
  return (
    <Stack gap="md">
      <Radio.Group
        label={t('interventions.required')}
        value={preview.required}
        onChange={(value) => onChange({ required: value === 'withhold' ? 'withhold' : 'leave' })}
      >
        <Stack gap="xs" mt="xs">
          {(['leave', 'withhold'] as const).map((value) => (
            <Radio
              key={value}
              value={value}
              disabled={pending}
              label={t(`interventions.requireds.${value}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {preview.kind === 'take_back' && (
        <Checkbox
          checked={preview.includeOutside}
          disabled={pending}
          label={t('interventions.include_outside')}
          description={t('interventions.include_outside_hint')}
          onChange={({ currentTarget }) => onChange({ includeOutside: currentTarget.checked })}
        />
      )}
    </Stack>
  )
}
