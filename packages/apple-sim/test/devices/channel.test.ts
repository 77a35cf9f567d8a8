import type { PlistDict } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import { describe, expect, test } from 'vitest'
import type { SimulatedDevice } from '../../src/devices/device.ts'
import { APP, BUNDLE, deviceScene, INSTALL } from '../support/device-scene.ts'
import type { PeerAnswer } from '../support/mdm-peer.ts'

const LIST = { RequestType: 'ManagedApplicationList' }
const INSTALLED = { RequestType: 'InstalledApplicationList' }
const statuses = (reports: readonly PlistDict[]) => reports.map(({ Status }) => Status)

describe('S5 what a device sends is signed', () => {
  const table = [
    ['sha256', 'open'],
    ['sha256', 'definite'],
    ['sha1', 'open'],
  ] as const
  for (const [digest, lengths] of table) {
    test(`over its exact bytes, detached, with a time, by ${digest}, with ${lengths} lengths around`, async () => {
      await using at = await deviceScene()
      const device = at.devices.add({ kind: 'corporate' })
      device.signWith(digest, lengths)
      await device.enroll(`${at.peer.origin}/profile`)
      at.peer.digests.length = 0
      await at.tell(device, LIST)
      expect(at.peer.complaints).toEqual([])
      expect(at.peer.digests).toEqual([digest, digest])
    })
  }
})

test('S6 and S7 it asks with Idle by PUT, answers each command, and stops at an empty answer', async () => {
  await using at = await deviceScene()
  const device = await at.enrolled({ kind: 'corporate' })
  const ids = [at.peer.queue(LIST), at.peer.queue(INSTALLED), at.peer.queue(LIST)]
  device.wake()
  await at.devices.settled()
  expect(statuses(at.peer.reports)).toEqual(['Idle', 'Acknowledged', 'Acknowledged', 'Acknowledged'])
  expect(device.heard.map(({ id }) => id)).toEqual(ids)
  expect(at.peer.complaints).toEqual([])
})

describe('S7 what is no command', () => {
  const reply = (body: string): PeerAnswer => ({ status: 200, type: 'application/xml', body })

  test('ends the connection', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    at.peer.instead.push({ path: '/mdm', answer: reply('<html>Hello</html>') })
    at.peer.instead.push({ path: '/mdm', answer: reply('<plist version="1.0"><dict/></plist>') })
    for (let times = 0; times < 2; times += 1) {
      device.wake()
      await at.devices.settled()
    }
    expect([at.peer.reports, device.heard, device.isEnrolled]).toEqual([[], [], true])
  })

  test('is a CommandFormatError when it has a name', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    expect((await at.tell(device, {})).Status).toBe('CommandFormatError')
    expect((await at.tell(device, { RequestType: 7 })).Status).toBe('CommandFormatError')
  })

  test('that a device of this kind knows is 12021', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    for (const RequestType of ['RotateFileVaultKey', 'DeclarativeManagement', 'toString']) {
      const answer = await at.tell(device, { RequestType })
      expect(answer).toMatchObject({ Status: 'Error', ErrorChain: [{ ErrorCode: 12021 }] })
    }
  })
})

describe('S9 before the first unlock', () => {
  async function locked() {
    const at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    device.restart()
    return { at, device }
  }

  test('InstallApplication is put off, and the device comes back by itself after that', async () => {
    const { at, device } = await locked()
    await using _ = at
    const id = at.peer.queue(INSTALL)
    device.wake()
    await at.devices.settled()
    expect(statuses(at.peer.reports)).toEqual(['Idle', 'NotNow'])
    device.unlock()
    await at.devices.settled()
    expect(statuses(at.peer.answersTo(id))).toEqual(['NotNow', 'Acknowledged'])
  })

  test('and it does not come back when the last thing it said was something else', async () => {
    const { at, device } = await locked()
    await using _ = at
    at.peer.queue(INSTALL)
    at.peer.queue(INSTALLED)
    device.wake()
    await at.devices.settled()
    expect(statuses(at.peer.reports)).toEqual(['Idle', 'NotNow', 'Acknowledged'])
    device.unlock()
    await at.devices.settled()
    expect(at.peer.reports).toHaveLength(3)
    device.wake()
    await at.devices.settled()
    expect(device.app(BUNDLE)?.state).toBe('Queued')
  })

  test('S10 what only tells of the device is never put off', async () => {
    const { at, device } = await locked()
    await using _ = at
    for (const RequestType of ['DeviceInformation', 'ProfileList', 'InstalledApplicationList']) {
      expect((await at.tell(device, { RequestType, Queries: [] })).Status).toBe('Acknowledged')
    }
    expect((await at.tell(device, LIST)).Status).toBe('NotNow')
  })

  test('InviteToProgram waits for the end of Setup Assistant', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    device.enterSetupAssistant()
    const invite = { RequestType: 'InviteToProgram', ProgramID: 'com.apple.cloudvpp', InvitationURL: 'none' }
    const id = at.peer.queue(invite)
    device.wake()
    await at.devices.settled()
    device.finishSetupAssistant()
    await at.devices.settled()
    expect(at.peer.answersTo(id)).toMatchObject([
      { Status: 'NotNow' },
      { Status: 'Acknowledged', InvitationResult: 'InvalidInvitationURL' },
    ])
    expect((await at.tell(device, { ...invite, ProgramID: 'x' })).InvitationResult).toBe('InvalidProgramID')
  })
})

