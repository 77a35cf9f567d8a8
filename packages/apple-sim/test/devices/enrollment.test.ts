import { describe, expect, test } from 'vitest'
import { startDevices } from '../../src/devices/devices.ts'
import { sharedKeys } from '../../src/devices/keys.ts'
import { deviceScene } from '../support/device-scene.ts'
import { failure } from '../support/enrollment-failure.ts'
import { ABSENT, type ProfileWish } from '../support/mdm-peer.ts'

const types = (messages: readonly { readonly MessageType?: unknown }[]) =>
  messages.map(({ MessageType }) => MessageType)

describe('S1 a device installs certificates, then its identity, then management', () => {
  test('by the address of the profile', async () => {
    await using at = await deviceScene()
    const device = at.devices.add({ kind: 'corporate', serialNumber: 'HARBORPAD01' })
    await device.enroll(`${at.peer.origin}/profile`)
    expect(at.peer.complaints).toEqual([])
    expect(at.peer.scepRequests.map(({ challenge, subject }) => [challenge, subject])).toEqual([
      ['challenge-1', 'O=Peer,CN=HARBORPAD01'],
    ])
    expect(types(at.peer.checkIns)).toEqual(['Authenticate', 'TokenUpdate'])
    expect(device.isEnrolled).toBe(true)
  })

  test('from a signed profile', async () => {
    await using at = await deviceScene()
    const device = at.devices.add({ kind: 'byod' })
    await device.install(at.peer.signed(at.peer.profile()))
    expect(device.isEnrolled).toBe(true)
  })

  test('and not from one that was changed after it was signed', async () => {
    await using at = await deviceScene()
    const device = at.devices.add({ kind: 'byod' })
    const signed = at.peer.signed(at.peer.profile())
    const place = signed.indexOf('Peer</string>')
    signed.write('Pear', place)
    expect(await failure(device.install(signed))).toEqual(['profile', 4001])
    expect([device.isEnrolled, at.peer.scepRequests.length]).toEqual([false, 0])
  })

  test('and sends no TokenUpdate when the identity is refused', async () => {
    await using at = await deviceScene()
    at.peer.scepAnswers.push({ status: 'failure' })
    const device = at.devices.add({ kind: 'byod' })
    expect(await failure(device.enroll(`${at.peer.origin}/profile`))).toEqual(['identity', 22013])
    expect([device.isEnrolled, at.peer.checkIns]).toEqual([false, []])
    await device.enroll(`${at.peer.origin}/profile`)
    expect(device.isEnrolled).toBe(true)
  })

  test('and downloads nothing but profiles', async () => {
    await using at = await deviceScene()
    const device = at.devices.add({ kind: 'byod' })
    expect(await failure(device.enroll(`${at.peer.origin}/scep?operation=GetCACaps`))).toEqual([
      'fetch',
      undefined,
    ])
    expect(await failure(device.enroll('http://127.0.0.1:1/profile'))).toEqual(['fetch', undefined])
  })
})

