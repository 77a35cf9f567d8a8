/** From a license to an app on a device, and back (D3, D4; invariants 2 and 9). */
import { randomUUID } from 'node:crypto'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { managedAppsCommand } from '@apportion/server/installs/commands'
import { installsOfDevice } from '@apportion/server/installs/read-installs'
import { tryAgain } from '@apportion/server/installs/try-again'
import { askForFacts } from '@apportion/server/mdm/device-facts'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  bundleId,
  createDeliveryScene,
  type DeliveryScene,
  type ManagedDevice,
} from '../support/delivery-scene.ts'

const day = 86_400

let world: DeliveryScene
let device: ManagedDevice
beforeEach(async () => {
  world = await createDeliveryScene()
  device = await world.enroll()
})
afterEach(() => world[Symbol.asyncDispose]())

const managedList = (status: string | null): PlistDict => ({
  ManagedApplicationList:
    status === null ? {} : { [bundleId]: { Status: status, ExternalVersionIdentifier: 7 } },
})

/** The app is on the device, verified. */
async function installed(): Promise<void> {
  await world.mean('required')
  await world.apple()
  await world.deliver()
  const told = await device.connects()
  await device.answers(told, { State: 'Installing', Identifier: bundleId })
  await world.advance(16)
  await world.deliver()
  await device.answers(await device.connects(), managedList('Managed'))
}

/** The device is asked how it stands, and its person has deleted the app. */
async function deletedByPerson(): Promise<void> {
  const command = managedAppsCommand(device.enrollmentId, randomUUID())
  const { clock, database } = world.scene
  await inTransaction(database.kysely, (tx) => mdmChannel.queue(tx, [command], clock.now()))
  await device.answers(await device.connects(), managedList('ManagedButUninstalled'))
}