describe('S11 an answer that may be lost', () => {
  const answers = (message: PlistDict): boolean => message.Status === 'Acknowledged'

  test('is sent again after a 5xx, as it was, and nothing is carried out again', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    at.giveDevice(device)
    at.peer.instead.push({ path: '/mdm', answer: { status: 503 }, when: answers })
    const id = at.peer.queue(INSTALL)
    device.wake()
    await at.devices.settled()
    expect(at.peer.answersTo(id)).toEqual([])
    await at.devices.pass(60_000)
    expect(at.peer.answersTo(id)).toMatchObject([{ Status: 'Acknowledged', State: 'Prompting' }])
    expect(device.person.promptsShown.install).toBe(1)
    // It asked with the answer itself, not with Idle.
    expect(statuses(at.peer.reports)).toEqual(['Idle', 'Acknowledged'])
  })

  test('is tried again later and later', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    for (let times = 0; times < 3; times += 1) at.peer.instead.push({ path: '/mdm', answer: { status: 500 } })
    device.wake()
    await at.devices.settled()
    const left = async (ms: number): Promise<number> => {
      await at.devices.pass(ms)
      return at.peer.instead.length
    }
    expect([await left(59_000), await left(1000), await left(119_000), await left(1000)]).toEqual([
      2, 1, 1, 0,
    ])
    expect(await left(240_000)).toBe(0)
    expect(statuses(at.peer.reports)).toEqual(['Idle'])
  })

  test('is taken from memory when the command comes again', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    at.giveDevice(device)
    const first = await at.install(device)
    const id = textField(first, 'CommandUUID') ?? ''
    at.peer.queue(INSTALL, id)
    device.wake()
    await at.devices.settled()
    expect(at.peer.answersTo(id)).toEqual([first, first])
    expect(device.person.promptsShown.install).toBe(1)
    expect(device.heard.map(({ again }) => again)).toEqual([false, true])
  })

  test('a command that the device lost comes again and is carried out then', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    device.loseCommands()
    const id = at.peer.queue(INSTALL)
    device.wake()
    await at.devices.settled()
    expect([at.peer.answersTo(id), device.apps]).toEqual([[], []])
    device.wake()
    await at.devices.settled()
    expect(at.peer.answersTo(id)).toMatchObject([{ State: 'Queued' }])
  })
})

describe('S12 a server disowns a device', () => {
  const disowned: [what: string, answer: PeerAnswer, isGone: boolean][] = [
    ['401', { status: 401 }, true],
    [
      '403 with the code, as JSON',
      { status: 403, type: 'application/json', body: '{"code":"com.apple.unrecognized.device"}' },
      true,
    ],
    [
      '403 with the code, as a property list',
      {
        status: 403,
        type: 'application/xml',
        body: '<plist version="1.0"><dict><key>code</key><string>com.apple.unrecognized.device</string></dict></plist>',
      },
      true,
    ],
    ['403 without the code', { status: 403 }, false],
    [
      '403 with another code',
      { status: 403, type: 'application/json', body: '{"code":"com.apple.psso.required"}' },
      false,
    ],
    ['403 with nonsense', { status: 403, type: 'application/json', body: '{' }, false],
    ['404', { status: 404 }, false],
    ['503', { status: 503 }, false],
  ]
  for (const [what, answer, isGone] of disowned) {
    test(`${what}: ${isGone ? 'it removes the profile and its apps, and says nothing more' : 'it stays'}`, async () => {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind: 'supervised' })
      at.giveDevice(device)
      await at.install(device)
      await at.devices.pass(300_000)
      const before = [at.peer.reports.length, at.peer.checkIns.length]
      at.peer.instead.push({ path: '/mdm', answer })
      device.wake()
      await at.devices.settled()
      expect([device.isEnrolled, device.app(BUNDLE)?.installed ?? false]).toEqual([!isGone, !isGone])
      device.wake()
      await at.devices.settled()
      const after = [at.peer.reports.length, at.peer.checkIns.length]
      expect(after).toEqual(isGone ? before : [(before[0] ?? 0) + 1, before[1]])
    })
  }
})

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

describe('S28 the person removes the profile', () => {
  const checkOuts = (messages: readonly PlistDict[]): number =>
    messages.filter(({ MessageType }) => MessageType === 'CheckOut').length
  const leave = async (prepare: (device: SimulatedDevice) => void, mdm: Record<string, boolean> = {}) => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' }, { mdm })
    prepare(device)
    device.leave()
    device.leave()
    device.wake()
    await at.devices.settled()
    return [checkOuts(at.peer.checkIns), at.peer.reports.length, device.isEnrolled]
  }

  test('and CheckOut is sent once', async () => {
    expect(await leave(() => {})).toEqual([1, 0, false])
  })
  test('and nothing is sent where the profile does not ask for it, or where it is lost', async () => {
    expect(await leave(() => {}, { CheckOutWhenRemoved: false })).toEqual([0, 0, false])
    expect(await leave((device) => device.loseCheckOut())).toEqual([0, 0, false])
    expect(await leave((device) => device.goOffline())).toEqual([0, 0, false])
  })
})

test('S29 the same seed and clock give the same devices and the same course', async () => {
  const course = async (): Promise<unknown> => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'byod' })
    at.giveDevice(device)
    await at.install(device)
    const states: unknown[] = []
    for (let times = 0; times < 10; times += 1) {
      await at.devices.pass(10_000)
      states.push(device.app(BUNDLE)?.state)
    }
    return [device.identity, states]
  }
  expect(await course()).toEqual(await course())
})