describe('S2 a device refuses a profile', () => {
  const table: [why: string, wish: ProfileWish, number: number][] = [
    ['whose topic is not one of device management', { mdm: { Topic: 'com.example.topic' } }, 12022],
    ['without a topic', { mdm: { Topic: ABSENT } }, 12022],
    ['with an address that is not https', { mdm: { ServerURL: 'ftp://peer.example/mdm' } }, 12034],
    ['that fetches identities elsewhere than by https', { scep: { URL: 'ftp://peer.example/scep' } }, 12034],
    ['without IdentityCertificateUUID', { mdm: { IdentityCertificateUUID: ABSENT } }, 12016],
    ['whose IdentityCertificateUUID names nothing', { mdm: { IdentityCertificateUUID: 'none' } }, 12016],
    ['without rights', { mdm: { AccessRights: ABSENT } }, 12000],
    ['with no right at all', { mdm: { AccessRights: 0 } }, 12000],
    ['with right 2 and not 1', { mdm: { AccessRights: 4098 } }, 12000],
    ['with right 128 and not 64', { mdm: { AccessRights: 128 } }, 12000],
    ['with rights that do not exist', { mdm: { AccessRights: 16_384 } }, 12000],
    ['of a User Enrollment on a device that enrolls as a whole', { mdm: { EnrollmentMode: 'BYOD' } }, 12011],
    ['that asks for a key that is not RSA', { scep: { 'Key Type': 'EC' } }, 4001],
    ['without a version', { top: { PayloadVersion: 2 } }, 4001],
  ]
  for (const [why, wish, number] of table) {
    test(why, async () => {
      await using at = await deviceScene()
      const device = at.devices.add({ kind: 'corporate' })
      expect(await failure(device.install(Buffer.from(at.peer.profile(wish))))).toEqual(['profile', number])
      expect([at.peer.scepRequests.length, at.peer.checkIns.length]).toEqual([0, 0])
    })
  }

  test('of a User Enrollment with AccessRights', async () => {
    await using at = await deviceScene()
    const wish = { kind: 'user_enrollment' } as const
    await expect(at.enrolled(wish, { mdm: { AccessRights: 6419 } })).rejects.toThrow('AccessRights')
    await expect(at.enrolled(wish, { mdm: { EnrollmentMode: ABSENT } })).rejects.toThrow('EnrollmentMode')
    await expect(at.enrolled(wish)).resolves.toBeDefined()
  })

  test('with two MDM payloads', async () => {
    await using at = await deviceScene()
    const second = {
      PayloadType: 'com.apple.mdm',
      PayloadVersion: 1,
      PayloadIdentifier: 'example.second',
      PayloadUUID: 'second',
    }
    const device = at.devices.add({ kind: 'corporate' })
    expect(await failure(device.install(Buffer.from(at.peer.profile({ more: [second] }))))).toEqual([
      'profile',
      12001,
    ])
  })

  test('that is no property list', async () => {
    await using at = await deviceScene()
    const device = at.devices.add({ kind: 'corporate' })
    expect(await failure(device.install(Buffer.from('{}')))).toEqual(['profile', 4001])
  })
})

describe('S4 a device is enrolled after Authenticate and TokenUpdate', () => {
  for (const status of [400, 401, 403, 500]) {
    test(`and not when Authenticate is answered with ${status}`, async () => {
      await using at = await deviceScene()
      at.peer.instead.push({ path: '/checkin', answer: { status } })
      const device = at.devices.add({ kind: 'corporate' })
      expect(await failure(device.enroll(`${at.peer.origin}/profile`))).toEqual(['authenticate', undefined])
      expect([device.isEnrolled, at.peer.checkIns]).toEqual([false, []])
    })
  }

  test('and follows a redirection', async () => {
    await using at = await deviceScene()
    at.peer.instead.push({ path: '/checkin', answer: { status: 307, location: '/checkin' } })
    await at.enrolled({ kind: 'corporate' })
    expect(types(at.peer.checkIns)).toEqual(['Authenticate', 'TokenUpdate'])
  })
})

test('S14 in a User Enrollment nothing names the device', async () => {
  await using at = await deviceScene()
  const device = await at.enrolled({ kind: 'user_enrollment' })
  await at.tell(device, { RequestType: 'InstalledApplicationList' })
  for (const message of [...at.peer.checkIns, ...at.peer.reports]) {
    expect(message.EnrollmentID).toBe(device.enrollmentIdentifier)
    for (const key of ['UDID', 'SerialNumber', 'IMEI']) expect(message).not.toHaveProperty(key)
  }
  const answer = await at.tell(device, {
    RequestType: 'DeviceInformation',
    Queries: ['UDID', 'SerialNumber', 'IMEI', 'iTunesStoreAccountHash', 'OSVersion'],
  })
  expect(answer.QueryResponses).toEqual({ OSVersion: '18.6' })
  expect(JSON.stringify(at.peer.checkIns)).not.toContain(device.identity.serialNumber)
})

describe('a device whose messages are not signed', () => {
  for (const form of ['rfc9440', 'escaped-pem'] as const) {
    test(`shows its certificate to a proxy, which passes it on as ${form}`, async () => {
      await using at = await deviceScene()
      const proxy = { header: 'client-cert', form }
      await using devices = await startDevices(at.apple, { allowPlainHttp: true, keys: sharedKeys(1), proxy })
      at.peer.certificateHeader = proxy.header
      const device = devices.add({ kind: 'corporate' })
      await device.install(Buffer.from(at.peer.profile({ mdm: { SignMessage: false } })))
      const [shown = ''] = at.peer.shown
      const text =
        form === 'rfc9440'
          ? shown.slice(1, -1)
          : decodeURIComponent(shown).replaceAll(/-----.*?-----|\n/g, '')
      expect(text).toBe(device.certificate?.toString('base64'))
      expect(at.peer.shown).toEqual([shown, shown])
    })
  }
})
