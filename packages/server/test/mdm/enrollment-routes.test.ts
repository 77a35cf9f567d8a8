import { auditFeature } from '@apportion/server/audit/feature'
import { directoryFeature } from '@apportion/server/directory/feature'
import { mdmFeature } from '@apportion/server/mdm/feature'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDeviceScene, type DeviceScene, type SceneDevice } from '../support/device-scene.ts'
import type { TestBrowser } from '../support/test-browser.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

let server: TestServer
let scene: DeviceScene
let browser: TestBrowser
let left: [number, string][]

beforeAll(async () => {
  left = []
  const listener = {
    left: async (_tx: unknown, { id }: { id: number }, { cause }: { cause: string }) =>
      void left.push([id, cause]),
  }
  server = await startTestServer({
    features: [auditFeature, directoryFeature, mdmFeature({ listeners: () => [listener] })],
  })
  scene = await createDeviceScene([], server)
  browser = await server.signedIn()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  left.length = 0
})

async function enroll(
  name = '',
): Promise<{ readonly device: SceneDevice; readonly id: number; readonly deviceId: number }> {
  const { device, id } = await scene.enrolledDevice()
  const [row] = await scene.rows<{ id: number }>(
    sql`UPDATE devices SET name = ${name} WHERE serial_number = ${device.serialNumber} RETURNING id`,
  )
  return { device, id, deviceId: row?.id ?? 0 }
}

async function audited(): Promise<unknown> {
  const [last] = await scene.rows(sql`SELECT action, actor_name, subject_kind, subject_name, details
    FROM audit_entries ORDER BY seq DESC LIMIT 1`)
  return last
}

describe('the list of enrollments', () => {
  test('shows the newest first, in pages, and by state and device', async () => {
    const ids: number[] = []
    for (let count = 0; count < 5; count++) ids.unshift((await enroll()).id)
    const { deviceId, device, id } = await enroll('Reception')
    await scene.checkIn(device, { MessageType: 'CheckOut' })
    const first = (await browser.get('/api/v1/enrollments?limit=4')).json
    expect(first.items).toMatchObject([id, ...ids.slice(0, 3)].map((each) => ({ id: each })))
    const second = (await browser.get(`/api/v1/enrollments?limit=4&cursor=${first.nextCursor}`)).json
    expect(second.items).toMatchObject(ids.slice(3).map((each) => ({ id: each })))
    expect(second.nextCursor).toBeNull()
    const gone = (await browser.get('/api/v1/enrollments?state=left')).json
    expect(gone.items).toMatchObject([
      {
        id,
        leftCause: 'checked_out',
        device: { id: deviceId, serialNumber: device.serialNumber, name: 'Reception' },
      },
    ])
    expect((await browser.get(`/api/v1/enrollments?deviceId=${deviceId}`)).json.items).toHaveLength(1)
  })

  test('shows those of a person', async () => {
    const { deviceId, id } = await enroll()
    await browser.post('/api/v1/users', { userName: 'grace', name: 'Grace' })
    const [user] = await scene.rows<{
      id: number
    }>(sql`UPDATE devices SET user_id = (SELECT id FROM users WHERE user_name = 'grace')
      WHERE id = ${deviceId} RETURNING user_id AS id`)
    const list = (await browser.get(`/api/v1/enrollments?userId=${user?.id}`)).json
    expect(list.items).toMatchObject([{ id, user: { userName: 'grace', name: 'Grace' } }])
  })

  test('is searched by the start of the serial number, in pages, each device with its newest first', async () => {
    const [first, second, third] = [await enroll(), await enroll(), await enroll()]
    const names = ['QX9AB1', 'QX9AB2', 'QX9C']
    for (const [index, { deviceId }] of [third, first, second].entries()) {
      await scene.rows(sql`UPDATE devices SET serial_number = ${names[index]} WHERE id = ${deviceId}`)
    }
    const [again] = await scene.rows<{
      id: number
    }>(sql`INSERT INTO enrollments (channel, identifier, kind, device_id,
        ownership, state, authenticated_at, left_at, left_cause, last_seen_at)
      SELECT channel, identifier, kind, device_id, ownership, 'left', authenticated_at, now(), 'enrolled_again', now()
      FROM enrollments WHERE id = ${third.id} RETURNING id`)
    const ask = async (query: string) => (await browser.get(`/api/v1/enrollments?limit=2&${query}`)).json
    const page = await ask('q=qx9')
    const cursor = String(page.nextCursor)
    expect(page.items).toMatchObject([{ id: again?.id }, { id: third.id }])
    expect(await ask(`q=qx9&cursor=${cursor}`)).toMatchObject({
      items: [{ id: first.id }, { id: second.id }],
      nextCursor: null,
    })
    expect((await ask('q=QX9A&state=enrolled')).items).toMatchObject([{ id: third.id }, { id: first.id }])
    expect((await ask('q=QX9_')).items).toEqual([])
    const mixed = await browser.get(`/api/v1/enrollments?cursor=${cursor}`)
    expect([mixed.status, mixed.json.code]).toEqual([400, 'request.invalid'])
  })

  test('shows until when the certificate of each is good, and none for one that left', async () => {
    const { device, id, deviceId } = await enroll()
    const listed = async () => (await browser.get(`/api/v1/enrollments?deviceId=${deviceId}`)).json.items
    const [pinned] = await scene.rows(sql`SELECT serial_number AS "serialNumber", not_after AS "notAfter"
      FROM identity_certificates WHERE enrollment_id = ${id} AND state = 'pinned'`)
    expect(await listed()).toEqual([
      expect.objectContaining({ identity: JSON.parse(JSON.stringify(pinned)) }),
    ])
    await scene.checkIn(device, { MessageType: 'CheckOut' })
    expect(await listed()).toMatchObject([{ id, state: 'left', identity: null }])
  })

  test('gives neither token nor magic away', async () => {
    const { device, id } = await enroll()
    await scene.tokenUpdate(device, { PushMagic: 'a-very-secret-magic' })
    const { text } = await browser.get(`/api/v1/enrollments/${id}`)
    expect(text).not.toContain('a-very-secret-magic')
    expect(text).not.toContain('push_token')
  })
})

