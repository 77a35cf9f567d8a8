/** Apps by declaration, and the status that devices report by themselves (D6; invariants 2 and 9). */
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { declarative, declaringAs, lookAgain, settle } from '../support/declared-device.ts'
import {
  bundleId,
  createDeliveryScene,
  type DeliveryScene,
  type ManagedDevice,
} from '../support/delivery-scene.ts'

let world: DeliveryScene
let device: ManagedDevice
let says: ReturnType<typeof declaringAs>
let adamId: string
let declaration: string
beforeEach(async () => {
  world = await createDeliveryScene()
  device = await world.enroll()
  says = declaringAs(world, device)
  const [asset] = await world.scene.rows<{ adam_id: string }>(
    sql`SELECT adam_id FROM assets WHERE id = ${world.assetId}`,
  )
  adamId = asset?.adam_id ?? ''
  declaration = `app.${adamId}`
})
afterEach(() => world[Symbol.asyncDispose]())

/** The app is meant for the device by declaration, licensed, and the device was told to synchronize. */
async function declared(): Promise<void> {
  await declarative(world)
  await world.mean('required')
  await settle(world)
  await world.apple()
  await world.deliver()
  await device.answers(await device.connects(), {})
}

const line = (state: string, more: object = {}) => ({
  identifier: bundleId,
  'declaration-identifier': declaration,
  state,
  ...more,
})

async function installed(): Promise<void> {
  await declared()
  await says.subscribes()
  await says.says(line('managed'))
}

/** The types of all commands that the device was given or is to be given, in order. */
async function commands(): Promise<readonly string[]> {
  const rows = await world.scene.rows<{ request_type: string }>(
    sql`SELECT request_type FROM commands WHERE enrollment_id = ${device.enrollmentId}
      AND purpose <> 'device_facts' ORDER BY seq`,
  )
  return rows.map((row) => row.request_type)
}

describe('which way an app comes', () => {
  test('by declaration, with the command that has the device synchronize and no other', async () => {
    await declared()
    expect(await commands()).toEqual(['DeclarativeManagement'])
    expect(await device.state()).toBe('commanded: queued')
    expect(await says.apps()).toEqual([declaration])
  })

  test.each<[why: string, prepare: () => Promise<void>]>([
    ['the setting is off', () => declarative(world, false)],
    ['the app is to stay', () => settle(world, { removeWhenManagementEnds: false })],
    [
      'it has a configuration and the system is older than 18.4',
      () => settle(world, { configuration: { server: 'x' } }),
    ],
    [
      'the system is older than 17.2',
      () => sql`UPDATE devices SET os_version = '17.1'`.execute(world.scene.database.kysely).then(() => {}),
    ],
  ])('by command when %s', async (_why, prepare) => {
    await declarative(world)
    await world.mean('required')
    await settle(world)
    await prepare()
    await world.apple()
    await world.deliver()
    expect(await commands()).toContain('InstallApplication')
  })

  test('not by declaration when the device is enrolled at NanoMDM, which it would ask for them', async () => {
    await declarative(world)
    await sql`UPDATE enrollments SET channel = 'nanomdm'`.execute(world.scene.database.kysely)
    await world.mean('required')
    await settle(world)
    await world.apple()
    await world.deliver()
    expect(await world.scene.rows(sql`SELECT state, declared FROM installs`)).toEqual([
      { state: 'commanded', declared: null },
    ])
  })

  test('one that can report is told to once, before its first app', async () => {
    await declarative(world)
    await sql`UPDATE devices SET os_version = '16.4'`.execute(world.scene.database.kysely)
    await world.mean('required')
    await world.apple()
    await world.deliver()
    expect(await commands()).toEqual(['DeclarativeManagement', 'InstallApplication'])
    expect(await says.apps()).toEqual([])
    await world.mean('nothing')
    await world.deliver()
    await world.mean('required')
    await world.deliver()
    expect((await commands()).filter((type) => type === 'DeclarativeManagement')).toHaveLength(1)
  })

  test('what is there stays on its way when the setting changes', async () => {
    await world.mean('required')
    await settle(world)
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), { State: 'Managed', Identifier: bundleId })
    await declarative(world)
    await lookAgain(world)
    await world.deliver()
    expect(await commands()).toEqual(['InstallApplication'])
    expect(await device.state()).toBe('installed: verified')
  })

  test('and what came by declaration stays when it is switched off', async () => {
    await installed()
    await declarative(world, false)
    await lookAgain(world)
    await world.deliver()
    expect(await says.apps()).toEqual([declaration])
    expect(await commands()).toEqual(['DeclarativeManagement'])
  })

  test('a device that refuses declarations gets the app by command', async () => {
    await declarative(world)
    await world.mean('required')
    await settle(world)
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), {
      Status: 'Error',
      ErrorChain: [{ ErrorCode: 12021, ErrorDomain: 'MCMDMErrorDomain', LocalizedDescription: 'No' }],
    })
    await world.deliver()
    expect(await commands()).toEqual(['DeclarativeManagement', 'InstallApplication'])
  })
})

