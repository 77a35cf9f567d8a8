import { randomUUID } from 'node:crypto'
import { enrollmentIdentifier } from '@apportion/apple-wire/mdm-check-in'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { serialNumberOfUserEnrollment } from '@apportion/server/mdm/device-facts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createDeviceScene,
  type DeviceScene,
  type SceneDevice,
  secrets,
  toldIn,
} from '../support/device-scene.ts'

let scene: DeviceScene
beforeAll(async () => {
  scene = await createDeviceScene()
})
afterAll(() => scene[Symbol.asyncDispose]())
beforeEach(() => {
  scene.heard.enrolled.length = 0
  scene.heard.left.length = 0
  scene.heard.answered.length = 0
})

const idle = { Status: 'Idle' }

interface Enrollment {
  readonly id: number
  readonly state: string
  readonly left_cause: string | null
  readonly ownership: string
  readonly kind: string
  readonly push_token: Buffer | null
  readonly push_magic: Buffer | null
  readonly wake_at: Date | null
  readonly device_id: number | null
  readonly store_account_active: boolean | null
  readonly store_account_hash: string | null
}

/** All enrollments of a device, the oldest first. */
async function enrollments({ ids }: Pick<SceneDevice, 'ids'>): Promise<readonly Enrollment[]> {
  const identifier = enrollmentIdentifier(ids)?.identifier ?? ''
  return await scene.rows<Enrollment>(
    sql`SELECT * FROM enrollments WHERE identifier = ${identifier} ORDER BY id`,
  )
}

/** What the database holds of all devices, to be compared. */
async function everything(): Promise<unknown> {
  return await scene.rows(sql`SELECT
    (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM enrollments e) AS enrollments,
    (SELECT jsonb_agg(to_jsonb(c) ORDER BY seq) FROM commands c) AS commands,
    (SELECT jsonb_agg(to_jsonb(i) ORDER BY serial_number) FROM identity_certificates i) AS certificates,
    (SELECT jsonb_agg(to_jsonb(d) ORDER BY id) FROM devices d) AS devices`)
}

async function directoryDevice(serialNumber: string): Promise<Record<string, unknown> | undefined> {
  const [row] = await scene.rows<Record<string, unknown>>(
    sql`SELECT * FROM devices WHERE serial_number = ${serialNumber}`,
  )
  return row
}

/** The id of a new person. */
async function newUser(): Promise<number> {
  const name = randomUUID()
  const [user] = await scene.rows<{ id: number }>(sql`
    INSERT INTO users (user_name, name, client_user_id, created_at, updated_at)
    VALUES (${name}, 'Somebody', ${name}, now(), now()) RETURNING id`)
  return user?.id ?? 0
}

interface Entry {
  readonly subject_name: string
  readonly details: Record<string, unknown>
}

/** What the audit log says of refused attempts to replace an enrollment. */
async function refusals(id: number): Promise<readonly Entry[]> {
  return await scene.rows<Entry>(sql`SELECT subject_name, details FROM audit_entries
    WHERE action = 'enrollment.replacement_refused' AND subject_id = ${String(id)} ORDER BY seq`)
}