describe('one enrollment', () => {
  test('shows its identity and its latest commands with what the device said', async () => {
    const { device, id, deviceId } = await enroll()
    const [command = ''] = await scene.queue(id, 'InstallApplication', 'ManagedApplicationList')
    await scene.report(device, { Status: 'Idle' })
    const chain = [{ ErrorDomain: 'MCMDMErrorDomain', ErrorCode: 12023, LocalizedDescription: 'no' }]
    await scene.report(device, { Status: 'Error', CommandUUID: command, ErrorChain: chain })
    const one = (await browser.get(`/api/v1/enrollments/${id}`)).json
    expect(one).toMatchObject({
      id,
      state: 'enrolled',
      waiting: 1,
      identity: { serialNumber: expect.stringMatching(/^[0-9a-f]+$/) },
      commands: [
        { requestType: 'ManagedApplicationList', state: 'sent', deliveries: 1 },
        {
          id: command,
          requestType: 'InstallApplication',
          state: 'failed',
          errors: [{ domain: 'MCMDMErrorDomain', code: 12023, text: 'no' }],
        },
        { requestType: 'DeviceInformation', purpose: 'device_facts', state: 'done' },
      ],
    })
    expect((await browser.get(`/api/v1/devices/${deviceId}/enrollment`)).json).toEqual(one)
  })

  test('of a device is the present one, and the last one when it left', async () => {
    const { device, deviceId, id } = await enroll()
    const { serialNumber } = device
    const again = { ...device, fingerprint: await scene.issue({ serialNumber }) }
    await scene.authenticate(again)
    await scene.tokenUpdate(again)
    const present = (await browser.get(`/api/v1/devices/${deviceId}/enrollment`)).json
    const [latest] = await scene.rows<{ id: number }>(sql`SELECT max(id) AS id FROM enrollments`)
    expect(present).toMatchObject({ state: 'enrolled', id: latest?.id })
    expect(latest?.id).not.toBe(id)
    await scene.checkIn(again, { MessageType: 'CheckOut' })
    expect((await browser.get(`/api/v1/devices/${deviceId}/enrollment`)).json).toMatchObject({
      id: latest?.id,
      state: 'left',
      identity: null,
    })
  })

  test('that is not there is refused', async () => {
    for (const path of ['/api/v1/enrollments/999999', '/api/v1/devices/999999/enrollment']) {
      const reply = await browser.get(path)
      expect([reply.status, reply.json.code]).toEqual([404, 'enrollment.unknown'])
    }
  })
})