describe('what a device asks for', () => {
  test('invariant 2: nothing is declared before Apple confirmed the license', async () => {
    await declarative(world)
    await world.mean('required')
    await settle(world)
    await world.deliver()
    expect(await commands()).toEqual([])
    expect(await says.ask('tokens')).toMatchObject({ status: 404 })
    await world.apple()
    await world.deliver()
    expect(await says.apps()).toEqual([declaration])
  })

  test('61 the tokens of both answers agree, and stay while nothing changed', async () => {
    await declared()
    const { DeclarationsToken } = await says.items()
    expect(await says.token()).toBe(DeclarationsToken)
    await world.advance(3600)
    await lookAgain(world)
    await world.deliver()
    expect(await says.token()).toBe(DeclarationsToken)
    await settle(world, { preventBackup: true })
    await says.says(line('managed'))
    await lookAgain(world)
    await world.deliver()
    expect(await says.token()).not.toBe(DeclarationsToken)
  })

  test('62 all four lists are there, the number of the app is a text, and the activation names everything', async () => {
    await declared()
    const { Declarations } = await says.items()
    expect(Object.keys(Declarations)).toEqual(['Activations', 'Configurations', 'Assets', 'Management'])
    const listed = Declarations.Configurations.find(({ Identifier }) => Identifier === declaration)
    expect(await says.read(`declaration/configuration/${declaration}`)).toEqual({
      Type: 'com.apple.configuration.app.managed',
      Identifier: declaration,
      ServerToken: listed?.ServerToken,
      Payload: {
        AppStoreID: adamId,
        InstallBehavior: { Install: 'Required', License: { Assignment: 'Device' } },
      },
    })
    expect(await says.read('declaration/activation/activation')).toMatchObject({
      Payload: { StandardConfigurations: ['status-subscriptions', declaration] },
    })
  })

  test('62 a declaration that is gone is not found', async () => {
    await installed()
    await world.mean('uninstall')
    await world.deliver()
    expect(await says.ask(`declaration/configuration/${declaration}`)).toMatchObject({ status: 404 })
  })

  test('63 what is another device’s is not found, nor under another kind', async () => {
    await declared()
    const other = await world.enroll()
    await sql`UPDATE enrollments SET declarations_asked_at = now()`.execute(world.scene.database.kysely)
    const asked = declaringAs(world, other)
    expect(await asked.apps()).toEqual([])
    expect(await asked.ask(`declaration/configuration/${declaration}`)).toMatchObject({ status: 404 })
    expect(await says.ask(`declaration/asset/${declaration}`)).toMatchObject({ status: 404 })
    expect(await says.ask(`declaration/configuration/../${declaration}`)).toMatchObject({ status: 404 })
  })

  test('65 the list of declared apps is subscribed where the version has it', async () => {
    await declared()
    const names = async () =>
      (
        await says.read<{ Payload: { StatusItems: { Name: string }[] } }>(
          'declaration/configuration/status-subscriptions',
        )
      ).Payload.StatusItems.map(({ Name }) => Name)
    expect(await names()).toEqual(['mdm.app', 'app.managed.list'])
    await sql`UPDATE devices SET os_version = '16.6'`.execute(world.scene.database.kysely)
    expect(await names()).toEqual(['mdm.app'])
  })

  test('changes that come together are one command, but one that was given counts no more', async () => {
    await declarative(world)
    await world.mean('required')
    await settle(world)
    await world.apple()
    await world.deliver()
    await world.mean('uninstall')
    await world.deliver()
    expect(await commands()).toEqual(['DeclarativeManagement'])
    await device.connects()
    await world.mean('required')
    await settle(world)
    await world.apple()
    await says.subscribes()
    await world.deliver()
    expect(await commands()).toEqual(['DeclarativeManagement', 'DeclarativeManagement'])
  })
})