describe('enrolling', () => {
  test('Authenticate alone is answered empty, and nothing wakes the device', async () => {
    const device = await scene.newDevice()
    expect(await scene.authenticate(device)).toEqual({ status: 200 })
    expect(await enrollments(device)).toMatchObject([
      { state: 'authenticated', push_token: null, wake_at: null },
    ])
    expect(scene.heard.enrolled).toEqual([])
    expect(await scene.report(device, idle)).toEqual({ status: 200 })
  })

  test('the first TokenUpdate completes it and wakes the device once, which is asked what it is', async () => {
    const device = await scene.newDevice()
    await scene.authenticate(device)
    expect(await scene.tokenUpdate(device)).toEqual({ status: 200 })
    const [enrollment] = await enrollments(device)
    expect(enrollment).toMatchObject({ state: 'enrolled', wake_at: scene.clock.now() })
    expect(scene.heard.enrolled).toEqual([enrollment?.id])
    expect(toldIn(await scene.report(device, idle))?.requestType).toBe('DeviceInformation')
  })

  test('a later TokenUpdate replaces token and magic, sealed, and wakes nobody whose queue is empty', async () => {
    const { device, id } = await scene.enrolledDevice()
    const Token = Buffer.from('a longer token than we know today, of any bytes \u00ff')
    await scene.tokenUpdate(device, { Token, PushMagic: 'quote " and é' })
    const [enrollment] = await enrollments(device)
    expect(enrollment).toMatchObject({ state: 'enrolled', wake_at: null })
    expect(secrets.open(enrollment?.push_token ?? Buffer.alloc(0), `push-token:${id}`)).toEqual(Token)
    expect(secrets.open(enrollment?.push_magic ?? Buffer.alloc(0), `push-magic:${id}`).toString()).toBe(
      'quote " and é',
    )
    expect(scene.heard.enrolled).toEqual([])
  })

  test('a TokenUpdate whose token or magic is larger than any can be is refused with 400, and changes nothing', async () => {
    const { device } = await scene.enrolledDevice()
    const before = await everything()
    for (const more of [{ Token: Buffer.alloc(257, 1) }, { PushMagic: 'm'.repeat(257) }]) {
      expect(await scene.tokenUpdate(device, more)).toEqual({ status: 400 })
    }
    expect(await everything()).toEqual(before)
    expect(
      await scene.tokenUpdate(device, { Token: Buffer.alloc(256, 1), PushMagic: 'é'.repeat(256) }),
    ).toEqual({ status: 200 })
  })

  test('with the profile of a person makes the device that person’s, with the owner that the link says', async () => {
    const [user] = await scene.rows<{
      id: number
    }>(sql`INSERT INTO users (user_name, name, client_user_id, created_at, updated_at)
      VALUES ('ada', 'Ada', ${randomUUID()}, now(), now()) RETURNING id`)
    const device = {
      ...(await scene.newDevice()),
      fingerprint: await scene.issue({ ownership: 'personal', userId: user?.id ?? 0 }),
    }
    await scene.authenticate(device)
    expect(await directoryDevice(device.serialNumber)).toMatchObject({
      user_id: user?.id,
      ownership: 'personal',
      platform: 'iOS',
      os_version: '17.5',
      model: 'iPhone14,5',
    })
    expect(await enrollments(device)).toMatchObject([{ ownership: 'personal' }])
  })

  test('by its user works without UDID and serial number, and never takes the place of another device', async () => {
    const victim = await scene.enrolledDevice()
    const device = await scene.newDevice({ EnrollmentID: victim.device.serialNumber })
    await scene.authenticate(device)
    await scene.tokenUpdate(device)
    const [enrollment] = await enrollments(device)
    expect(enrollment).toMatchObject({ kind: 'user', state: 'enrolled' })
    const standIn = serialNumberOfUserEnrollment(victim.device.serialNumber)
    expect(await directoryDevice(standIn)).toMatchObject({
      id: enrollment?.device_id,
      enrollment_type: 'user',
    })
    expect(await enrollments(victim.device)).toMatchObject([{ state: 'enrolled' }])
    expect(serialNumberOfUserEnrollment('7D7B0F2E-2F6D-4F0A-8A1E-0d9f0a0c0001')).toBe(
      '7D7B0F2E2F6D4F0A8A1E0D9F0A0C0001',
    )
  })

  test('with a profile for one serial number is refused to another device', async () => {
    const device = {
      ...(await scene.newDevice()),
      fingerprint: await scene.issue({ serialNumber: 'THEONE01' }),
    }
    expect(await scene.authenticate(device)).toEqual({ status: 403 })
    expect(await enrollments(device)).toEqual([])
    expect(await scene.authenticate(device, { SerialNumber: 'theone01' })).toEqual({ status: 200 })
  })

  test('with a certificate of a link that was revoked or removed since is refused, and nothing is stored', async () => {
    for (const end of [
      sql`UPDATE enrollment_links SET revoked_at = ${scene.clock.now()}`,
      sql`DELETE FROM enrollment_links`,
    ]) {
      const linkId = randomUUID()
      const device = { ...(await scene.newDevice()), fingerprint: await scene.issue({ linkId }) }
      const before = await everything()
      await scene.rows(sql`${end} WHERE id = ${linkId}::uuid`)
      expect(await scene.authenticate(device)).toEqual({ status: 403 })
      expect(await everything()).toEqual(before)
    }
  })

  test('with a certificate of a link that has ended or is used up by now is taken', async () => {
    const linkId = randomUUID()
    const device = { ...(await scene.newDevice()), fingerprint: await scene.issue({ linkId }) }
    await scene.clock.advance(1000)
    await scene.rows(sql`UPDATE enrollment_links SET uses = most_uses WHERE id = ${linkId}::uuid`)
    expect(await scene.authenticate(device)).toEqual({ status: 200 })
  })

  test('is possible for a day after the certificate was issued, whatever the certificate says', async () => {
    const [prompt, late] = [await scene.newDevice(), await scene.newDevice()]
    await scene.clock.advance(24 * 3_600_000)
    expect(await scene.authenticate(prompt)).toEqual({ status: 200 })
    await scene.clock.advance(1)
    expect(await scene.authenticate(late)).toEqual({ status: 403 })
    expect(await enrollments(late)).toEqual([])
    // Who enrolled in time goes on, and may begin again.
    await scene.clock.advance(24 * 3_600_000)
    expect(await scene.authenticate(prompt)).toEqual({ status: 200 })
    expect(await scene.tokenUpdate(prompt)).toEqual({ status: 200 })
  })

  test('is not completed once the link was revoked, nor a day after it began', async () => {
    const linkId = randomUUID()
    const revoked = { ...(await scene.newDevice()), fingerprint: await scene.issue({ linkId }) }
    const late = await scene.newDevice()
    for (const device of [revoked, late]) await scene.authenticate(device)
    await scene.rows(
      sql`UPDATE enrollment_links SET revoked_at = ${scene.clock.now()} WHERE id = ${linkId}::uuid`,
    )
    expect(await scene.tokenUpdate(revoked)).toEqual({ status: 403 })
    await scene.clock.advance(24 * 3_600_000 + 1)
    expect(await scene.tokenUpdate(late)).toEqual({ status: 403 })
    for (const device of [revoked, late]) {
      expect(await enrollments(device)).toMatchObject([{ state: 'authenticated', push_token: null }])
    }
    expect(scene.heard.enrolled).toEqual([])
  })

  test('revoking its link leaves a device that has enrolled where it is, also when it begins again', async () => {
    const linkId = randomUUID()
    const device = { ...(await scene.newDevice()), fingerprint: await scene.issue({ linkId }) }
    await scene.authenticate(device)
    await scene.tokenUpdate(device)
    await scene.rows(
      sql`UPDATE enrollment_links SET revoked_at = ${scene.clock.now()} WHERE id = ${linkId}::uuid`,
    )
    await scene.clock.advance(48 * 3_600_000)
    expect(await scene.tokenUpdate(device)).toEqual({ status: 200 })
    expect(await scene.authenticate(device)).toEqual({ status: 200 })
    expect(await scene.tokenUpdate(device)).toEqual({ status: 200 })
    expect(await enrollments(device)).toMatchObject([{ state: 'enrolled' }])
  })

  test('for another topic is refused', async () => {
    const device = await scene.newDevice()
    expect(await scene.authenticate(device, { Topic: 'com.apple.mgmt.External.other' })).toEqual({
      status: 400,
    })
    expect(await enrollments(device)).toEqual([])
  })
})

