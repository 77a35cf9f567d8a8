import type { PlistDict } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import { describe, expect, test } from 'vitest'
import { APP, BUNDLE, deviceScene, INSTALL } from '../support/device-scene.ts'

const LIST = { RequestType: 'ManagedApplicationList' }
const INSTALLED = { RequestType: 'InstalledApplicationList' }

describe('S13 without a right', () => {
  const needed: [command: PlistDict, right: number][] = [
    [LIST, 4096],
    [INSTALL, 4096],
    [{ RequestType: 'RemoveApplication', Identifier: BUNDLE }, 4096],
    [{ RequestType: 'InviteToProgram' }, 4096],
    [{ RequestType: 'InstallMedia' }, 4096],
    [INSTALLED, 256],
    [{ RequestType: 'Settings', Settings: [] }, 2048],
    [{ RequestType: 'ProfileList' }, 1],
    [{ RequestType: 'InstallProfile' }, 2],
  ]
  for (const [command, right] of needed) {
    test(`${right} ${textField(command, 'RequestType')} is 12007`, async () => {
      await using at = await deviceScene()
      const rights = right === 1 ? 16 : 8191 & ~right
      const device = await at.enrolled({ kind: 'corporate' }, { mdm: { AccessRights: rights } })
      expect(await at.tell(device, command)).toMatchObject({
        Status: 'Error',
        ErrorChain: [{ ErrorCode: 12007 }],
      })
    })
  }

  test('DeviceInformation leaves out what it may not tell', async () => {
    const Queries = [
      'UDID',
      'SerialNumber',
      'OSVersion',
      'IMEI',
      'iTunesStoreAccountIsActive',
      'Weather',
      'toString',
    ]
    const told = async (AccessRights: number): Promise<string[]> => {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind: 'corporate' }, { mdm: { AccessRights } })
      const { QueryResponses } = await at.tell(device, { RequestType: 'DeviceInformation', Queries })
      return Object.keys(Object(QueryResponses))
    }
    expect(await told(6419)).toEqual(['UDID', 'SerialNumber', 'OSVersion', 'iTunesStoreAccountIsActive'])
    expect(await told(6419 - 16)).toEqual(['UDID', 'iTunesStoreAccountIsActive'])
    expect(await told(19)).toEqual(['UDID', 'SerialNumber', 'OSVersion'])
    expect(await told(8191)).toContain('IMEI')
  })

  test.each([
    [
      'an iPad of iPadOS 18 tells its time zone',
      { productName: 'iPad14,3', timeZone: 'America/Curacao' },
      true,
    ],
    ['one of iPadOS 13 does not', { productName: 'iPad7,5', osVersion: '13.7' }, false],
    ['a Mac does not', { productName: 'Mac15,3', osVersion: '15.6' }, false],
  ] as const)('%s', async (_title, identity, tells) => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate', ...identity })
    const answer = await at.tell(device, { RequestType: 'DeviceInformation', Queries: ['TimeZone'] })
    expect(answer.QueryResponses).toEqual(tells ? { TimeZone: device.identity.timeZone } : {})
  })

  test('Settings about an app is refused for its item alone', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' }, { mdm: { AccessRights: 2048 } })
    const Settings = [{ Item: 'ApplicationConfiguration', Identifier: BUNDLE }]
    const answer = await at.tell(device, { RequestType: 'Settings', Settings })
    expect(answer).toMatchObject({
      Status: 'Acknowledged',
      Settings: [{ ErrorChain: [{ ErrorCode: 12007 }] }],
    })
  })
})

test('S14 a User Enrollment refuses to invite, to redeem and to take over', async () => {
  await using at = await deviceScene()
  const device = await at.enrolled({ kind: 'user_enrollment' })
  for (const RequestType of ['InviteToProgram', 'ApplyRedemptionCode']) {
    expect((await at.tell(device, { RequestType })).ErrorChain).toMatchObject([{ ErrorCode: 12021 }])
  }
  device.installByPerson(String(APP))
  const answer = await at.install(device, { ChangeManagementState: 'Managed' })
  expect(answer.RejectionReason).toBe('ManagementChangeNotSupported')
})

test('the hash of the store’s account is that of the person in Apps and Books', async () => {
  await using at = await deviceScene()
  const device = await at.enrolled({ kind: 'corporate' })
  const ask = {
    RequestType: 'DeviceInformation',
    Queries: ['iTunesStoreAccountIsActive', 'iTunesStoreAccountHash'],
  }
  const told = async () => (await at.tell(device, ask)).QueryResponses
  expect(await told()).toEqual({ iTunesStoreAccountIsActive: false })
  at.giveAccount('sam@accounts.example')
  device.signIn('sam@accounts.example')
  const idHash = (await at.get('/users')).body.users?.[0]?.idHash
  expect(idHash).toBeDefined()
  expect(await told()).toEqual({ iTunesStoreAccountIsActive: true, iTunesStoreAccountHash: idHash })
})
