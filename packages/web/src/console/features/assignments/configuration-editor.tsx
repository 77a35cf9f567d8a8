import { Button, Group, Text, Textarea } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { type Configuration, writeConfiguration } from './configuration-text.ts'

interface ConfigurationEditorProps {
  readonly text: string
  readonly configuration: Configuration
  readonly onText: (text: string) => void
}

/** The app configuration as JSON, checked while it is written. */
export function ConfigurationEditor({ text, configuration, onText }: ConfigurationEditorProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const values = configuration.kind === 'fine' ? Object.keys(configuration.value).length : 0
  return (
    <div>
      <Textarea
        label={t('terms.settings.configuration')}
        description={t('terms.settings.configuration_hint')}
        placeholder={'{\n  "server": "https://example.org"\n}'}
        value={text}
        rows={7}
        spellCheck={false}
        styles={{ input: { fontFamily: 'ui-monospace, monospace', fontSize: '0.8125rem' } }}
        error={faultText(configuration, t)}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
      {configuration.kind === 'fine' && (
        <Group justify="space-between" mt={6}>
          <Text size="xs" c="dimmed" role="status">
            {t('terms.settings.configuration_fine', { count: values, shown: number(values) })}
          </Text>
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => onText(writeConfiguration(configuration.value))}
          >
            {t('terms.settings.tidy')}
          </Button>
        </Group>
      )}
    </div>
  )
}

function faultText(configuration: Configuration, t: TFunction): string | null {
  if (configuration.kind === 'no_object') return t('terms.settings.no_object')
  if (configuration.kind !== 'no_json') return null
  const { line, column } = configuration
  if (line === null || column === null) return t('terms.settings.no_json')
  return t('terms.settings.no_json_at', { line: String(line), column: String(column) })
}