describe('enrolling again', () => {
  test('is taken ten times an hour with one certificate; beyond that the device is told to wait', async () => {
    const device = await scene.newDevice()
    for (let time = 0; time < 10; time++) {
      expect(await scene.authenticate(device)).toEqual({ status: 200 })
    }
    const before = await everything()
    expect(await scene.authenticate(device)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '3600' },
    })
    expect(await everything()).toEqual(before)
    expect(await scene.tokenUpdate(device)).toEqual({ status: 200 })
    expect(await scene.authenticate(await scene.newDevice())).toEqual({ status: 200 })
    await scene.clock.advance(3_600_000)
    expect(await scene.authenticate(device)).toEqual({ status: 200 })
  })

  test('with the same certificate voids the queue and wakes nobody until TokenUpdate; history stays', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One', 'Two')
    const told = toldIn(await scene.report(device, idle))
    await scene.authenticate(device)
    expect(await enrollments(device)).toMatchObject([
      { id, state: 'authenticated', push_token: null, wake_at: null },
    ])
    expect(await scene.report(device, { Status: 'Acknowledged', CommandUUID: told?.id ?? '' })).toEqual({
      status: 200,
    })
    expect(scene.heard.answered).toEqual([])
    const states = await scene.rows<{ state: string }>(
      sql`SELECT state FROM commands WHERE enrollment_id = ${id} ORDER BY seq`,
    )
    expect(states.map(({ state }) => state)).toEqual(['done', 'void', 'void'])
    await scene.tokenUpdate(device)
    expect(scene.heard.enrolled).toEqual([id])
  })

  test('with a new profile is a new enrollment that inherits nothing; the old certificate is worth nothing', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    const { serialNumber } = device
    const again = { ...device, fingerprint: await scene.issue({ serialNumber }) }
    await scene.authenticate(again)
    expect(await enrollments(device)).toMatchObject([
      { id, state: 'left', left_cause: 'enrolled_again', push_token: null, wake_at: null },
      { state: 'authenticated' },
    ])
    expect(scene.heard.left).toEqual([[id, 'enrolled_again']])
    expect(await scene.report(device, idle)).toEqual({ status: 403 })
    await scene.tokenUpdate(again)
    expect(toldIn(await scene.report(again, idle))?.requestType).toBe('DeviceInformation')
  })

  test('under another identifier ends what was enrolled as the same device', async () => {
    const { device, id } = await scene.enrolledDevice()
    const { serialNumber } = device
    const fingerprint = await scene.issue({ serialNumber })
    const erased = { ...(await scene.newDevice()), serialNumber, fingerprint }
    await scene.authenticate(erased)
    expect(await enrollments(device)).toMatchObject([{ state: 'enrolled' }])
    await scene.tokenUpdate(erased)
    expect(await enrollments(device)).toMatchObject([{ state: 'left', left_cause: 'enrolled_again' }])
    expect(scene.heard.left).toEqual([[id, 'enrolled_again']])
  })

  test('a renewed certificate moves to the enrollment it was issued for, which goes on', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [command = ''] = await scene.queue(id, 'InstallProfile')
    await scene.report(device, idle)
    const renewed = { ...device, fingerprint: await scene.issue({ renews: id }) }
    expect(await scene.authenticate(renewed)).toEqual({ status: 200 })
    await scene.tokenUpdate(renewed)
    expect(await enrollments(device)).toMatchObject([{ id, state: 'enrolled' }])
    expect(scene.heard.enrolled).toEqual([])
    expect(await scene.report(device, idle)).toEqual({ status: 403 })
    await scene.report(renewed, { Status: 'Acknowledged', CommandUUID: command })
    expect(scene.heard.answered.map((answer) => answer.command.id)).toEqual([command])
  })

  test('a renewed certificate is taken although the device does not begin with Authenticate', async () => {
    const { device, id } = await scene.enrolledDevice()
    const renewed = { ...device, fingerprint: await scene.issue({ renews: id }) }
    const replies = await Promise.all([1, 2, 3].map(() => scene.report(renewed, idle)))
    expect(replies).toEqual([{ status: 200 }, { status: 200 }, { status: 200 }])
    expect(await scene.report(renewed, idle)).toEqual({ status: 200 })
    expect(await scene.report(device, idle)).toEqual({ status: 403 })
    expect(await enrollments(device)).toMatchObject([{ id, state: 'enrolled' }])
  })

  test('a renewed certificate is refused to another device', async () => {
    const { device, id } = await scene.enrolledDevice()
    const other = { ...(await scene.newDevice()), fingerprint: await scene.issue({ renews: id }) }
    expect(await scene.authenticate(other)).toEqual({ status: 403 })
    expect(await enrollments(other)).toEqual([])
    expect(await scene.report(device, idle)).toEqual({ status: 200 })
  })
})