describe('installing', () => {
  test('no command is there before Apple confirmed the license', async () => {
    await world.mean('required')
    await world.deliver()
    expect(await device.connects()).toBeNull()
    expect(await device.state()).toBe('waiting_for_license: none')
    expect(await device.why()).toEqual(['request', 'request_recorded', 'nothing'])
    await world.apple()
    await world.deliver()
    expect(await device.state()).toBe('commanded: queued')
    expect((await device.connects())?.requestType).toBe('InstallApplication')
  })

  test('the command names the title by its number, with the license of Apps and Books', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    const told = await device.connects()
    const [asset] = await world.scene.rows<{ adam_id: string }>(
      sql`SELECT adam_id FROM assets WHERE id = ${world.assetId}`,
    )
    expect(told?.command).toMatchObject({
      iTunesStoreID: Number(asset?.adam_id),
      Options: { PurchaseMethod: 1 },
      ManagementFlags: 0,
      ChangeManagementState: 'Managed',
    })
    expect(told?.command).not.toHaveProperty('Identifier')
  })

  test('accepted is not installed; only the device’s own list is', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), { State: 'Installing', Identifier: bundleId })
    expect(await device.state()).toBe('installing: downloading')
    await world.advance(16)
    await world.deliver()
    const asked = await device.connects()
    expect(asked?.requestType).toBe('ManagedApplicationList')
    await device.answers(asked, managedList('Managed'))
    expect(await device.state()).toBe('installed: verified')
    expect(await device.why()).toEqual(['device', 'device_says', 'done'])
  })

  test('delivering again changes nothing', async () => {
    await installed()
    const before = await world.scene.rows(sql`SELECT * FROM commands ORDER BY seq`)
    await sql`INSERT INTO delivery_looks VALUES (${world.locationId}, ${world.assetId}, ${device.id})`.execute(
      world.scene.database.kysely,
    )
    await world.deliver()
    expect(await world.scene.rows(sql`SELECT * FROM commands ORDER BY seq`)).toEqual(before)
  })

  test('each state stands in its history with its time and cause', async () => {
    await installed()
    const steps = await world.scene.rows<{ state: string; code: string }>(
      sql`SELECT state, cause ->> 'code' AS code FROM install_steps WHERE device_id = ${device.id} ORDER BY seq`,
    )
    expect(steps.map(({ state, code }) => `${state} ${code}`)).toEqual([
      'commanded queued',
      'installing downloading',
      'installed verified',
    ])
  })

  test('12064 right after the license is tried again after 30 seconds, and late success counts', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    const refusal = {
      Status: 'Error',
      State: 'Failed',
      ErrorChain: [{ ErrorCode: 12064, ErrorDomain: 'MCMDMErrorDomain', LocalizedDescription: 'no license' }],
    }
    await device.answers(await device.connects(), refusal)
    expect(await device.state()).toBe('failed: license_not_found')
    await world.advance(29)
    await world.deliver()
    expect(await device.connects()).toBeNull()
    await world.advance(2)
    await world.deliver()
    const again = await device.connects()
    expect(again?.requestType).toBe('InstallApplication')
    await device.answers(again, { State: 'Managed', Identifier: bundleId })
    expect(await device.state()).toBe('installed: verified')
  })

  test('what a person refused is kept although the next list leaves it out', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), { State: 'Prompting', Identifier: bundleId })
    await world.advance(16)
    await world.deliver()
    await device.answers(await device.connects(), managedList('UserRejected'))
    expect(await device.state()).toBe('refused: rejected_by_person')
    expect(await device.why()).toEqual(['device', 'device_says', 'let_person_agree'])
    await sql`UPDATE installs SET due_at = NULL`.execute(world.scene.database.kysely)
    await world.advance(60)
    await world.deliver()
    expect(await device.state()).toBe('refused: rejected_by_person')
  })

  test('48 what a device locked to one app refuses says so, and comes once the lock has ended', async () => {
    await sql`UPDATE devices SET kiosk = true`.execute(world.scene.database.kysely)
    await world.mean('required')
    await world.apple()
    await world.deliver()
    const refused = {
      Status: 'Error',
      State: 'Failed',
      RejectionReason: 'AppStoreDisabled',
      ErrorChain: [
        { ErrorCode: 12031, ErrorDomain: 'MCMDMErrorDomain', LocalizedDescription: 'Not allowed' },
      ],
    }
    await device.answers(await device.connects(), refused)
    expect(await device.state()).toBe('failed: locked_to_one_app')
    expect(await device.why()).toEqual(['device', 'device_says', 'end_app_lock'])
    await world.advance(23 * 3600)
    await world.deliver()
    expect(await device.connects()).toBeNull()
    await world.advance(2 * 3600)
    await world.deliver()
    const again = await device.connects()
    expect(again?.requestType).toBe('InstallApplication')
    await device.answers(again, { State: 'Managed', Identifier: bundleId })
    expect(await device.state()).toBe('installed: verified')
  })

  test('46 an app that asks for a redemption code has failed, with what to do, and is tried again daily', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), { State: 'NeedsRedemption', Identifier: bundleId })
    expect(await device.state()).toBe('failed: needs_redemption_code')
    expect(await device.why()).toEqual(['device', 'device_says', 'leave_out_code'])
    await world.advance(24 * 3600)
    await world.deliver()
    const again = await device.connects()
    expect(again?.command).toMatchObject({
      RequestType: 'InstallApplication',
      Options: { PurchaseMethod: 1 },
    })
  })

  test('46 an UnusedRedemptionCode is noted once, masked, and stands nowhere whole', async () => {
    const code = 'HARBOR42SECRETX7QZ'
    const listed = {
      ManagedApplicationList: { [bundleId]: { Status: 'Managed', UnusedRedemptionCode: code } },
    }
    await world.mean('required')
    await world.apple()
    await world.deliver()
    const told = await device.connects()
    await device.answers(told, { State: 'Installing', Identifier: bundleId })
    await world.advance(16)
    await world.deliver()
    await device.answers(await device.connects(), listed)
    const notes = () =>
      world.scene.rows(sql`SELECT state, cause FROM install_steps WHERE cause ->> 'code' = 'code_returned'`)
    const noted = [{ state: 'installing', cause: { code: 'code_returned', word: '…X7QZ' } }]
    expect(await notes()).toEqual(noted)
    expect(await device.state()).toBe('installed: verified')
    await world.scene.queue(device.enrollmentId, 'ManagedApplicationList')
    await sql`UPDATE commands SET purpose = 'managed_apps' WHERE state = 'queued'`.execute(
      world.scene.database.kysely,
    )
    await device.answers(await device.connects(), listed)
    expect(await notes()).toEqual(noted)
    const stored = await everythingStored()
    expect(stored).not.toContain(code)
    expect(stored).toContain('…X7QZ')
  })

  test('one question asks for everything that a device is about', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), { State: 'Queued', Identifier: bundleId })
    for (const seconds of [16, 21, 41, 81]) {
      await world.advance(seconds)
      await world.deliver()
    }
    const open = await world.scene.rows(
      sql`SELECT FROM commands WHERE purpose = 'managed_apps' AND state = 'queued'`,
    )
    expect(open).toHaveLength(1)
  })
})

