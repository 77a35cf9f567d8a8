import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { writePlist } from '@apportion/apple-wire/plist'
import { removeFromManagement, wakeNow } from '@apportion/server/mdm/care'
import { nanoChannel } from '@apportion/server/nanomdm/channel'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeviceScene, type DeviceScene } from '../support/device-scene.ts'
import { createNanoScene, type NanoScene, webhookKey } from '../support/nano-scene.ts'

let scene: NanoScene
/** Devices of the built-in channel in the same world. */
let builtIn: DeviceScene
beforeAll(async () => {
  scene = await createNanoScene()
  builtIn = await createDeviceScene([], scene)
})
afterAll(() => scene[Symbol.asyncDispose]())

const hour = 3_600_000

const signed = (body: string, key = webhookKey) => createHmac('sha256', key).update(body).digest('base64')

async function post(body: string, signature: string | undefined): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(signature === undefined ? {} : { 'x-hmac-signature': signature }),
  }
  return (await fetch(scene.webhookUrl, { method: 'POST', headers, body })).status
}

const event = (message: object, more: object = {}) =>
  JSON.stringify({
    topic: 'mdm.Authenticate',
    event_id: crypto.randomUUID(),
    checkin_event: {
      ids: { id: 'AAAA-1', type: 'Device' },
      raw_payload: Buffer.from(writePlist({ UDID: 'AAAA-1', ...message })).toString('base64'),
    },
    ...more,
  })
const authenticate = { MessageType: 'Authenticate', Topic: 'com.apple.mgmt.x', SerialNumber: 'X1' }

