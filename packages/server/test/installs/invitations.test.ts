/** Devices that ask their people to join Apps and Books (U1; facts 8.8, 10.1). */
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createReaderScene,
  inviteCode,
  type ReaderDevice,
  type ReaderScene,
} from '../support/reader-scene.ts'

const day = 86_400

let world: ReaderScene
let device: ReaderDevice
beforeEach(async () => {
  world = await createReaderScene()
  device = await world.enroll()
})
afterEach(() => world[Symbol.asyncDispose]())

/** The person waits for a license, and was invited by Apple. */
async function waits(): Promise<void> {
  await world.assign()
  await world.known('Registered')
  await world.invite()
}

describe('a person who waits for a user license', () => {
  test('is asked on the device, at the address of the open invitation', async () => {
    await waits()
    const told = await device.connects()
    expect(told?.command).toEqual({
      RequestType: 'InviteToProgram',
      ProgramID: 'com.apple.cloudvpp',
      InvitationURL: expect.stringContaining(inviteCode),
    })
    expect(await world.asked()).toMatchObject({ state: 'waiting', deviceId: device.id, result: null })
  })

  test.each([
    ['Acknowledged', 'shown'],
    ['InvalidProgramID', 'refused'],
    ['InvalidInvitationURL', 'refused'],
  ])('and what the device says of it is kept with its time: %s', async (result, state) => {
    await waits()
    const told = await device.connects()
    await world.advance(5)
    await device.answers(told, { InvitationResult: result })
    const answeredAt = world.scene.clock.now().toISOString()
    expect(await world.asked()).toMatchObject({ state, result, answeredAt, errors: [] })
    const [person] = await world.scene.rows<{ status: string }>(sql`SELECT status FROM apple_users`)
    expect(person?.status).toBe('Registered')
  })

  test('an error chain is kept in the device’s words', async () => {
    await waits()
    await device.answers(await device.connects(), {
      Status: 'Error',
      ErrorChain: [{ ErrorCode: 12021, ErrorDomain: 'MCMDMErrorDomain', LocalizedDescription: 'no' }],
    })
    expect(await world.asked()).toMatchObject({
      state: 'refused',
      result: null,
      errors: [{ domain: 'MCMDMErrorDomain', code: 12021, text: 'no' }],
    })
  })

  test('is asked once, and again after a week while Apple says that nobody joined', async () => {
    await waits()
    await device.answers(await device.connects(), { InvitationResult: 'Acknowledged' })
    await world.advance(6.9 * day)
    await world.known('Registered')
    await world.invite()
    expect(await invitations()).toBe(1)
    await world.advance(0.2 * day)
    await world.invite()
    expect(await invitations()).toBe(2)
  })

  test('is not asked after joining, and a question that was not told is taken back', async () => {
    await waits()
    await world.advance(1)
    await world.known('Associated')
    await world.invite()
    expect(await device.connects()).toBeNull()
    expect(await world.asked()).toMatchObject({ state: 'withdrawn' })
    await world.advance(30 * day)
    await world.invite()
    expect(await invitations()).toBe(1)
  })

  test('is not asked by an invitation of a person whom Apple forgot', async () => {
    await waits()
    await world.forgotten()
    await world.invite()
    expect(await device.connects()).toBeNull()
  })

  test('is asked on the device that was seen last', async () => {
    await world.advance(60)
    const other = await world.enroll()
    await waits()
    expect(await device.connects()).toBeNull()
    expect((await other.connects())?.requestType).toBe('InviteToProgram')
  })

  test('is asked on another at once when the device leaves without an answer', async () => {
    const other = await world.enroll()
    await world.advance(60)
    await device.connects()
    await waits()
    await device.connects()
    await world.scene.checkIn(device.device, { MessageType: 'CheckOut' })
    await world.invite()
    expect((await other.connects())?.requestType).toBe('InviteToProgram')
  })

  test('is asked when a device enrolls that can', async () => {
    await sql`UPDATE devices SET kiosk = true`.execute(world.db)
    await waits()
    expect(await invitations()).toBe(0)
    await sql`UPDATE devices SET kiosk = false`.execute(world.db)
    await world.scene.tokenUpdate(device.device)
    await world.scene.authenticate(device.device)
    await world.scene.tokenUpdate(device.device)
    await world.invite()
    expect(await invitations()).toBe(1)
  })

  test('leaves the address in the command alone, until it was answered', async () => {
    await waits()
    const rows = async () =>
      await world.scene.rows<{ row: string }>(sql`SELECT v::text AS row FROM device_invitations v
        UNION ALL SELECT (to_jsonb(c) - 'payload')::text FROM commands c
        UNION ALL SELECT k::text FROM apple_users k`)
    expect(JSON.stringify(await rows())).not.toContain(inviteCode)
    await device.answers(await device.connects(), { InvitationResult: 'Acknowledged' })
    expect(await world.scene.rows(sql`SELECT payload FROM commands WHERE purpose = 'invitation'`)).toEqual([
      { payload: null },
    ])
  })
})

describe('nobody is asked', () => {
  test.each([
    ['on a kiosk', sql`UPDATE devices SET kiosk = true`],
    ['on a Shared iPad', sql`UPDATE devices SET enrollment_type = 'shared'`],
    ['in a User Enrollment', sql`UPDATE enrollments SET kind = 'user'`],
    ['on an Apple TV', sql`UPDATE devices SET platform = 'tvOS'`],
    ['on a device that cannot be woken', sql`UPDATE enrollments SET push_lost_at = now()`],
    ['with a Managed Apple Account', sql`UPDATE users SET managed_apple_account = 'mei@school.example'`],
  ])('%s', async (_title, change) => {
    await change.execute(world.db)
    await waits()
    expect(await invitations()).toBe(0)
    expect(await world.asked()).toBeNull()
  })

  test('who is to get no user license', async () => {
    await world.known('Registered')
    await world.invite()
    expect(await invitations()).toBe(0)
  })

  test('of a location that another service manages', async () => {
    await sql`UPDATE locations SET managed_by = '{"name": "another"}'`.execute(world.db)
    await world.assign()
    await world.known('Registered')
    const [row] = await world.scene.rows<{ due: number }>(
      sql`SELECT count(*)::int AS due FROM (${world.inviteDue()}) AS d`,
    )
    expect(row?.due).toBe(0)
  })
})

async function invitations(): Promise<number> {
  const [row] = await world.scene.rows<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM commands WHERE request_type = 'InviteToProgram'`,
  )
  return row?.n ?? 0
}
