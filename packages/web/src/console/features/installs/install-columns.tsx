import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AssetInstall } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'
import { useCauseText } from './cause.tsx'
import { InstallBadge } from './install-badge.tsx'
import { useNextText } from './next.ts'

/** How the devices of an app are listed; each row leads to why it stands so there. */
export function useInstallColumns(assetId: number): readonly Column<AssetInstall>[] {
  const { t } = useTranslation()
  const { relative, dateTime } = useFormats()
  const causeText = useCauseText()
  const nextText = useNextText()
  return [
    {
      key: 'device',
      header: t('installs.columns.device'),
      cell: ({ deviceId, serialNumber, deviceName, userName }) => (
        <>
          <RowLink
            to="/devices/$id/why/$assetId"
            params={{ id: deviceId, assetId }}
            aria-label={`${serialNumber}. ${t('installs.why_on', { device: serialNumber })}`}
          >
            {serialNumber}
          </RowLink>
          <Text size="xs" c="dimmed" className="truncate">
            {[deviceName, userName].filter((part) => part !== null && part !== '').join(' · ')}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('installs.columns.state'),
      width: '14rem',
      phoneWidth: '11.5rem',
      cell: ({ state }) => <InstallBadge state={state} />,
    },
    {
      key: 'since',
      header: t('installs.columns.since'),
      width: '8.5rem',
      from: 'xs',
      cell: ({ since }) => <span title={dateTime(since)}>{relative(since)}</span>,
    },
    {
      key: 'cause',
      header: t('installs.columns.cause'),
      from: 'md',
      cell: (row) => {
        const next = nextText(row)
        return (
          <>
            <div className="truncate" title={causeText(row.cause)}>
              {causeText(row.cause)}
            </div>
            {next !== '' && (
              <Text size="xs" c="dimmed" className="truncate">
                {next}
              </Text>
            )}
          </>
        )
      },
    },
  ]
}