describe('changing one’s mind', () => {
  test('a command that was not told yet is taken back with its license', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await world.mean('nothing')
    await world.apple()
    await world.deliver()
    expect(await device.connects()).toBeNull()
    expect(await device.state()).toBe('released: license_back')
  })

  test('uninstall removes first, and the license comes back when the app is gone', async () => {
    await installed()
    await world.mean('uninstall')
    await world.apple()
    const held = sql`SELECT state FROM licenses WHERE asset_id = ${world.assetId}`
    expect(await world.scene.rows(held)).toEqual([{ state: 'held' }])
    await world.deliver()
    const told = await device.connects()
    expect([told?.requestType, told?.command.Identifier]).toEqual(['RemoveApplication', bundleId])
    const asked = await device.answers(told, {})
    expect(asked?.requestType).toBe('ManagedApplicationList')
    await world.apple()
    expect(await world.scene.rows(held)).toEqual([{ state: 'held' }])
    await device.answers(asked, managedList(null))
    expect(await device.state()).toBe('removed: gone')
    await world.apple()
    await world.apple()
    expect(await world.scene.rows(held)).toEqual([])
    await world.deliver()
    expect(await device.state()).toBe('released: license_back')
  })

  test('a device that stays silent for 14 days keeps the license no longer', async () => {
    await installed()
    await world.mean('uninstall')
    for (let days = 0; days <= 15; days += 1) {
      await world.deliver()
      await world.advance(day)
    }
    await world.apple()
    await world.apple()
    expect(await world.scene.rows(sql`SELECT FROM licenses WHERE asset_id = ${world.assetId}`)).toEqual([])
  })

  test('an app that its person deleted is noticed, and a required one comes back after a day', async () => {
    await installed()
    await deletedByPerson()
    expect(await device.state()).toBe('removed: removed_by_person')
    await world.advance(day + 1)
    await world.deliver()
    expect((await device.connects())?.requestType).toBe('InstallApplication')
  })

  test('a device that leaves has nothing, and one that enrolls again starts clean', async () => {
    await installed()
    await world.scene.checkIn(device.device, { MessageType: 'CheckOut' })
    expect(await device.state()).toBe('removed: management_ended')
    expect(await device.why()).toEqual(['management', 'is_not_managed', 'enroll_device'])
  })
})

