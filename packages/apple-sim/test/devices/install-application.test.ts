import type { PlistDict } from '@apportion/apple-wire/plist'
import { describe, expect, test } from 'vitest'
import { APP, BOOK, BUNDLE, deviceScene, INSTALL } from '../support/device-scene.ts'

/** Status, Apple's numbers, reason and state of an answer. */
const said = ({ Status, ErrorChain, RejectionReason, State }: PlistDict): readonly unknown[] => [
  Status,
  Array.isArray(ErrorChain) ? ErrorChain.map((item: PlistDict) => item.ErrorCode) : [],
  RejectionReason,
  State,
]

describe('S15 InstallApplication, row by row', () => {
  const malformed: [why: string, command: PlistDict, answer: readonly unknown[]][] = [
    ['no app', { Options: { PurchaseMethod: 1 } }, ['CommandFormatError', [12008], undefined, undefined]],
    ['two apps', { ...INSTALL, Identifier: BUNDLE }, ['CommandFormatError', [12008], undefined, undefined]],
    [
      'an adamId that is a text',
      { ...INSTALL, iTunesStoreID: '900001' },
      ['CommandFormatError', [12008], undefined, undefined],
    ],
    [
      'a purchase method that is none',
      { ...INSTALL, Options: { PurchaseMethod: 2 } },
      ['CommandFormatError', [12008], undefined, undefined],
    ],
    [
      'flags that are none',
      { ...INSTALL, ManagementFlags: 2 },
      ['CommandFormatError', [12008], undefined, undefined],
    ],
    [
      'a configuration that is none',
      { ...INSTALL, Configuration: 'x' },
      ['CommandFormatError', [12008], undefined, undefined],
    ],
    [
      'a manifest by http',
      { ManifestURL: 'http://apps.example/m.plist' },
      ['Error', [12034], undefined, undefined],
    ],
  ]
  for (const [why, command, answer] of malformed) {
    test(`1 ${why}: ${String(answer[0])}`, async () => {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind: 'supervised' })
      const told = await at.tell(device, { ...command, RequestType: 'InstallApplication' })
      expect(said(told)).toEqual(answer)
    })
  }

  test('2 without the right to manage apps: 12007', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' }, { mdm: { AccessRights: 19 } })
    expect(said(await at.install(device))).toEqual(['Error', [12007], undefined, undefined])
  })

  test('3 before the first unlock, or in Setup Assistant before iOS 16: NotNow', async () => {
    await using at = await deviceScene()
    const locked = await at.enrolled({ kind: 'supervised' })
    locked.restart()
    expect(said(await at.install(locked))[0]).toBe('NotNow')
  })

  test('3 in Setup Assistant: NotNow before iOS 16, and then no more', async () => {
    for (const [osVersion, status] of [
      ['15.7', 'NotNow'],
      ['16.0', 'Acknowledged'],
    ] as const) {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind: 'supervised', osVersion })
      at.giveDevice(device)
      device.enterSetupAssistant()
      expect(said(await at.install(device))[0]).toBe(status)
    }
  })

  test('4 where a restriction forbids it: 12031', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    device.forbidInstalling()
    expect(said(await at.install(device))).toEqual(['Error', [12031], 'AppStoreDisabled', 'Failed'])
  })

  test('6 a title that the store does not know: 12023; a book: 12027', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    const unknown = await at.install(device, { iTunesStoreID: 1 })
    expect(said(unknown)).toEqual(['Error', [12023], 'CouldNotVerifyAppID', 'Failed'])
    const book = await at.install(device, { iTunesStoreID: BOOK })
    expect(said(book)).toEqual(['Error', [12027], 'NotAnApp', 'Failed'])
  })

  test('7 what is under way: AppAlreadyQueued', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    expect(said(await at.install(device))).toEqual(['Acknowledged', [], undefined, 'Queued'])
    expect(said(await at.install(device))).toEqual(['Error', [12010], 'AppAlreadyQueued', 'Failed'])
  })

  test('7 a question that is still open is asked again', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    device.person.always('ignore')
    at.giveDevice(device)
    await at.install(device)
    await at.install(device)
    expect([device.person.promptsShown.install, device.person.openPrompts]).toEqual([2, ['install']])
  })

  test('8 an app of the person, without a wish to take it over: 12025', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    at.giveDevice(device)
    device.installByPerson(String(APP))
    expect(said(await at.install(device))).toEqual(['Error', [12025], 'AppAlreadyInstalled', 'Failed'])
  })

  const takeOver = { ChangeManagementState: 'Managed' }
  test('8 an app of the person is taken over in silence on a supervised device', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    device.installByPerson(String(APP))
    expect(said(await at.install(device, takeOver))).toEqual(['Acknowledged', [], undefined, 'Managed'])
    expect(device.person.promptsShown.management).toBe(0)
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, managed: true })
  })

  test('8 the person is asked elsewhere, and may refuse', async () => {
    for (const [answer, state, managed] of [
      ['accept', 'Managed', true],
      ['refuse', 'ManagementRejected', false],
    ] as const) {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind: 'byod' })
      device.person.behaves({ management: answer })
      device.installByPerson(String(APP))
      expect(said(await at.install(device, takeOver))[3]).toBe('PromptingForManagement')
      await at.devices.pass(60_000)
      expect(await at.stateOf(device)).toBe(state)
      expect(device.app(BUNDLE)).toMatchObject({ installed: true, managed })
    }
  })

  test('8 never in a User Enrollment', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'user_enrollment' })
    device.installByPerson(String(APP))
    const answer = await at.install(device, takeOver)
    expect(said(answer)).toEqual(['Error', [12025], 'ManagementChangeNotSupported', 'Failed'])
  })

  test('9 what is managed and up to date: Managed', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    await at.install(device)
    await at.devices.pass(120_000)
    expect(said(await at.install(device))).toEqual(['Acknowledged', [], undefined, 'Managed'])
  })

  test('10 without a license: 12064 over 9610', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    expect(said(await at.install(device))).toEqual(['Error', [12064, 9610], 'LicenseNotFound', 'Failed'])
  })

  test('10 with a license that the store does not see yet: 12064 over 9610, and later it installs', async () => {
    await using at = await deviceScene({ storeVisibilityMs: 30_000 })
    const device = await at.enrolled({ kind: 'supervised' })
    await at.carryOut('/assets/associate', {
      assets: [{ adamId: String(APP) }],
      serialNumbers: [device.identity.serialNumber],
    })
    expect(said(await at.install(device))[1]).toEqual([12064, 9610])
    at.clock.advance(60_000)
    expect(said(await at.install(device))).toEqual(['Acknowledged', [], undefined, 'Queued'])
  })

  test('10 a User Enrollment takes licensed apps only, of its account and never of the device', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'user_enrollment' })
    const free = await at.install(device, { Options: { PurchaseMethod: 0 } })
    expect(said(free)).toEqual(['Error', [12035], 'PurchaseMethodNotSupported', 'Failed'])
    at.giveDevice(device)
    at.location.assignOutside(String(APP), { serialNumbers: [device.enrollmentIdentifier ?? ''] })
    expect(said(await at.install(device))[1]).toEqual([12064, 9610])
    at.location.addUser({ clientUserId: 'kim', managedAppleId: 'kim@harbor.example' })
    at.location.assignOutside(String(APP), { clientUserIds: ['kim'] })
    expect(said(await at.install(device))[3]).toBe('Prompting')
  })

  test('10 a license of an account that is not signed in asks for its password', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveAccount('sam@accounts.example')
    device.signIn('sam@accounts.example')
    device.signOut()
    expect(said(await at.install(device))[3]).toBe('PromptingForLogin')
    await at.devices.pass(30_000)
    expect(await at.stateOf(device)).toBe('Queued')
  })

  test('11 a paid app without a license waits for a code; a free one asks for an account', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    const own = { Options: { PurchaseMethod: 0 } }
    expect(said(await at.install(device, own))[3]).toBe('NeedsRedemption')
    expect(said(await at.install(device, { ...own, iTunesStoreID: 900002 }))[3]).toBe('PromptingForLogin')
    const code = { RequestType: 'ApplyRedemptionCode', Identifier: BUNDLE, RedemptionCode: 'HARBOR42' }
    expect(said(await at.tell(device, { ...code, RedemptionCode: 'INVALID' }))[1]).toEqual([12037])
    expect(said(await at.tell(device, code))[3]).toBe('Redeeming')
    expect(said(await at.tell(device, code))[1]).toEqual([12028])
    await at.devices.pass(120_000)
    expect(await at.stateOf(device)).toBe('Managed')
  })

  test('12 and 13 the person is asked, then it is queued, then it installs, then it is managed', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    at.giveDevice(device)
    const states = [said(await at.install(device))[3]]
    for (let times = 0; times < 4; times += 1) {
      await at.devices.pass(20_000)
      states.push(await at.stateOf(device))
    }
    expect(states).toEqual(['Prompting', 'Queued', 'Installing', 'Installing', 'Managed'])
    expect(device.app(BUNDLE)).toMatchObject({ installed: true, managed: true, license: 'device' })
  })

  test('12 the one required app of a User Enrollment asks nothing', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'user_enrollment' }, { mdm: { RequiredAppIDForMDM: APP } })
    at.location.addUser({ clientUserId: 'kim', managedAppleId: 'kim@harbor.example' })
    at.location.assignOutside(String(APP), { clientUserIds: ['kim'] })
    expect(said(await at.install(device))[3]).toBe('Queued')
  })

  test('13 a failure is told once; a download that stopped stands among the installed apps', async () => {
    await using at = await deviceScene()
    const device = await at.enrolled({ kind: 'supervised' })
    at.giveDevice(device)
    device.failNextDownload()
    device.failNextDownload('download_failed')
    await at.install(device)
    await at.devices.pass(120_000)
    expect([await at.stateOf(device), await at.stateOf(device)]).toEqual(['Failed', undefined])
    await at.install(device)
    await at.devices.pass(120_000)
    expect(await at.stateOf(device)).toBe(undefined)
    const list = await at.tell(device, { RequestType: 'InstalledApplicationList' })
    expect(list.InstalledApplicationList).toMatchObject([
      { Identifier: BUNDLE, DownloadFailed: true, Installing: false },
    ])
  })
})
