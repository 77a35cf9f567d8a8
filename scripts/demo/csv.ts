/** The demo organization as the CSV files that an administrator would import (P3). */
import type { DemoGroup, DemoOrganization } from '@apportion/apple-sim/demo-organization'

export interface CsvFile {
  readonly kind: 'users' | 'devices' | 'groups'
  readonly text: string
}

/** In the order in which they refer to each other. */
export function csvFiles(organization: DemoOrganization): readonly CsvFile[] {
  const { users, devices, deviceGroups, userGroups } = organization
  return [
    {
      kind: 'users',
      text: csv([
        ['user_name', 'name', 'email', 'department'],
        ...users.map(({ email, name, department }) => [email, name, email, department]),
      ]),
    },
    {
      kind: 'devices',
      text: csv([
        ['serial_number', 'name', 'model', 'platform', 'os_version', 'ownership', 'supervised', 'user'],
        ...devices.map((device) => [
          device.serialNumber,
          device.name,
          device.modelName,
          device.os,
          device.osVersion,
          device.ownership,
          device.supervised ? 'yes' : 'no',
          device.userEmail ?? '',
        ]),
      ]),
    },
    {
      kind: 'groups',
      text: csv([
        ['name', 'kind', 'description', 'member'],
        ...deviceGroups.flatMap((group) => groupRows(group, 'device')),
        ...userGroups.flatMap((group) => groupRows(group, 'user')),
      ]),
    },
  ]
}

function groupRows({ name, description, members }: DemoGroup, kind: string): readonly string[][] {
  return members.map((member) => [name, kind, description, member])
}

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