describe('what is passed on', () => {
  test('a device that leaves gives its license back', async () => {
    await installed()
    await world.scene.checkIn(device.device, { MessageType: 'CheckOut' })
    await world.apple()
    await world.apple()
    expect(await world.scene.rows(sql`SELECT FROM licenses WHERE asset_id = ${world.assetId}`)).toEqual([])
    expect(await world.scene.rows(sql`SELECT FROM targets WHERE asset_id = ${world.assetId}`)).toEqual([])
  })

  test('a rollout of which too many do not install stops', async () => {
    const others = []
    for (let more = 0; more < 4; more += 1) others.push(await world.enroll())
    await world.mean('required')
    await sql`UPDATE assignments SET rollout_percent = 100, rollout_waves = '[{"percent": 100, "at": null}]',
      rollout_stop_at = 50`.execute(world.scene.database.kysely)
    await world.apple()
    await world.deliver()
    const stopped = sql`SELECT rollout_stopped_why AS why FROM assignments`
    for (const each of [device, ...others]) {
      expect(await world.scene.rows(stopped)).toEqual([{ why: null }])
      await each.answers(await each.connects(), { Status: 'Error', RejectionReason: 'NotSupported' })
      await world.apple()
    }
    const [rollout] = await world.scene.rows<{ why: string | null }>(stopped)
    expect(rollout?.why).toContain('failures')
  })

  test.each([
    ['kept', {}, true],
    ['given back at once where the policy says so', { app_removed: { kind: 'now' } }, false],
  ] as const)(
    'the license of an app that was asked for and deleted is %s',
    async (_title, reclaim, isKept) => {
      await installed()
      const db = world.scene.database.kysely
      await sql`UPDATE assignments SET intent = 'available', reclaim = ${JSON.stringify(reclaim)}::jsonb`.execute(
        db,
      )
      await sql`UPDATE targets SET intent = 'available', asked_at = now()`.execute(db)
      await deletedByPerson()
      await world.apple()
      await world.apple()
      expect(
        await world.scene.rows(sql`SELECT FROM licenses WHERE asset_id = ${world.assetId}`),
      ).toHaveLength(isKept ? 1 : 0)
    },
  )
})

