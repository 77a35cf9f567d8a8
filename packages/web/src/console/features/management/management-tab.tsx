import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { DeviceDetail } from '../../../shared/api/shapes.ts'
import { DeviceInstalls } from '../installs/device-installs.tsx'
import { DeviceManagement } from './device-management.tsx'
import { deviceEnrollmentQuery } from './queries.ts'

/** The management of a device, and how its apps stand. */
export function ManagementTab({ device }: { readonly device: DeviceDetail }) {
  const { isPending } = useQuery(deviceEnrollmentQuery(device.id))
  return (
    <Stack gap="lg">
      <DeviceManagement device={device} />
      {/* Below the management, whose height is known only once it is read. */}
      {!isPending && <DeviceInstalls device={device} />}
    </Stack>
  )
}
