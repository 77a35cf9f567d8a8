import { Group, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconApps } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { DeviceDetail } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { AppIcon } from '../../../shared/ui/app-icon.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { TextLink } from '../../../shared/ui/link.tsx'
import { HolderBadge } from '../apps/holder-badge.tsx'
import { LicenseAction } from '../interventions/license-action.tsx'

/** The licenses that a device holds or waits for, with the reason of each. */
export function DeviceLicenses({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const { relative, dateTime, date } = useFormats()
  const why = ({ why: text, withheld }: DeviceDetail['licenses'][number]) =>
    withheld === null
      ? text
      : t('holders.why.taken_back', {
          by: withheld.by ?? t('interventions.somebody'),
          at: date(withheld.at),
        })
  return (
    <Card flush>
      {device.licenses.length === 0 ? (
        <Empty icon={<IconApps />} title={t('devices.no_licenses')}>
          {t('devices.no_licenses_hint')}
        </Empty>
      ) : (
        <Table verticalSpacing="sm" horizontalSpacing="lg">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('apps.columns.name')}</Table.Th>
              <Table.Th scope="col">{t('holders.columns.state')}</Table.Th>
              <Table.Th scope="col" visibleFrom="sm">
                {t('holders.columns.since')}
              </Table.Th>
              <Table.Th scope="col" visibleFrom="md">
                {t('holders.columns.why')}
              </Table.Th>
              <Table.Th scope="col">
                <VisuallyHidden>{t('assignments.columns.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {device.licenses.map((license) => (
              <Table.Tr key={`${license.assetId} ${license.state}`}>
                <Table.Td>
                  <Group gap="sm" wrap="nowrap">
                    <AppIcon url={license.iconUrl} size={32} />
                    <div>
                      <TextLink to="/apps/$id" params={{ id: license.assetId }} size="sm" fw={550}>
                        {license.name}
                      </TextLink>
                      <Text size="xs" c="dimmed">
                        {license.tokenName}
                      </Text>
                    </div>
                  </Group>
                </Table.Td>
                <Table.Td>
                  <HolderBadge state={license.state} ours={license.ours} />
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <span title={dateTime(license.since)}>{relative(license.since)}</span>
                </Table.Td>
                <Table.Td visibleFrom="md">{why(license)}</Table.Td>
                <Table.Td ta="end">
                  <LicenseAction
                    assetId={license.assetId}
                    holder={{
                      kind: 'device',
                      id: device.serialNumber,
                      state: license.state,
                      ours: license.ours,
                    }}
                    isWithheld={license.withheld !== null}
                    what={license.name}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  )
}
