/** The demo organization in the server, as an administrator would bring it in, so that pages have something to show. */
import { demoOrganization } from '@apportion/apple-sim/demo-organization'
import { populate } from '@apportion/apple-sim/demo-world'
import { Administrator } from '../../support/administrator.ts'
import { until } from '../../support/books.ts'
import { ada, type ConsoleUnderTest } from './console.ts'

/** Adds both tokens, imports everybody, assigns one app to many devices and one that is too scarce. */
export async function bringInOrganization({ apple, server }: ConsoleUnderTest): Promise<Administrator> {
  const organization = demoOrganization()
  const locations = populate(apple.world, organization)
  const admin = await Administrator.setUp(server, ada)
  for (const location of locations) await admin.addToken(location.mintToken().file)
  const { deviceGroups, userGroups, users, devices, scarce } = organization
  const groups = [
    ...deviceGroups.map((group) => ({ ...group, kind: 'device' })),
    ...userGroups.map((group) => ({ ...group, kind: 'user' })),
  ]
  const namesOf = (kind: readonly { name: string; members: readonly string[] }[], member: string) =>
    kind.filter(({ members }) => members.includes(member)).map(({ name }) => name)
  const rows = {
    groups: [
      ['name', 'kind', 'description'],
      ...groups.map(({ name, kind, description }) => [name, kind, description]),
    ],
    users: [
      ['user_name', 'name', 'email', 'department', 'groups'],
      ...users.map(({ email, name, department }) => {
        return [email, name, email, department, namesOf(userGroups, email).join('|')]
      }),
    ],
    devices: [
      [
        'serial_number',
        'name',
        'model',
        'platform',
        'os_version',
        'ownership',
        'supervised',
        'user',
        'groups',
      ],
      ...devices.map((device) => [
        device.serialNumber,
        device.name,
        device.modelName,
        device.os,
        device.osVersion,
        device.ownership,
        device.supervised ? 'yes' : 'no',
        device.userEmail ?? '',
        namesOf(deviceGroups, device.serialNumber).join('|'),
      ]),
    ],
  }
  for (const kind of ['groups', 'users', 'devices'] as const) {
    const { status, body } = await admin.importCsv(kind, toCsv(rows[kind]))
    if (status !== 200 || body.kept !== true)
      throw new Error(`${kind} were not imported: ${JSON.stringify(body)}`)
  }
  await until(() => admin.isQuiet(), 60, 'the first syncs')
  const maths = organization.titles.find(({ name }) => name === 'Fractal Maths')
  await admin.assign(maths?.adamId ?? '', [{ group: 'Student iPads', intent: 'required' }])
  await admin.assign(scarce.adamId, [{ group: scarce.deviceGroup, intent: 'required' }])
  await until(() => admin.isQuiet(), 60, 'the licenses')
  return admin
}

function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
}