describe('an app that is there', () => {
  /** The device tells what it is, as it does daily, and then which of its apps have updates. */
  async function tellsOfUpdate(hasUpdate: boolean, more: PlistDict = {}): Promise<void> {
    const { clock, database } = world.scene
    await inTransaction(database.kysely, (tx) =>
      askForFacts(tx, { id: device.enrollmentId, kind: 'device', newId: randomUUID, at: clock.now() }),
    )
    const facts = await device.connects()
    const asked = await device.answers(facts, {
      QueryResponses: { SerialNumber: device.device.serialNumber, ...more },
    })
    expect(asked?.requestType).toBe('InstalledApplicationList')
    expect(asked?.command.ManagedAppsOnly).toBe(true)
    await device.answers(asked, {
      InstalledApplicationList: [
        { Identifier: bundleId, HasUpdateAvailable: hasUpdate, ExternalVersionIdentifier: 8 },
      ],
    })
  }
  async function updates(automaticUpdates: 'on' | 'off'): Promise<void> {
    await sql`UPDATE assignments SET settings = ${JSON.stringify({ automaticUpdates })}::jsonb`.execute(
      world.scene.database.kysely,
    )
  }

  test('D5 is updated when the assignment says so, and the update is over when the device says so', async () => {
    await installed()
    await updates('on')
    await tellsOfUpdate(true)
    await world.deliver()
    const told = await device.connects()
    expect(told?.requestType).toBe('InstallApplication')
    await device.answers(told, { State: 'Updating', Identifier: bundleId })
    const standing = sql`SELECT update_state AS state FROM installs`
    expect(await world.scene.rows(standing)).toEqual([{ state: 'commanded' }])
    await world.advance(day)
    await tellsOfUpdate(false)
    expect(await world.scene.rows(standing)).toEqual([{ state: null }])
    expect(await device.state()).toBe('installed: verified')
  })

  test.each([
    ['the assignment says no', (): Promise<void> => updates('off')],
    [
      'it is the only app that the device shows',
      async () => {
        await updates('on')
        await sql`UPDATE devices SET kiosk = true`.execute(world.scene.database.kysely)
      },
    ],
  ] as const)('D5 is not updated when %s; the update is shown as pending', async (_title, given) => {
    await installed()
    await given()
    await tellsOfUpdate(true)
    await world.deliver()
    expect(await device.connects()).toBeNull()
    expect(await world.scene.rows(sql`SELECT update_state AS state FROM installs`)).toEqual([
      { state: 'available' },
    ])
  })

  // The scene begins at 8:00 in UTC.
  test.each([
    ['of the token’s time zone where the device tells none', {}, 13],
    ['of its own time zone', { TimeZone: 'Asia/Tokyo' }, 5],
  ] as const)('D5 is updated in the hours of its token alone, %s', async (_title, told, hours) => {
    await installed()
    await updates('on')
    await sql`UPDATE locations SET update_from = '22:00', update_until = '05:00', update_zone = 'Europe/Amsterdam'`.execute(
      world.scene.database.kysely,
    )
    await tellsOfUpdate(true, told)
    await world.deliver()
    expect(await device.connects()).toBeNull()
    await world.advance(hours * 3600 - 60)
    await world.deliver()
    expect(await device.connects()).toBeNull()
    await world.advance(60)
    await world.deliver()
    expect((await device.connects())?.requestType).toBe('InstallApplication')
  })

  test('A3 is told of newer settings, each of which may fail for itself', async () => {
    await installed()
    await sql`UPDATE assignments SET settings = '{"removable": false, "configuration": {"server": "example"}}'`.execute(
      world.scene.database.kysely,
    )
    await sql`INSERT INTO delivery_looks VALUES (${world.locationId}, ${world.assetId}, ${device.id})`.execute(
      world.scene.database.kysely,
    )
    await world.deliver()
    const told = await device.connects()
    expect(told?.command.Settings).toMatchObject([
      { Item: 'ApplicationConfiguration', Identifier: bundleId, Configuration: { server: 'example' } },
      { Item: 'ApplicationAttributes', Identifier: bundleId, Attributes: { Removable: false } },
    ])
    await device.answers(told, {
      Settings: [
        { Status: 'Acknowledged' },
        {
          Status: 'Error',
          ErrorChain: [{ ErrorCode: 12029, ErrorDomain: 'MCMDMErrorDomain', LocalizedDescription: 'no' }],
        },
      ],
    })
    const [shown] = await installsOfDevice(world.scene.database.kysely, device.id)
    expect(shown?.settingsProblem).toEqual([{ domain: 'MCMDMErrorDomain', code: 12029, text: 'no' }])
    expect(await device.state()).toBe('installed: verified')
  })
})