/** Posts from another address with a signature that may be one; gives the answer, or nothing when it is cut off. */
function halfPosted(body = 'half'): { readonly answered: Promise<string> } {
  const { port, pathname } = new URL(scene.webhookUrl)
  const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress: '127.0.0.2' })
  const signature = Buffer.alloc(32).toString('base64')
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: x\r\nx-hmac-signature: ${signature}\r\ncontent-length: 100\r\n\r\n${body}`,
  )
  const answered = new Promise<string>((resolve) => {
    let received = ''
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1')
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
  })
  return { answered }
}

async function stored(identifier: string): Promise<number> {
  const rows = await scene.rows(sql`SELECT 1 FROM enrollments WHERE identifier = ${identifier}`)
  return rows.length
}

describe('what is posted to the webhook', () => {
  test.each([
    ['without a signature', undefined],
    ['with a signature of another key', 'other'],
    ['with a signature that is none', 'nonsense'],
  ])('%s is refused and changes nothing', async (_what, kind) => {
    const body = event(authenticate)
    const signature = kind === 'other' ? signed(body, 'another key that is long') : kind
    expect(await post(body, signature)).toBe(401)
    expect(await stored('AAAA-1')).toBe(0)
  })

  test('changed by one byte after it was signed is refused', async () => {
    const body = event(authenticate)
    expect(await post(`${body} `, signed(body))).toBe(401)
    expect(await stored('AAAA-1')).toBe(0)
  })

  test.each([
    ['no JSON', 'hello'],
    ['another shape', '{"topic":7}'],
    ['a message that is no property list', event({}, { checkin_event: { raw_payload: 'aGVsbG8=' } })],
    ['another device than its message', event(authenticate).replace('"id":"AAAA-1"', '"id":"BBBB-2"')],
  ])('signed, but %s, is refused and changes nothing', async (_what, body) => {
    expect(await post(body, signed(body))).toBe(400)
    expect(await stored('AAAA-1')).toBe(0)
    expect(await stored('BBBB-2')).toBe(0)
  })

  test.each([
    ['a topic that we know nothing of', JSON.stringify({ topic: 'mdm.Something', event_id: 'e' })],
    ['a person on a device', event(authenticate).replace('"type":"Device"', '"type":"User"')],
    ['a message that has no bearing on apps', event({ MessageType: 'SetBootstrapToken' })],
  ])('about %s is taken and changes nothing', async (_what, body) => {
    expect(await post(body, signed(body))).toBe(200)
    expect(await stored('AAAA-1')).toBe(0)
  })

  test('by strangers who keep their bodies back holds NanoMDM up no more than it frees their places in time', async () => {
    const body = event({ MessageType: 'SetBootstrapToken' })
    expect(await post(body, signed(body))).toBe(200)
    const sockets = []
    for (let stranger = 0; stranger < 40; stranger += 1) sockets.push(halfPosted())
    const answers = await Promise.all(sockets.slice(8).map(({ answered }) => answered))
    expect(answers.every((answer) => answer.startsWith('HTTP/1.1 503 '))).toBe(true)
    expect(await post(body, signed(body))).toBe(200)
    await scene.clock.advance(15_000)
    expect(await Promise.all(sockets.slice(0, 8).map(({ answered }) => answered))).toEqual(Array(8).fill(''))
    const free = halfPosted('x'.repeat(100))
    expect(await free.answered).toMatch(/^HTTP\/1.1 401 /)
  })

  test('beyond the limit is not read', async () => {
    const body = JSON.stringify({ topic: 'x'.repeat(13 * 1024 * 1024) })
    expect(await post(body, signed(body))).toBe(413)
  })
})

describe('a device that enrolls at NanoMDM', () => {
  test('is known with what it told, is asked what it is, and stands in the directory', async () => {
    const device = scene.device()
    device.authenticate()
    await scene.peer.posted()
    expect(await scene.enrollment(device)).toMatchObject({ state: 'authenticated', wake_at: null })
    device.tokenUpdate()
    await scene.peer.posted()
    expect(await scene.enrollment(device)).toMatchObject({ state: 'enrolled', serial: device.serialNumber })
    await scene.send()
    expect(device.comesBy()).toEqual(['DeviceInformation'])
    await scene.peer.posted()
    const [row] = await scene.rows<{ os_version: string; ownership: string }>(
      sql`SELECT os_version, ownership FROM devices WHERE serial_number = ${device.serialNumber}`,
    )
    expect(row).toEqual({ os_version: '18.1', ownership: 'corporate' })
  })

  test('leaves with CheckOut; what it was told is void, and a late answer is passed over', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = ''] = await scene.queue(id, 'One')
    await scene.send()
    device.checkOut()
    await scene.peer.posted()
    expect(scene.heard.left).toEqual([[id, 'checked_out']])
    device.comesBy()
    await scene.peer.posted()
    expect(scene.heard.answered).toEqual([])
    expect(await scene.enrollment(device)).toMatchObject({ id, state: 'left' })
    expect(await scene.rows(sql`SELECT state FROM commands WHERE id = ${first}::uuid`)).toEqual([
      { state: 'void' },
    ])
    scene.heard.left.length = 0
  })

  test('again is a new enrollment that starts clean', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    device.authenticate()
    device.tokenUpdate()
    await scene.peer.posted()
    expect(scene.heard.left).toEqual([[id, 'enrolled_again']])
    await scene.send()
    expect(device.comesBy()).toEqual(['DeviceInformation'])
    scene.heard.left.length = 0
  })
})

describe('a device that is under our own management', () => {
  /** It tells the same serial number to NanoMDM, for which `Device` speaks. */
  async function atBoth() {
    const { device, id } = await builtIn.enrolledDevice()
    const { serialNumber } = device
    const identifier = crypto.randomUUID().toUpperCase()
    const tell = async (message: object, more: object = {}) => {
      const said = { ids: { id: identifier, type: 'Device' }, ...more }
      const raw_payload = Buffer.from(writePlist({ UDID: identifier, ...message })).toString('base64')
      const body = event({}, { created_at: told.at.toISOString(), checkin_event: { ...said, raw_payload } })
      expect(await post(body, signed(body))).toBe(200)
    }
    const told = {
      at: scene.clock.now(),
      authenticate: () =>
        tell({ MessageType: 'Authenticate', Topic: 'com.apple.mgmt.x', SerialNumber: serialNumber }),
      tokenUpdate: () =>
        tell({
          MessageType: 'TokenUpdate',
          Topic: 'com.apple.mgmt.x',
          Token: Buffer.alloc(32),
          PushMagic: 'm',
        }),
    }
    const states = () =>
      scene.rows<{ channel: string; state: string }>(sql`SELECT channel, state FROM enrollments
        WHERE id = ${id} OR identifier = ${identifier} ORDER BY id`)
    return { device, told, states }
  }

  test('stays under it when it begins to enroll at NanoMDM, and leaves it when it has', async () => {
    const { told, states } = await atBoth()
    await told.authenticate()
    expect(await states()).toEqual([
      { channel: 'mdm', state: 'enrolled' },
      { channel: 'nanomdm', state: 'authenticated' },
    ])
    await told.tokenUpdate()
    expect(await states()).toEqual([
      { channel: 'mdm', state: 'left' },
      { channel: 'nanomdm', state: 'enrolled' },
    ])
  })

  test('and came to us since does not leave for what NanoMDM tells late, but for what it tells next', async () => {
    const { device, told, states } = await atBoth()
    await told.authenticate()
    await scene.clock.advance(hour)
    await builtIn.report(device, { Status: 'Idle' })
    await told.tokenUpdate()
    expect(await states()).toEqual([
      { channel: 'mdm', state: 'enrolled' },
      { channel: 'nanomdm', state: 'authenticated' },
    ])
    await scene.clock.advance(1000)
    told.at = scene.clock.now()
    await told.tokenUpdate()
    expect(await states()).toEqual([
      { channel: 'mdm', state: 'left' },
      { channel: 'nanomdm', state: 'enrolled' },
    ])
  })
})

describe('what administrators do with one', () => {
  const ports = () => ({ db: scene.db, clock: scene.clock, listeners: [] })
  const actor = { kind: 'system', name: 'test' } as const

  test('waking it is asked of NanoMDM', async () => {
    const { device, id } = await scene.enrolledDevice()
    await wakeNow(ports(), id, actor)
    await scene.send()
    expect(scene.woken).toEqual([device.udid])
    expect(await scene.enrollment(device)).toMatchObject({ wake_at: null })
  })

  test('taking it out is refused: its profile is of NanoMDM', async () => {
    const { device, id } = await scene.enrolledDevice()
    const confirmName = device.serialNumber
    await expect(removeFromManagement(ports(), { id, confirmName, actor })).rejects.toMatchObject({
      code: 'enrollment.elsewhere',
    })
    expect(await scene.enrollment(device)).toMatchObject({ state: 'enrolled' })
  })
})

describe('events that are lost, late or come twice', () => {
  test('heard in reverse leave the device enrolled, once', async () => {
    const device = scene.device()
    scene.peer.isHolding = true
    device.authenticate()
    await scene.clock.advance(1000)
    device.tokenUpdate()
    scene.peer.isHolding = false
    const held = scene.peer.held.splice(0)
    for (const delivery of [...held.toReversed(), ...held]) await scene.peer.post(delivery)
    expect(await scene.enrollment(device)).toMatchObject({ state: 'enrolled' })
    expect(await stored(device.udid)).toBe(1)
    await scene.send()
    expect(device.comesBy()).toEqual(['DeviceInformation'])
    await scene.peer.posted()
    expect(await scene.enrollment(device)).toMatchObject({ serial: device.serialNumber })
  })

  test('a device that was enrolled before anybody listened is known by the first thing that it says', async () => {
    const device = scene.device()
    scene.peer.eventsToLose = 2
    device.authenticate()
    device.tokenUpdate()
    device.comesBy()
    await scene.peer.posted()
    expect(await scene.enrollment(device)).toMatchObject({ state: 'enrolled', serial: null })
    await scene.send()
    device.comesBy()
    await scene.peer.posted()
    expect(await scene.enrollment(device)).toMatchObject({ serial: device.serialNumber })
  })

  test('many at once of one new device make one enrollment', async () => {
    const device = scene.device()
    scene.peer.isHolding = true
    device.authenticate()
    device.tokenUpdate()
    device.comesBy()
    scene.peer.isHolding = false
    const held = scene.peer.held.splice(0)
    const statuses = await Promise.all([...held, ...held].map(({ body, signature }) => post(body, signature)))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await stored(device.udid)).toBe(1)
    expect(await scene.enrollment(device)).toMatchObject({ state: 'enrolled' })
  })

  test('an answer that comes twice is heard once', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    await scene.send()
    scene.peer.isHolding = true
    device.comesBy()
    scene.peer.isHolding = false
    const held = scene.peer.held.splice(0)
    for (const delivery of [...held, ...held]) await scene.peer.post(delivery)
    expect(scene.heard.answered).toHaveLength(1)
  })

  test('a question whose answer was lost is asked anew, and one of a device that is off is not', async () => {
    const here = await scene.enrolledDevice()
    const off = await scene.enrolledDevice()
    const ask = async (id: number) => {
      const question = { requestType: 'DeviceInformation', purpose: 'device_facts', parameters: {} } as const
      const command = { ...question, enrollmentId: id, id: crypto.randomUUID() }
      await inTransaction(scene.db, (tx) => nanoChannel.queue(tx, [command], scene.clock.now()))
    }
    await ask(here.id)
    await ask(off.id)
    await scene.send()
    scene.peer.eventsToLose = 2
    here.device.comesBy()
    await scene.peer.posted()
    await scene.clock.advance(hour)
    here.device.comesBy()
    await scene.peer.posted()
    await scene.clock.advance(24 * hour)
    await scene.askAgain()
    await scene.send()
    expect(here.device.comesBy()).toEqual(['DeviceInformation'])
    // The one from before still waits for it.
    expect(scene.peer.queueOf(off.device.udid)).toHaveLength(1)
    await scene.peer.posted()
  })

  test('every device is asked once a day', async () => {
    const { device } = await scene.enrolledDevice()
    await scene.askAgain()
    await scene.send()
    expect(device.comesBy()).toEqual([])
    await scene.peer.posted()
    await scene.clock.advance(25 * hour)
    await scene.askAgain()
    await scene.send()
    expect(device.comesBy()).toEqual(['DeviceInformation'])
    await scene.peer.posted()
  })
})
