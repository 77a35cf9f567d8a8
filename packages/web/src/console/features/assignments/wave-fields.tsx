import type { WaveFaultCode } from '@apportion/core/assignments/rollout'
import { ActionIcon, Group, NumberInput, Text, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import styles from './assignments.module.css'
import { fromField, toField } from './rollout-draft.ts'
import type { StagedRollout } from './terms.ts'

type Wave = StagedRollout['waves'][number]

interface WaveFieldsProps {
  /** Counts from 0. */
  readonly index: number
  readonly wave: Wave
  readonly fault: WaveFaultCode | null
  readonly isOnly: boolean
  readonly onChange: (wave: Wave) => void
  readonly onRemove: () => void
}

/** One wave: from when on which share is in. Only the first can begin at once. */
export function WaveFields({ index, wave, fault, isOnly, onChange, onRemove }: WaveFieldsProps) {
  const { t } = useTranslation()
  const name = t('rollout.wave', { number: String(index + 1) })
  return (
    <fieldset className={styles.wave} aria-label={name}>
      <Group gap="xs" wrap="nowrap">
        <NumberInput
          w="5rem"
          style={{ flexShrink: 0 }}
          hideControls
          aria-label={t('rollout.percent_of', { wave: name })}
          suffix=" %"
          value={wave.percent}
          min={1}
          max={100}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          error={fault === 'percent' || fault === 'not_greater'}
          onChange={(value) => onChange({ ...wave, percent: Number(value) || 0 })}
        />
        <TextInput
          flex="1 1 8rem"
          miw={0}
          type="datetime-local"
          aria-label={t('rollout.begin_of', { wave: name })}
          value={toField(wave.at)}
          error={fault === 'needs_date' || fault === 'not_later' || fault === 'no_date'}
          onChange={({ currentTarget }) => onChange({ ...wave, at: fromField(currentTarget.value) })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          disabled={isOnly}
          aria-label={t('rollout.remove_wave', { wave: name })}
          onClick={onRemove}
        >
          <IconTrash size={17} aria-hidden="true" />
        </ActionIcon>
      </Group>
      {fault !== null && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert" mt={2}>
          {t(`rollout.faults.${fault}`)}
        </Text>
      )}
      {fault === null && wave.at === null && (
        <Text size="xs" c="dimmed" mt={2}>
          {t('rollout.at_once')}
        </Text>
      )}
    </fieldset>
  )
}
