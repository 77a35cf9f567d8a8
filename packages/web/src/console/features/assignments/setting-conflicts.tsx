import type { SettingName } from '@apportion/core/assignments/settings'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DeviceTarget } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { assignmentsQuery } from './queries.ts'

const labels = {
  automaticUpdates: 'updates',
  removable: 'removable',
  preventBackup: 'backup',
  removeWhenManagementEnds: 'management',
  vpnId: 'vpn',
  configuration: 'configuration',
} as const satisfies Readonly<Record<SettingName, string>>

/** A3: the settings of which the assignments that reach a device say different things, and whose holds. */
export function SettingConflicts({ target }: { readonly target: DeviceTarget }) {
  const { t } = useTranslation()
  const { list } = useFormats()
  const { assetId, settings } = target
  const { conflicts } = settings
  const { data: assignments } = useQuery({ ...assignmentsQuery(assetId), enabled: conflicts.length > 0 })
  const groupsOf = (ids: readonly number[]) =>
    list(
      ids
        .map((id) => assignments?.find((each) => each.id === id)?.group.name ?? `#${id}`)
        .map((group) => t('targets.by', { group })),
    )
  return conflicts.map(({ setting, held, overruled }) => (
    <Text key={setting} size="xs" c="dimmed" data-conflict={setting}>
      {t(held.length === 0 ? 'targets.conflict_usual' : 'targets.conflict', {
        setting: t(`terms.settings.${labels[setting]}`),
        held: groupsOf(held),
        overruled: groupsOf(overruled),
      })}
    </Text>
  ))
}
