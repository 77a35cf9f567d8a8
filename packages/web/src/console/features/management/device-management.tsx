import { Button, Skeleton, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconBell, IconDeviceMobileOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DeviceDetail, EnrollmentDetail } from '../../../shared/api/shapes.ts'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { DeviceCommands } from './device-commands.tsx'
import { ManagementFacts } from './management-facts.tsx'
import { deviceEnrollmentQuery, useWake } from './queries.ts'
import { RemoveFromManagement } from './remove-from-management.tsx'

/** D1: whether a device is under management, since when, what it is told, and what can be done about it. */
export function DeviceManagement({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation()
  const query = useQuery(deviceEnrollmentQuery(device.id))
  const [removing, ask] = useDisclosure(false)
  const enrollment = query.data
  const isManaged = enrollment?.state === 'enrolled'
  return (
    <Card
      title={t('management.title')}
      actions={isManaged && <Actions enrollment={enrollment} onRemove={ask.open} />}
    >
      {query.isPending && <Skeleton height={120} />}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {enrollment === null && (
        <Empty
          icon={<IconDeviceMobileOff />}
          title={t('management.never')}
          action={
            <ButtonLink to="/enrollment" search={{ tab: 'links' }} variant="default">
              {t('management.to_enrollment')}
            </ButtonLink>
          }
        >
          {t('management.never_hint')}
        </Empty>
      )}
      {enrollment !== null && enrollment !== undefined && (
        <Stack>
          {isManaged && enrollment.pushLostAt !== null && (
            <Notice tone="warn" title={t('management.push_lost')}>
              {t('management.push_lost_hint')}
            </Notice>
          )}
          <ManagementFacts enrollment={enrollment} />
          <DeviceCommands commands={enrollment.commands} />
        </Stack>
      )}
      {removing && isManaged && (
        <RemoveFromManagement
          enrollmentId={enrollment.id}
          name={device.name || device.serialNumber}
          onClose={ask.close}
        />
      )}
    </Card>
  )
}

interface ActionsProps {
  readonly enrollment: EnrollmentDetail
  readonly onRemove: () => void
}

function Actions({ enrollment, onRemove }: ActionsProps) {
  const { t } = useTranslation()
  const wake = useWake()
  const press = () =>
    wake.mutate(enrollment.id, {
      onSuccess: () => notifications.show({ message: t('management.woken_now') }),
    })
  return (
    <Stack gap="xs" align="flex-end">
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '0.5rem' }}>
        <Button
          size="xs"
          variant="default"
          disabled={enrollment.pushLostAt !== null}
          loading={wake.isPending}
          leftSection={<IconBell size={14} aria-hidden="true" />}
          onClick={press}
        >
          {t('management.wake')}
        </Button>
        {enrollment.channel === 'mdm' && (
          <Button size="xs" variant="default" onClick={onRemove}>
            {t('management.remove')}
          </Button>
        )}
      </div>
      {wake.isError && <ProblemAlert error={wake.error} />}
    </Stack>
  )
}
