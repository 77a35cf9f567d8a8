import type { PlistDict } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import { describe, expect, test } from 'vitest'
import { BUNDLE, deviceScene, INSTALL } from '../support/device-scene.ts'
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
    for (const RequestType of ['RotateFileVaultKey', 'RotateRecoveryKey', 'toString']) {
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
