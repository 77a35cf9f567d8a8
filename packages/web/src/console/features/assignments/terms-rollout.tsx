import { fewestTried, maximumWaves } from '@apportion/core/assignments/rollout'
import { Button, Group, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { faultIn, type Preset, presets, presetWaves, withNextWave } from './rollout-draft.ts'
import type { StagedRollout } from './terms.ts'
import { TermsPart } from './terms-part.tsx'
import { WaveFields } from './wave-fields.tsx'

const presetNames = Object.keys(presets).filter((name): name is Preset => Object.hasOwn(presets, name))

interface TermsRolloutProps {
  readonly rollout: StagedRollout | null
  readonly onChange: (rollout: StagedRollout | null) => void
}

/** A6: in which waves it begins, and when failures stop it. */
export function TermsRollout({ rollout, onChange }: TermsRolloutProps) {
  const { t } = useTranslation()
  const begin = (preset: Preset) =>
    onChange({ waves: presetWaves(preset, new Date()), stopAtPercent: rollout?.stopAtPercent ?? 10 })
  return (
    <TermsPart title={t('rollout.title')} lead={t('rollout.lead')}>
      <Switch
        label={t('rollout.staged')}
        checked={rollout !== null}
        onChange={({ currentTarget }) => (currentTarget.checked ? begin('weekly') : onChange(null))}
      />
      {rollout !== null && (
        <>
          <Group gap="xs" role="group" aria-label={t('rollout.presets.label')}>
            {presetNames.map((name) => (
              <Button key={name} size="compact-sm" variant="default" onClick={() => begin(name)}>
                {t(`rollout.presets.${name}`)}
              </Button>
            ))}
          </Group>
          <Waves rollout={rollout} onChange={onChange} />
          <StopAt rollout={rollout} onChange={onChange} />
        </>
      )}
    </TermsPart>
  )
}

interface PartProps {
  readonly rollout: StagedRollout
  readonly onChange: (rollout: StagedRollout) => void
}

function Waves({ rollout, onChange }: PartProps) {
  const { t } = useTranslation()
  const fault = faultIn(rollout)
  const { waves } = rollout
  const set = (changed: StagedRollout['waves']) => onChange({ ...rollout, waves: changed })
  return (
    <Stack gap="xs">
      {waves.map((wave, index) => (
        <WaveFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a wave is known by its place among the waves
          key={index}
          index={index}
          wave={wave}
          fault={fault?.wave === index ? fault.code : null}
          isOnly={waves.length === 1}
          onChange={(changed) => set(waves.map((each, place) => (place === index ? changed : each)))}
          onRemove={() => set(waves.filter((_, place) => place !== index))}
        />
      ))}
      {waves.length < maximumWaves && (
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            onClick={() => set(withNextWave(waves, new Date()))}
          >
            {t('rollout.add_wave')}
          </Button>
        </Group>
      )}
      {(waves.at(-1)?.percent ?? 0) < 100 && (
        <Text size="xs" c="dimmed">
          {t('rollout.below_hundred')}
        </Text>
      )}
    </Stack>
  )
}

function StopAt({ rollout, onChange }: PartProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <NumberInput
      label={t('rollout.stop_at')}
      description={t('rollout.stop_at_hint', { count: fewestTried, shown: number(fewestTried) })}
      placeholder={t('rollout.never')}
      suffix=" %"
      maw="18rem"
      value={rollout.stopAtPercent ?? ''}
      min={1}
      max={100}
      clampBehavior="strict"
      allowDecimal={false}
      allowNegative={false}
      onChange={(value) => onChange({ ...rollout, stopAtPercent: Number(value) >= 1 ? Number(value) : null })}
    />
  )
}
