import { Code, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DeviceCommand } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import styles from './management.module.css'

const tones: Readonly<Record<DeviceCommand['state'], Tone>> = {
  queued: 'info',
  sent: 'info',
  not_now: 'warn',
  done: 'good',
  failed: 'bad',
  malformed: 'bad',
  void: 'neutral',
}

/** What the device was told lately, the newest first, folded away until somebody looks. */
export function DeviceCommands({ commands }: { readonly commands: readonly DeviceCommand[] }) {
  const { t } = useTranslation()
  const { relative, dateTime } = useFormats()
  return (
    <details className={styles.recent}>
      <summary>{t('management.recent')}</summary>
      {commands.length === 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          {t('management.no_commands')}
        </Text>
      ) : (
        <Table verticalSpacing="xs" aria-label={t('management.recent')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('management.columns.command')}</Table.Th>
              <Table.Th scope="col">{t('management.columns.state')}</Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                {t('management.columns.queued')}
              </Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                {t('management.columns.answered')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {commands.map((command) => (
              <Table.Tr key={command.id} data-command={command.state}>
                <Table.Td className={styles.command ?? ''}>
                  <Code>{command.requestType}</Code>
                  {command.errors.map(({ domain, code, text }) => (
                    <Text key={`${domain} ${code}`} size="xs" c="dimmed">
                      {code} {domain} {text}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td>
                  <Badge tone={tones[command.state]}>{t(`management.command_states.${command.state}`)}</Badge>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <span title={dateTime(command.queuedAt)}>{relative(command.queuedAt)}</span>
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {command.answeredAt === null ? (
                    '–'
                  ) : (
                    <span title={dateTime(command.answeredAt)}>{relative(command.answeredAt)}</span>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </details>
  )
}