describe('a device under management is replaced by an administrator’s word alone', () => {
  const claims: [string, (victim: SceneDevice, other: SceneDevice) => SceneDevice][] = [
    ['its identifier', ({ ids }, other) => ({ ...other, ids })],
    ['its serial number', ({ serialNumber }, other) => ({ ...other, serialNumber })],
    ['both', ({ ids, serialNumber }, other) => ({ ...other, ids, serialNumber })],
  ]
  test.each(claims)(
    'an open link with %s is refused, nothing changes, and it is known',
    async (_what, claim) => {
      const victim = await scene.enrolledDevice()
      const thief = claim(victim.device, await scene.newDevice())
      const before = await everything()
      expect(await scene.authenticate(thief)).toEqual({ status: 403 })
      expect(await scene.authenticate(thief)).toEqual({ status: 403 })
      expect(await everything()).toEqual(before)
      const entries = await refusals(victim.id)
      expect(entries).toMatchObject([{ subject_name: victim.device.serialNumber }])
      expect(entries[0]?.details.advice).toContain('a link for its serial number or of its person')
    },
  )

  test('neither is one that began again and has not told yet how it is woken', async () => {
    const victim = await scene.enrolledDevice()
    await scene.authenticate(victim.device)
    const thief = { ...victim.device, fingerprint: await scene.issue() }
    expect(await scene.authenticate(thief)).toEqual({ status: 403 })
  })

  test('a link for one device does not take the identifier of another', async () => {
    const [victim, mine] = [await scene.enrolledDevice(), await scene.newDevice()]
    const { serialNumber } = mine
    const thief = { serialNumber, ids: victim.device.ids, fingerprint: await scene.issue({ serialNumber }) }
    expect(await scene.authenticate(thief)).toEqual({ status: 403 })
  })

  test('a link of its person may, one of somebody else may not', async () => {
    const [ada, ben] = [await newUser(), await newUser()]
    const device = { ...(await scene.newDevice()), fingerprint: await scene.issue({ userId: ada }) }
    await scene.authenticate(device)
    await scene.tokenUpdate(device)
    const thief = { ...device, fingerprint: await scene.issue({ userId: ben }) }
    expect(await scene.authenticate(thief)).toEqual({ status: 403 })
    const again = { ...device, fingerprint: await scene.issue({ userId: ada }) }
    expect(await scene.authenticate(again)).toEqual({ status: 200 })
    expect(await enrollments(device)).toMatchObject([{ state: 'left' }, { state: 'authenticated' }])
  })

  test('one that left comes back by an open link, and stays whose it was', async () => {
    const [ada, ben] = [await newUser(), await newUser()]
    const device = { ...(await scene.newDevice()), fingerprint: await scene.issue({ userId: ada }) }
    await scene.authenticate(device)
    await scene.tokenUpdate(device)
    await scene.checkIn(device, { MessageType: 'CheckOut' })
    const again = { ...device, fingerprint: await scene.issue({ userId: ben }) }
    expect(await scene.authenticate(again)).toEqual({ status: 200 })
    expect(await directoryDevice(device.serialNumber)).toMatchObject({ user_id: ada })
    const { serialNumber } = device
    const given = { ...device, fingerprint: await scene.issue({ userId: ben, serialNumber }) }
    expect(await scene.authenticate(given)).toEqual({ status: 200 })
    expect(await directoryDevice(serialNumber)).toMatchObject({ user_id: ben })
  })

  test('whoever began while it stood nowhere yet is not completed over it', async () => {
    const device = await scene.newDevice()
    const thief = { ...(await scene.newDevice()), serialNumber: device.serialNumber }
    await scene.authenticate(device)
    await scene.authenticate(thief)
    await scene.tokenUpdate(device)
    expect(await scene.tokenUpdate(thief)).toEqual({ status: 403 })
    const [{ id } = { id: 0 }] = await enrollments(device)
    expect(await enrollments(device)).toMatchObject([{ state: 'enrolled' }])
    expect(await refusals(id)).toHaveLength(1)
  })

  test('one that names the serial number only when it is asked is not tied to it, nor when it begins again', async () => {
    const victim = await scene.enrolledDevice()
    const thief = await scene.newDevice()
    await scene.authenticate(thief, { SerialNumber: '' })
    await scene.tokenUpdate(thief)
    const { serialNumber } = victim.device
    const asked = toldIn(await scene.report(thief, idle))
    const answer = {
      Status: 'Acknowledged',
      CommandUUID: asked?.id ?? '',
      QueryResponses: { SerialNumber: serialNumber, DeviceName: 'Stolen' },
    }
    await scene.report(thief, answer)
    await scene.authenticate(thief, { SerialNumber: serialNumber, DeviceName: 'Stolen' })
    expect(await scene.tokenUpdate(thief)).toEqual({ status: 200 })
    expect(await enrollments(thief)).toMatchObject([{ state: 'enrolled', device_id: null }])
    expect(await enrollments(victim.device)).toMatchObject([{ state: 'enrolled' }])
    expect(await directoryDevice(serialNumber)).not.toMatchObject({ name: 'Stolen' })
  })
})