describe('what was found by looking again', () => {
  const db = () => world.scene.database.kysely

  test('an app whose license went is not updated, and an update that was not told is taken back', async () => {
    await installed()
    await sql`UPDATE assignments SET settings = '{"automaticUpdates": "on"}'`.execute(db())
    await sql`UPDATE installs SET update_state = 'available', update_since = now(), due_at = ${world.scene.clock.now()}`.execute(
      db(),
    )
    await world.deliver()
    const open = sql`SELECT purpose FROM commands WHERE state IN ('queued', 'not_now')`
    expect(await world.scene.rows(open)).toEqual([{ purpose: 'update' }])
    await sql`UPDATE licenses SET state = 'releasing'`.execute(db())
    await sql`INSERT INTO delivery_looks VALUES (${world.locationId}, ${world.assetId}, ${device.id})`.execute(
      db(),
    )
    await world.deliver()
    expect(await world.scene.rows(open)).toEqual([])
    await sql`UPDATE installs SET update_state = 'available', due_at = ${world.scene.clock.now()}`.execute(
      db(),
    )
    await world.deliver()
    expect(await world.scene.rows(open)).toEqual([])
  })

  test('a command that the device put off is taken back with its license', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), { Status: 'NotNow' })
    await world.mean('nothing')
    await world.apple()
    await world.deliver()
    expect(await device.connects()).toBeNull()
  })

  test('texts that the database cannot hold do not stop a device', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    const told = await device.connects()
    await device.answers(told, { State: 'Failed', RejectionReason: 'A\uD800B', Identifier: 'x\uDC00y' })
    expect(await device.state()).toBe('failed: other')
  })

  test('what a silent device was told is told anew when somebody tries again', async () => {
    await world.mean('required')
    await world.apple()
    for (let days = 0; days <= 14; days += 1) {
      await world.deliver()
      await world.advance(day)
    }
    await world.deliver()
    expect(await device.state()).toBe('failed: silent')
    const actor = { kind: 'system', name: 'test' } as const
    const app = { deviceId: device.id, assetId: world.assetId }
    await tryAgain({ db: db(), clock: world.scene.clock }, app, actor)
    await world.deliver()
    expect(await device.state()).toBe('commanded: queued')
    const installs = sql`SELECT state FROM commands WHERE purpose = 'install' ORDER BY seq`
    expect(await world.scene.rows(installs)).toEqual([{ state: 'void' }, { state: 'queued' }])
  })

  test('an app that failed is removed before its license comes back', async () => {
    await world.mean('required')
    await world.apple()
    await world.deliver()
    await device.answers(await device.connects(), {
      Status: 'Error',
      RejectionReason: 'AppStoreDisabled',
      Identifier: bundleId,
    })
    await world.mean('uninstall')
    await world.apple()
    expect(await world.scene.rows(sql`SELECT state FROM licenses`)).toEqual([{ state: 'held' }])
    await world.deliver()
    const told = await device.connects()
    expect(told?.requestType).toBe('RemoveApplication')
    const errors = [
      { ErrorCode: 12029, ErrorDomain: 'MCMDMErrorDomain', LocalizedDescription: 'not managed' },
    ]
    await device.answers(told, { Status: 'Error', ErrorChain: errors })
    await world.apple()
    await world.apple()
    expect(await world.scene.rows(sql`SELECT state FROM licenses`)).toEqual([])
  })

  test('a title that its location has twice is taken one at a time', async () => {
    await installed()
    const { locationId, assetId } = world
    const [twin] = await world.scene.rows<{ id: number }>(sql`
      INSERT INTO assets (location_id, adam_id, pricing_param, product_type, unlimited, total, assigned, available, retired,
        device_assignable, revocable, counted_at, first_seen_at)
      SELECT location_id, adam_id, 'PLUS', product_type, false, 1, 0, 1, 0, true, true, now(), now() FROM assets
      WHERE id = ${assetId} RETURNING id`)
    const id = twin?.id ?? 0
    await sql`INSERT INTO targets (location_id, asset_id, device_id, intent, offered, license_type, assignment_id, priority,
        entered_at) SELECT location_id, ${id}, device_id, intent, offered, license_type, assignment_id, priority, entered_at
      FROM targets WHERE asset_id = ${assetId}`.execute(db())
    await sql`UPDATE licenses SET asset_id = ${id}`.execute(db())
    await sql`DELETE FROM targets WHERE asset_id = ${assetId}`.execute(db())
    await sql`INSERT INTO delivery_looks SELECT ${locationId}, a.id, ${device.id} FROM assets a`.execute(db())
    await world.deliver()
    expect(await world.scene.rows(sql`SELECT asset_id, state FROM installs`)).toEqual([
      { asset_id: id, state: 'installed' },
    ])
  })
})

/** Every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const tables = await world.scene.rows<{ name: string }>(
    sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const rows = await Promise.all(
    tables.map(({ name }) =>
      world.scene.rows<{ line: string }>(sql`SELECT t::text AS line FROM ${sql.table(name)} t`),
    ),
  )
  return rows
    .flat()
    .map(({ line }) => line)
    .join('\n')
}
