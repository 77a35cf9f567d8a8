import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Enrollment } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import type { Column } from '../../../shared/ui/rows.tsx'

const tones: Readonly<Record<Enrollment['state'], Tone>> = {
  authenticated: 'info',
  enrolled: 'good',
  left: 'neutral',
}

/** How enrollments are listed; each row leads to the management of its device. */
export function useEnrollmentColumns(): readonly Column<Enrollment>[] {
  const { t } = useTranslation()
  const { date, dateTime, relative } = useFormats()
  return [
    {
      key: 'device',
      header: t('enrollment.devices.columns.device'),
      cell: (row) => <DeviceCell enrollment={row} />,
    },
    {
      key: 'user',
      header: t('enrollment.devices.columns.user'),
      from: 'xs',
      cell: ({ user }) => (user === null ? '–' : user.name || user.userName),
    },
    {
      key: 'state',
      header: t('enrollment.devices.columns.state'),
      width: '11rem',
      phoneWidth: '9.5rem',
      cell: (row) => <StateCell enrollment={row} />,
    },
    {
      key: 'seen',
      header: t('enrollment.devices.columns.seen'),
      width: '11rem',
      from: 'xs',
      cell: ({ lastSeenAt }) => <span title={dateTime(lastSeenAt)}>{relative(lastSeenAt)}</span>,
    },
    {
      key: 'certificate',
      header: t('enrollment.devices.columns.certificate'),
      width: '9rem',
      from: 'md',
      cell: ({ identity }) =>
        identity === null ? '–' : <span title={dateTime(identity.notAfter)}>{date(identity.notAfter)}</span>,
    },
    {
      key: 'enrolled',
      header: t('enrollment.devices.columns.enrolled'),
      width: '9rem',
      from: 'lg',
      cell: ({ enrolledAt, channel }) => (
        <>
          <div title={enrolledAt === null ? '' : dateTime(enrolledAt)}>
            {enrolledAt === null ? '–' : date(enrolledAt)}
          </div>
          <Text size="xs" c="dimmed" className="truncate">
            {t(`enrollment.devices.channels.${channel}`)}
          </Text>
        </>
      ),
    },
  ]
}

/** A device that is not in the directory has only the name by which it enrolled. */
function DeviceCell({ enrollment: { device, identifier } }: { readonly enrollment: Enrollment }) {
  const { t } = useTranslation()
  if (device === null) {
    return (
      <>
        <Text size="sm" className="truncate" title={identifier}>
          {identifier}
        </Text>
        <Text size="xs" c="dimmed" className="truncate">
          {t('enrollment.devices.unknown')}
        </Text>
      </>
    )
  }
  return (
    <>
      <RowLink to="/devices/$id" params={{ id: device.id }} search={{ tab: 'installs' }}>
        {device.serialNumber}
      </RowLink>
      <Text size="xs" c="dimmed" className="truncate">
        {device.name}
      </Text>
    </>
  )
}

function StateCell({ enrollment }: { readonly enrollment: Enrollment }) {
  const { t } = useTranslation()
  const { dateTime } = useFormats()
  const { state, leftCause, leftAt, pushLostAt } = enrollment
  const isUnreachable = state === 'enrolled' && pushLostAt !== null
  return (
    <div data-enrollment={state} title={leftAt === null ? '' : dateTime(leftAt)}>
      <Badge tone={isUnreachable ? 'warn' : tones[state]}>{t(`enrollment.devices.states.${state}`)}</Badge>
      {(leftCause !== null || isUnreachable) && (
        <Text size="xs" c="dimmed" className="truncate">
          {leftCause === null
            ? t('enrollment.devices.unreachable')
            : t(`enrollment.devices.causes.${leftCause}`)}
        </Text>
      )}
    </div>
  )
}