describe('a certificate speaks for one device alone', () => {
  const messages: [string, 'checkIn' | 'report', PlistDict][] = [
    [
      'Authenticate',
      'checkIn',
      { MessageType: 'Authenticate', Topic: 'com.apple.mgmt.External.11111111-2222-3333-4444-555555555555' },
    ],
    [
      'TokenUpdate',
      'checkIn',
      { MessageType: 'TokenUpdate', Topic: 'x', Token: Buffer.alloc(32), PushMagic: 'x' },
    ],
    ['CheckOut', 'checkIn', { MessageType: 'CheckOut' }],
    ['UserAuthenticate', 'checkIn', { MessageType: 'UserAuthenticate', UserID: 'X' }],
    ['GetToken', 'checkIn', { MessageType: 'GetToken', TokenServiceType: 'com.apple.maid' }],
    ['Idle', 'report', idle],
    ['an answer', 'report', { Status: 'Acknowledged', CommandUUID: randomUUID() }],
  ]
  test.each(messages)(
    '%s in the name of another device is refused, and nothing changes',
    async (_name, way, message) => {
      const mine = await scene.enrolledDevice()
      const victim = await scene.enrolledDevice()
      await scene.queue(victim.id, 'One')
      const before = await everything()
      const thief = { ...mine.device, ids: victim.device.ids }
      expect(await scene[way](thief, message)).toEqual({ status: 403 })
      expect(await everything()).toEqual(before)
    },
  )

  test.each(messages.slice(1))(
    '%s before Authenticate is refused, and nothing changes',
    async (_name, way, message) => {
      const device = await scene.newDevice()
      const before = await everything()
      expect(await scene[way](device, message)).toEqual({ status: 403 })
      expect(await everything()).toEqual(before)
    },
  )

  test.each(messages)('%s by a certificate that we never issued is refused', async (_name, way, message) => {
    const { device } = await scene.enrolledDevice()
    const before = await everything()
    expect(await scene[way]({ ...device, fingerprint: Buffer.alloc(32, 7) }, message)).toEqual({
      status: 400,
    })
    expect(await everything()).toEqual(before)
  })

  test('two devices that Authenticate with one certificate at once: one enrolls', async () => {
    const first = await scene.newDevice()
    const second = { ...(await scene.newDevice()), fingerprint: first.fingerprint }
    const replies = await Promise.all([scene.authenticate(first), scene.authenticate(second)])
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 403])
    expect([...(await enrollments(first)), ...(await enrollments(second))]).toHaveLength(1)
  })
})

