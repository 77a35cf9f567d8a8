import { defaultSettings } from '@apportion/core/assignments/settings'
import { NativeSelect, Switch, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ConfigurationEditor } from './configuration-editor.tsx'
import type { Configuration } from './configuration-text.ts'
import type { Terms } from './terms.ts'
import { TermsPart } from './terms-part.tsx'

const updates = ['token', 'on', 'off'] as const

interface TermsSettingsProps {
  readonly settings: Terms['settings']
  /** The app configuration as it is written, and what it comes to. */
  readonly text: string
  readonly configuration: Configuration
  readonly onText: (text: string) => void
  readonly onChange: (settings: Terms['settings']) => void
}

/** A3: how the app is kept on the device. */
export function TermsSettings({ settings, text, configuration, onText, onChange }: TermsSettingsProps) {
  const { t } = useTranslation()
  const held = { ...defaultSettings, ...settings }
  return (
    <TermsPart title={t('terms.settings.title')} lead={t('terms.settings.lead')}>
      <NativeSelect
        label={t('terms.settings.updates')}
        value={held.automaticUpdates}
        data={updates.map((value) => ({ value, label: t(`terms.settings.update_choices.${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...settings, automaticUpdates: updates.find((known) => known === value) ?? 'token' })
        }
      />
      <Switch
        label={t('terms.settings.removable')}
        description={t('terms.settings.removable_hint')}
        checked={held.removable}
        onChange={({ currentTarget }) => onChange({ ...settings, removable: currentTarget.checked })}
      />
      <Switch
        label={t('terms.settings.backup')}
        description={t('terms.settings.backup_hint')}
        checked={!held.preventBackup}
        onChange={({ currentTarget }) => onChange({ ...settings, preventBackup: !currentTarget.checked })}
      />
      <Switch
        label={t('terms.settings.management')}
        description={t('terms.settings.management_hint')}
        checked={held.removeWhenManagementEnds}
        onChange={({ currentTarget }) =>
          onChange({ ...settings, removeWhenManagementEnds: currentTarget.checked })
        }
      />
      <TextInput
        label={t('terms.settings.vpn')}
        description={t('terms.settings.vpn_hint')}
        value={held.vpnId ?? ''}
        maxLength={200}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...settings, vpnId: value.trim() === '' ? null : value })
        }
      />
      <ConfigurationEditor text={text} configuration={configuration} onText={onText} />
    </TermsPart>
  )
}
