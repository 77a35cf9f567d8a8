/** From a person's license to a book on the person's devices (U2; facts 8.9, 10.1, 10.4; invariant 2). */
import { randomUUID } from 'node:crypto'
import { managedAppsCommand } from '@apportion/server/installs/commands'
import { askForFacts } from '@apportion/server/mdm/device-facts'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createReaderScene, type ReaderDevice, type ReaderScene } from '../support/reader-scene.ts'

const day = 86_400

let world: ReaderScene
let device: ReaderDevice
let adamId: number
beforeEach(async () => {
  world = await createReaderScene()
  device = await world.enroll()
  const [asset] = await world.scene.rows<{ adam_id: string }>(
    sql`SELECT adam_id FROM assets WHERE id = ${world.bookId}`,
  )
  adamId = Number(asset?.adam_id)
})
afterEach(() => world[Symbol.asyncDispose]())

const list = (state: string | null) => ({
  Books: state === null ? [] : [{ iTunesStoreID: adamId, State: state }],
})

/** Licensed, joined, and told to the device. */
async function told() {
  await world.assign()
  await world.known('Associated')
  await world.give()
  await world.deliver()
  return await device.connects()
}

/** The device says that the book is there. */
async function installed(): Promise<void> {
  await device.answers(await told(), { State: 'Installing', iTunesStoreID: adamId, MediaType: 'Book' })
  await world.advance(16)
  await world.deliver()
  await device.answers(await device.connects(), list('Installed'))
}