describe('leaving', () => {
  test('CheckOut voids the queue, ends pushes and revokes the certificate; again it changes nothing', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    expect(await scene.checkIn(device, { MessageType: 'CheckOut' })).toEqual({ status: 200 })
    expect(await enrollments(device)).toMatchObject([
      { state: 'left', left_cause: 'checked_out', push_token: null, wake_at: null },
    ])
    expect(
      await scene.rows(sql`SELECT 1 FROM commands WHERE enrollment_id = ${id} AND payload IS NOT NULL`),
    ).toEqual([])
    expect(scene.heard.left).toEqual([[id, 'checked_out']])
    const before = await everything()
    expect(await scene.checkIn(device, { MessageType: 'CheckOut' })).toEqual({ status: 200 })
    expect(await scene.report(device, idle)).toEqual({ status: 403 })
    expect(await scene.authenticate(device)).toEqual({ status: 403 })
    expect(scene.heard.left).toHaveLength(1)
    expect(await everything()).toEqual(before)
  })
})

describe('messages that nothing is offered for', () => {
  const answers: [string, PlistDict, number][] = [
    ['UserAuthenticate is declined for the person', { MessageType: 'UserAuthenticate', UserID: 'X' }, 410],
    [
      'TokenUpdate of a person is declined',
      { MessageType: 'TokenUpdate', UserID: 'X', Topic: 'x', Token: Buffer.alloc(2), PushMagic: 'x' },
      410,
    ],
    [
      'SetBootstrapToken is taken and forgotten',
      { MessageType: 'SetBootstrapToken', BootstrapToken: Buffer.alloc(9) },
      200,
    ],
    ['GetBootstrapToken has none', { MessageType: 'GetBootstrapToken' }, 200],
    ['GetToken knows no service', { MessageType: 'GetToken', TokenServiceType: 'com.apple.unheard' }, 400],
    ['DeclarativeManagement is not there', { MessageType: 'DeclarativeManagement', Endpoint: 'tokens' }, 404],
    ['a message of an unknown type is refused', { MessageType: 'Sunspots' }, 400],
    ['a message without a type is refused', { Topic: 'x' }, 400],
    [
      'a TokenUpdate without a token is refused',
      { MessageType: 'TokenUpdate', Topic: 'x', PushMagic: 'x' },
      400,
    ],
  ]
  test.each(answers)('%s', async (_title, message, status) => {
    const { device } = await scene.enrolledDevice()
    const before = await everything()
    expect(await scene.checkIn(device, message)).toEqual({ status })
    expect(await everything()).toEqual(before)
  })

  test('ReturnToService is off', async () => {
    const { device } = await scene.enrolledDevice()
    const { status, text } = await scene.checkIn(device, { MessageType: 'ReturnToService' })
    expect(status).toBe(200)
    expect(text).toMatch(/<key>ReturnToService<\/key>\s*<dict>\s*<key>Enabled<\/key>\s*<false\/>/)
  })

  test('a device that names itself by neither identifier is refused', async () => {
    const { device } = await scene.enrolledDevice()
    expect(await scene.checkIn({ ...device, ids: {} }, { MessageType: 'CheckOut' })).toEqual({ status: 400 })
    expect(await scene.report({ ...device, ids: {} }, idle)).toEqual({ status: 400 })
  })
})