describe('waking', () => {
  test('makes the device due at once, and is written down', async () => {
    const { device, id } = await enroll()
    const reply = await browser.post(`/api/v1/enrollments/${id}/wake`, {})
    expect(reply.status).toBe(200)
    expect(reply.json).toMatchObject({ wakeAt: server.clock.now().toISOString() })
    expect(await audited()).toMatchObject({
      action: 'enrollment.woken',
      actor_name: 'Ada Byron',
      subject_name: device.serialNumber,
    })
  })

  const hindered: [string, (device: SceneDevice, id: number) => Promise<unknown>, RegExp][] = [
    ['that left', (device) => scene.checkIn(device, { MessageType: 'CheckOut' }), /has left management/],
    ['that enrolls at the moment', (device) => scene.authenticate(device), /has not completed/],
    [
      'that Apple cannot reach',
      (_device, id) => scene.rows(sql`UPDATE enrollments SET push_lost_at = now() WHERE id = ${id}`),
      /cannot reach/,
    ],
  ]
  test.each(hindered)('a device %s is refused with what to do', async (_title, hinder, message) => {
    const { device, id } = await enroll('Reception')
    await hinder(device, id)
    const reply = await browser.post(`/api/v1/enrollments/${id}/wake`, {})
    expect([reply.status, reply.json.code]).toEqual([409, 'enrollment.not_wakeable'])
    expect(reply.json.detail).toMatch(message)
    expect(reply.json.detail).toContain('"Reception"')
  })
})

describe('taking a device out of management', () => {
  test('needs its name or serial number, typed', async () => {
    const { id } = await enroll('Reception')
    for (const confirmName of ['', 'reception', 'Another']) {
      const reply = await browser.post(`/api/v1/enrollments/${id}/remove`, { confirmName })
      expect([reply.status, reply.json.code]).toEqual([422, 'enrollment.wrong_name'])
    }
    expect((await browser.get(`/api/v1/enrollments/${id}`)).json).toMatchObject({ state: 'enrolled' })
  })

  test('voids its queue and its certificate, wakes it once more, and tells it so whenever it comes', async () => {
    const { device, id } = await enroll('Reception')
    await scene.queue(id, 'One')
    const reply = await browser.post(`/api/v1/enrollments/${id}/remove`, { confirmName: 'Reception' })
    expect(reply.json).toMatchObject({
      state: 'left',
      leftCause: 'removed_by_administrator',
      waiting: 0,
      wakeAt: server.clock.now().toISOString(),
    })
    expect(left).toEqual([[id, 'removed_by_administrator']])
    expect(await audited()).toMatchObject({
      action: 'enrollment.ended',
      actor_name: 'Ada Byron',
      details: { cause: 'removed_by_administrator' },
    })
    for (let times = 0; times < 2; times++) {
      expect(await scene.report(device, { Status: 'Idle' })).toMatchObject({
        status: 403,
        text: '{"code":"com.apple.unrecognized.device"}',
      })
    }
    const again = await browser.post(`/api/v1/enrollments/${id}/remove`, { confirmName: device.serialNumber })
    expect(again.status).toBe(200)
    expect(left).toHaveLength(1)
  })

  test('is refused for one that has left by itself', async () => {
    const { device, id } = await enroll()
    await scene.checkIn(device, { MessageType: 'CheckOut' })
    const reply = await browser.post(`/api/v1/enrollments/${id}/remove`, { confirmName: device.serialNumber })
    expect([reply.status, reply.json.code]).toEqual([409, 'enrollment.left'])
  })

  test('is for administrators alone', async () => {
    const { id } = await enroll()
    expect(
      (await server.browser().post(`/api/v1/enrollments/${id}/remove`, { confirmName: 'x' })).status,
    ).toBe(401)
  })
})