describe('a book that a person is to have', () => {
  test('is told to no device before Apple confirmed the license', async () => {
    await world.assign()
    await world.known('Associated')
    await world.deliver()
    expect(await device.connects()).toBeNull()
    expect(await device.state()).toBe('waiting_for_license: none')
    expect(await device.why()).toBe('request request_recorded: nothing')
  })

  test('nor before its person has joined, and then at once', async () => {
    await world.assign()
    await world.known('Registered')
    await world.give()
    await world.deliver()
    expect(await device.connects()).toBeNull()
    expect(await device.why()).toBe('license person_not_joined: let_person_join')
    await world.advance(1)
    await world.known('Associated')
    await world.deliver()
    expect((await device.connects())?.requestType).toBe('InstallMedia')
  })

  test('is named by its number, as a book', async () => {
    expect((await told())?.command).toEqual({
      RequestType: 'InstallMedia',
      MediaType: 'Book',
      iTunesStoreID: adamId,
    })
  })

  test('is there when the list of books says Installed: accepted is not', async () => {
    const answer = { State: 'Queued', iTunesStoreID: adamId, MediaType: 'Book' }
    await device.answers(await told(), answer)
    expect(await device.state()).toBe('installing: accepted')
    await world.advance(16)
    await world.deliver()
    const asked = await device.connects()
    expect(asked?.requestType).toBe('ManagedMediaList')
    await device.answers(asked, list('Installed'))
    expect(await device.state()).toBe('installed: verified')
    expect(await device.why()).toBe('device device_says: done')
  })

  test('is tried again 30 seconds after PurchaseNotFound', async () => {
    const refusal = { Status: 'Error', State: 'Failed', RejectionReason: 'PurchaseNotFound' }
    await device.answers(await told(), refusal)
    expect(await device.state()).toBe('failed: license_not_found')
    await world.advance(29)
    await world.deliver()
    expect(await device.connects()).toBeNull()
    await world.advance(2)
    await world.deliver()
    expect((await device.connects())?.requestType).toBe('InstallMedia')
  })

  test.each([
    ['CouldNotVerifyITunesStoreID', 'failed: unknown_to_store'],
    ['AppStoreDisabled', 'failed: store_disabled'],
    ['WrongMediaType', 'cannot_install: not_an_app'],
    ['DownloadInvalid', 'failed: download_failed'],
    ['MoonInTheWrongPhase', 'failed: other'],
  ])('says what a refusal for %s is', async (reason, state) => {
    await device.answers(await told(), { Status: 'Acknowledged', RejectionReason: reason })
    expect(await device.state()).toBe(state)
  })

  test('is not concerned by the list of apps', async () => {
    await installed()
    const command = managedAppsCommand(device.enrollmentId, randomUUID())
    await inTransaction(world.db, (tx) => mdmChannel.queue(tx, [command], world.scene.clock.now()))
    await device.answers(await device.connects(), { ManagedApplicationList: {} })
    expect(await device.state()).toBe('installed: verified')
  })

  test('comes to every device of the person, and to one that the person gets later', async () => {
    await installed()
    const next = await world.enroll()
    await sql`INSERT INTO device_looks (location_id, asset_id, device_id, serial_number)
      SELECT location_id, ${world.bookId}, ${next.id}, ${next.device.serialNumber} FROM assets WHERE id = ${world.bookId}`.execute(
      world.db,
    )
    await world.reconcile()
    await world.deliver()
    expect((await next.connects())?.requestType).toBe('InstallMedia')
    expect(await device.connects()).toBeNull()
  })

  test('comes with the enrollment of a device that the person has already', async () => {
    await installed()
    await world.scene.checkIn(device.device, { MessageType: 'CheckOut' })
    expect(await device.state()).toBe('removed: management_ended')
    const again = { ...device.device, fingerprint: await world.scene.issue() }
    await world.scene.authenticate(again)
    await world.scene.tokenUpdate(again)
    await world.deliver()
    const facts = toldNow(await world.scene.report(again, { Status: 'Idle' }))
    const next = await world.scene.report(again, {
      Status: 'Acknowledged',
      CommandUUID: facts,
      QueryResponses: { SerialNumber: again.serialNumber },
    })
    expect(next.text).toContain('InstallMedia')
  })

  test('does not come to a Mac, which is said', async () => {
    await sql`UPDATE devices SET platform = 'macOS' WHERE id = ${device.id}`.execute(world.db)
    expect(await told()).toBeNull()
    expect(await device.state()).toBe('nothing')
    expect(await device.why()).toBe('rule does_not_fit: another_device')
  })

  test('stays, with its license, when nobody means it any more', async () => {
    await installed()
    await sql`DELETE FROM assignments`.execute(world.db)
    await sql`INSERT INTO outbox (topic, location_id, key) SELECT 'asset.look_again', location_id, id::text FROM assets
      WHERE id = ${world.bookId} ON CONFLICT DO NOTHING`.execute(world.db)
    await world.reconcile()
    await world.deliver()
    expect(await device.connects()).toBeNull()
    expect(await device.state()).toBe('installed: verified')
    expect(await world.scene.rows(sql`SELECT state FROM licenses`)).toEqual([{ state: 'held' }])
  })

  test('that its person deleted is missed the next day, and comes back after another', async () => {
    await installed()
    const { clock } = world.scene
    await inTransaction(world.db, (tx) =>
      askForFacts(tx, { id: device.enrollmentId, kind: 'device', newId: randomUUID, at: clock.now() }),
    )
    const serialNumber = device.device.serialNumber
    const asked = await device.answers(await device.connects(), {
      QueryResponses: { SerialNumber: serialNumber },
    })
    expect(asked?.requestType).toBe('ManagedMediaList')
    await device.answers(asked, list(null))
    expect(await device.state()).toBe('removed: removed_by_person')
    await world.advance(day + 1)
    await world.deliver()
    expect((await device.connects())?.requestType).toBe('InstallMedia')
  })
})

const toldNow = ({ text = '' }: { readonly text?: string | undefined }): string =>
  /<key>CommandUUID<\/key>\s*<string>([^<]+)</.exec(text)?.[1] ?? ''

describe('check 49: what cannot open for want of the account is explained', () => {
  test.each([
    ['nobody is signed in', false, null, 'device store_signed_out: let_person_sign_in'],
    ['another account is signed in', true, 'another', 'device store_other_account: use_joined_account'],
    ['the account that joined is', true, 'the-one', 'device device_says: nothing'],
  ] as const)('%s', async (_title, isActive, hash, why) => {
    await world.assign()
    await world.known('Associated', 'the-one')
    await world.give()
    await world.deliver()
    const refusal = { Status: 'Error', State: 'Failed', RejectionReason: 'PurchaseNotFound' }
    await device.answers(await device.connects(), refusal)
    await sql`UPDATE enrollments SET store_account_active = ${isActive}, store_account_hash = ${hash}
      WHERE id = ${device.enrollmentId}`.execute(world.db)
    expect(await device.why()).toBe(why)
  })
})