describe('what a device reports', () => {
  test('brings the app to its end, step by step, and nothing is asked', async () => {
    await declared()
    expect(await says.subscribes()).toEqual({ status: 200 })
    for (const [state, stands] of [
      ['queued', 'installing: accepted'],
      ['downloading', 'installing: downloading'],
      ['managed', 'installed: verified'],
    ] as const) {
      await says.says(line(state))
      expect(await device.state()).toBe(stands)
      await world.advance(60)
      await world.deliver()
    }
    expect(await commands()).toEqual(['DeclarativeManagement'])
    expect(await device.why()).toEqual(['device', 'device_says', 'done'])
  })

  test('a failure is shown with the words of the device, and tried again by a newer token', async () => {
    await declared()
    const token = await says.token()
    const reasons = [{ code: 'Error.LicenseNotFound', description: 'None' }]
    await says.says(line('failed', { reasons }))
    expect(await device.state()).toBe('failed: license_not_found')
    expect(await says.apps()).toEqual([declaration])
    await world.advance(31)
    await world.deliver()
    expect(await device.state()).toBe('commanded: queued')
    expect(await says.token()).not.toBe(token)
    expect(await commands()).toEqual(['DeclarativeManagement', 'DeclarativeManagement'])
  })

  test('48 an app that a device locked to one app does not take says so', async () => {
    await declared()
    await sql`UPDATE devices SET kiosk = true`.execute(world.scene.database.kysely)
    const reasons = [{ code: 'Error.AppStoreDisabled', description: 'Not allowed' }]
    await says.says(line('failed', { reasons }))
    expect(await device.state()).toBe('failed: locked_to_one_app')
  })

  test('a declaration that is invalid there is a failure', async () => {
    await declared()
    const reasons = [{ code: 'Error.UnknownPayloadKeys', description: 'Color' }]
    const configurations = [{ identifier: declaration, active: false, valid: 'invalid', reasons }]
    await says.report({ management: { declarations: { configurations } } })
    expect(await device.state()).toBe('cannot_install: command_malformed')
  })

  test('64 reports merge, what is removed goes, and a full one replaces everything', async () => {
    await declared()
    const kept = async () =>
      (
        await world.scene.rows<{ line: string }>(
          sql`SELECT identifier || ' ' || coalesce(value ->> 'state', '') AS line FROM device_statuses
            WHERE list IN ('app.managed.list', 'mdm.app') ORDER BY 1`,
        )
      ).map((row) => row.line)
    await says.says(line('queued'))
    await says.saysOfCommanded({ identifier: 'example.other', state: 'managed' })
    expect(await kept()).toEqual(['example.other managed', `${bundleId} queued`])
    await says.says({ identifier: bundleId, state: 'managed' })
    expect(await device.state()).toBe('installed: verified')
    await says.saysOfCommanded({ identifier: 'example.other', _removed: true })
    expect(await kept()).toEqual([`${bundleId} managed`])
    await says.report({ mdm: { app: [{ identifier: 'example.third', state: 'managed' }] } }, true)
    expect(await kept()).toEqual(['example.third managed'])
  })

  test('an app that stands in no full report is gone', async () => {
    await installed()
    await says.subscribes()
    expect(await device.state()).toBe('removed: removed_by_person')
  })

  test('a device that cannot tell a list is not taken for one without apps', async () => {
    await installed()
    await says.subscribes('app.managed.list')
    expect(await device.state()).toBe('installed: verified')
  })

  test.each([
    ['no JSON', Buffer.from('{')],
    ['no status', Buffer.from('{}')],
    ['nothing', undefined],
  ])('%s is refused, and changes nothing', async (_what, data) => {
    await declared()
    expect(await says.ask('status', data)).toMatchObject({ status: 400 })
    expect(await device.state()).toBe('commanded: queued')
  })

  test('characters that no database holds, and lines without a name, break nothing', async () => {
    await declared()
    const list = [{ state: 'managed' }, 7, line('que\u0000ued'), line('queued')]
    expect(await says.report({ app: { managed: { list } }, mdm: 4 })).toEqual({ status: 200 })
    expect(await device.state()).toBe('installing: accepted')
  })

  test('of an app that a command brought spares the questions', async () => {
    await declarative(world)
    await sql`UPDATE devices SET os_version = '16.4'`.execute(world.scene.database.kysely)
    await world.mean('required')
    await world.apple()
    await world.deliver()
    const install = await device.answers(await device.connects(), {})
    await says.subscribes()
    await device.answers(install, { State: 'Installing', Identifier: bundleId })
    await world.advance(60)
    await world.deliver()
    await says.saysOfCommanded({ identifier: bundleId, state: 'managed', 'external-version-id': 7 })
    expect(await device.state()).toBe('installed: verified')
    expect(await commands()).toEqual(['DeclarativeManagement', 'InstallApplication'])
  })
})

describe('removing', () => {
  test('the declaration goes, and the license stays until the device says that the app is gone', async () => {
    await installed()
    await world.mean('uninstall')
    await world.deliver()
    expect(await device.state()).toBe('removing: removal_queued')
    expect(await says.apps()).toEqual([])
    expect(await commands()).toEqual(['DeclarativeManagement', 'DeclarativeManagement'])
    await says.says({ identifier: bundleId, _removed: true })
    expect(await device.state()).toBe('removed: gone')
  })

  test('an app that nobody means any more stays declared, since it would go otherwise', async () => {
    await installed()
    await world.mean('nothing')
    await world.deliver()
    expect(await says.apps()).toEqual([declaration])
    expect(await device.state()).toBe('installed: verified')
  })

  test('the list of managed apps, which knows nothing of it, says nothing of it', async () => {
    await installed()
    await world.scene.queue(device.enrollmentId, 'ManagedApplicationList')
    await sql`UPDATE commands SET purpose = 'managed_apps' WHERE request_type = 'ManagedApplicationList'`.execute(
      world.scene.database.kysely,
    )
    await device.answers(await device.connects(), { ManagedApplicationList: {} })
    expect(await device.state()).toBe('installed: verified')
  })
})