describe('what a device tells of itself', () => {
  const responses = {
    SerialNumber: 'WILLBESET',
    DeviceName: 'Ada’s iPad',
    ProductName: 'iPad12,1',
    OSVersion: '18.1',
    IsSupervised: true,
    IsMultiUser: false,
    TimeZone: 'America/Curacao',
    iTunesStoreAccountIsActive: true,
    iTunesStoreAccountHash: 'zjB4Hq==',
  }

  async function tell(device: SceneDevice, facts: PlistDict): Promise<void> {
    await scene.clock.advance(25 * 3_600_000)
    const asked = toldIn(await scene.report(device, idle))
    expect(asked?.requestType).toBe('DeviceInformation')
    await scene.report(device, {
      Status: 'Acknowledged',
      CommandUUID: asked?.id ?? '',
      QueryResponses: facts,
    })
  }

  test('is asked once a day when it comes by, and stands in the directory', async () => {
    const { device, id } = await scene.enrolledDevice()
    expect(await scene.report(device, idle)).toEqual({ status: 200 })
    await tell(device, { ...responses, SerialNumber: device.serialNumber })
    expect(await directoryDevice(device.serialNumber)).toMatchObject({
      name: 'Ada’s iPad',
      model: 'iPad12,1',
      platform: 'iPadOS',
      os_version: '18.1',
      supervised: true,
      ownership: 'corporate',
      enrollment_type: 'device',
      last_seen_at: scene.clock.now(),
    })
    expect(await enrollments(device)).toMatchObject([
      { id, store_account_active: true, store_account_hash: 'zjB4Hq==', time_zone: 'America/Curacao' },
    ])
    await tell(device, { ...responses, SerialNumber: device.serialNumber, TimeZone: 'Europe/Atlantis' })
    expect(await enrollments(device)).toMatchObject([{ id, time_zone: null }])
    expect(await scene.report(device, idle)).toEqual({ status: 200 })
  })

  test('writes nothing into the audit log when it is what was known', async () => {
    const { device } = await scene.enrolledDevice()
    await tell(device, { ...responses, SerialNumber: device.serialNumber })
    const count = () => scene.rows(sql`SELECT count(*) FROM audit_entries`)
    const before = await count()
    await tell(device, { ...responses, SerialNumber: device.serialNumber })
    expect(await count()).toEqual(before)
    expect(await directoryDevice(device.serialNumber)).toMatchObject({ last_seen_at: scene.clock.now() })
  })

  test('never makes it another device', async () => {
    const { device } = await scene.enrolledDevice()
    const victim = await scene.enrolledDevice()
    const before = await directoryDevice(victim.device.serialNumber)
    await tell(device, { ...responses, SerialNumber: victim.device.serialNumber })
    expect(await directoryDevice(victim.device.serialNumber)).toEqual(before)
    expect(await directoryDevice(device.serialNumber)).toMatchObject({ name: 'Ada’s iPad' })
  })

  test('ties a device that told no serial number at first, as soon as nothing else is enrolled as it', async () => {
    const before = await scene.enrolledDevice()
    const device = await scene.newDevice()
    scene.heard.enrolled.length = 0
    await scene.authenticate(device, { SerialNumber: '' })
    await scene.tokenUpdate(device)
    expect(await enrollments(device)).toMatchObject([{ device_id: null }])
    await tell(device, { ...responses, SerialNumber: before.device.serialNumber })
    expect(await enrollments(device)).toMatchObject([{ device_id: null }])
    expect(scene.heard.left).toEqual([])
    await scene.checkIn(before.device, { MessageType: 'CheckOut' })
    await tell(device, { ...responses, SerialNumber: before.device.serialNumber })
    const known = await directoryDevice(before.device.serialNumber)
    expect(await enrollments(device)).toMatchObject([{ device_id: known?.id }])
    // Once without a device, and once with it.
    const [enrollment] = await enrollments(device)
    expect(scene.heard.enrolled).toEqual([enrollment?.id, enrollment?.id])
  })

  test('may hold anything of any type', async () => {
    const { device } = await scene.enrolledDevice()
    await tell(device, {
      SerialNumber: 12,
      DeviceName: ['x'],
      ProductName: true,
      iTunesStoreAccountHash: '<b>',
      OSVersion: '\u0000',
    })
    expect(await enrollments(device)).toMatchObject([{ state: 'enrolled', store_account_hash: null }])
  })
})
