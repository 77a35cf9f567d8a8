import { createPrivateKey, randomUUID } from 'node:crypto'
import { removeFromManagement } from '@apportion/server/mdm/care'
import { wakeForgotten } from '@apportion/server/mdm/due-devices'
import { createPusher, mostInASecond, type Pusher } from '@apportion/server/mdm/push'
import { startPushing } from '@apportion/server/mdm/push-worker'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createDeviceScene, type DeviceScene, secrets, topic } from '../support/device-scene.ts'
import { type PushPeer, startPushPeer } from '../support/push-peer.ts'

let stack: AsyncDisposableStack
let scene: DeviceScene
let peer: PushPeer
let pusher: Pusher
let logged: object[]

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  scene = stack.use(await createDeviceScene())
  peer = stack.use(await startPushPeer())
  logged = []
  await upload()
  pusher = stack.use(createPusher(ports()))
})
afterEach(() => stack.disposeAsync())

const minute = 60_000
const day = 24 * 60 * minute

function ports(): Parameters<typeof createPusher>[0] {
  const log = {
    warn: (facts: object) => void logged.push(facts),
    error: (facts: object) => void logged.push(facts),
  }
  const { clock, database } = scene
  return { db: database.kysely, clock, secrets, pushUrl: peer.url, pushAuthorities: peer.authorities, log }
}

/** Stores the certificate as an administrator's upload does. */
async function upload(): Promise<void> {
  const { certificate, privateKey } = peer.client
  const key = createPrivateKey(privateKey).export({ format: 'der', type: 'pkcs8' })
  await scene.rows(sql`UPDATE push_certificates SET certificate = ${certificate}, refused_at = NULL, refused_reason = NULL,
    private_key = ${secrets.seal(key, `push-key:${topic}`)}, uploaded_at = ${scene.clock.now()} WHERE topic = ${topic}`)
}

interface Woken {
  readonly wake_at: Date | null
  readonly woken_at: Date | null
  readonly push_lost_at: Date | null
}

async function wokenOf(id: number): Promise<Woken | undefined> {
  const [row] = await scene.rows<Woken>(
    sql`SELECT wake_at, woken_at, push_lost_at FROM enrollments WHERE id = ${id}`,
  )
  return row
}

/** Milliseconds until the device is woken again. */
async function wakeIn(id: number): Promise<number | null> {
  const at = (await wokenOf(id))?.wake_at ?? null
  return at === null ? null : at.getTime() - scene.clock.now().getTime()
}

describe('a device that is due', () => {
  test('is woken once with its token, magic and topic, and again a day later while something waits', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.tokenUpdate(device, { Token: Buffer.from('ab'), PushMagic: 'its magic' })
    await scene.queue(id, 'One', 'Two')
    expect(await pusher.wakeDue()).toBe(1)
    expect(await pusher.wakeDue()).toBe(0)
    expect(peer.heard.map(({ headers, body }) => [headers[':path'], headers['apns-topic'], body])).toEqual([
      ['/3/device/6162', topic, '{"mdm":"its magic"}'],
    ])
    expect(await wakeIn(id)).toBe(day)
    await scene.clock.advance(day)
    expect(await pusher.wakeDue()).toBe(1)
  })

  test('is woken once after its first TokenUpdate', async () => {
    const device = await scene.newDevice()
    await scene.authenticate(device)
    expect(await pusher.wakeDue()).toBe(0)
    await scene.tokenUpdate(device)
    expect(await pusher.wakeDue()).toBe(1)
  })

  test('is woken with the token that it told last', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    await scene.tokenUpdate(device, { Token: Buffer.from([255, 1]) })
    await pusher.wakeDue()
    expect(peer.heard.map(({ headers }) => headers[':path'])).toEqual(['/3/device/ff01'])
  })

  test('is not woken after CheckOut', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    await scene.checkIn(device, { MessageType: 'CheckOut' })
    expect(await pusher.wakeDue()).toBe(0)
  })

  test('that an administrator took out is woken once more, to be told so', async () => {
    const { id } = await scene.enrolledDevice()
    const care = { db: scene.database.kysely, clock: scene.clock, listeners: [] }
    const [row] = await scene.rows<{ identifier: string }>(
      sql`SELECT identifier FROM enrollments WHERE id = ${id}`,
    )
    const actor = { kind: 'command_line', name: 'test' } as const
    await removeFromManagement(care, { id, confirmName: row?.identifier ?? '', actor })
    expect(await pusher.wakeDue()).toBe(1)
    expect(await wakeIn(id)).toBeNull()
  })

  test('is woken again for what was queued while it was woken, and once for a burst of it', async () => {
    const { id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    peer.answerWith(async () => {
      await scene.queue(id, 'Two')
      return { status: 200 }
    })
    await pusher.wakeDue()
    await scene.queue(id, 'Three')
    expect(await pusher.wakeDue()).toBe(0)
    await scene.clock.advance(2000)
    expect(await pusher.wakeDue()).toBe(1)
    expect(peer.heard).toHaveLength(2)
  })

  test('that came by while it was woken is left alone', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [command = ''] = await scene.queue(id, 'One')
    peer.answerWith(async () => {
      await scene.report(device, { Status: 'Idle' })
      await scene.report(device, { Status: 'Acknowledged', CommandUUID: command })
      return { status: 200 }
    })
    await pusher.wakeDue()
    expect(await wakeIn(id)).toBeNull()
  })

  test('is woken by one of several processes', async () => {
    await using other = createPusher(ports())
    for (let index = 0; index < 20; index++) {
      const { id } = await scene.enrolledDevice()
      await scene.queue(id, 'One')
    }
    await Promise.all([pusher.wakeDue(), other.wakeDue(), pusher.wakeDue(), other.wakeDue()])
    expect(peer.heard).toHaveLength(20)
  })

  test('is taken again when the process that took it died', async () => {
    const { id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    peer.answerWith(() => {
      throw new Error('never answered')
    })
    const dying = pusher.wakeDue()
    await expect.poll(() => peer.heard.length).toBe(1)
    expect(await wakeIn(id)).toBe(5 * minute)
    for (const session of peer.sessions) session.destroy()
    await expect.poll(() => peer.heard.length).toBe(2)
    for (const session of peer.sessions) session.destroy()
    await dying
  })

  test('waits for its second when very many are due', async () => {
    await scene.rows(sql`INSERT INTO enrollments (channel, identifier, kind, ownership, state, topic, push_token, push_magic,
        token_at, authenticated_at, enrolled_at, last_seen_at, wake_at)
      SELECT 'mdm', 'MANY-' || n, 'device', 'corporate', 'enrolled', ${topic}, '\\x00', '\\x00', now(), now(), now(), now(),
        '2026-01-01' FROM generate_series(1, ${mostInASecond + 10}) n`)
    expect(await pusher.wakeDue()).toBe(mostInASecond)
    expect(await pusher.wakeDue()).toBe(10)
  })
})

describe('Apple says', () => {
  async function due(): Promise<number> {
    const { id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    return id
  }

  test('that the token is dead: nothing is pushed until a newer one is told', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    peer.answerWith(() => ({
      status: 410,
      body: { reason: 'Unregistered', timestamp: scene.clock.now().getTime() },
    }))
    await pusher.wakeDue()
    expect(await wokenOf(id)).toMatchObject({ wake_at: null, push_lost_at: scene.clock.now() })
    await scene.queue(id, 'Two')
    expect(await pusher.wakeDue()).toBe(0)
    await scene.tokenUpdate(device)
    expect(await wokenOf(id)).toMatchObject({ wake_at: scene.clock.now(), push_lost_at: null })
    expect(await pusher.wakeDue()).toBe(1)
  })

  test('that a token was dead before the present one was told: that means nothing', async () => {
    const id = await due()
    const timestamp = scene.clock.now().getTime() - 1
    peer.answerWith(() => ({ status: 410, body: { reason: 'Unregistered', timestamp } }))
    await pusher.wakeDue()
    expect(await wokenOf(id)).toMatchObject({ push_lost_at: null })
    expect(await wakeIn(id)).toBe(day)
  })

  test('that a token is dead which the device replaces in the same moment: the new one counts', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    peer.answerWith(async () => {
      await scene.clock.advance(1)
      await scene.tokenUpdate(device)
      return { status: 410, body: { reason: 'Unregistered' } }
    })
    await pusher.wakeDue()
    expect(await wokenOf(id)).toMatchObject({ push_lost_at: null, wake_at: scene.clock.now() })
  })

  test('that the certificate is refused: everything stops with the reason, and goes on with the next one', async () => {
    const ids = [await due(), await due(), await due()]
    peer.answerWith(() => ({ status: 403, body: { reason: 'BadCertificate' } }))
    await pusher.wakeDue()
    const heard = peer.heard.length
    expect(await scene.rows(sql`SELECT refused_at, refused_reason FROM push_certificates`)).toEqual([
      { refused_at: scene.clock.now(), refused_reason: 'BadCertificate' },
    ])
    await scene.clock.advance(minute)
    expect(await pusher.wakeDue()).toBe(0)
    expect(peer.heard).toHaveLength(heard)
    expect(logged).toContainEqual({ topic, reason: 'BadCertificate' })
    peer.answerWith(() => ({ status: 200 }))
    await upload()
    expect(await pusher.wakeDue()).toBe(ids.length)
  })

  const later: [number, string][] = [
    [429, 'TooManyRequests'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
  ]
  test.each(later)(
    '%i %s: it is tried after a minute, then after a quarter of an hour',
    async (status, reason) => {
      const id = await due()
      peer.answerWith(() => ({ status, body: { reason } }))
      await pusher.wakeDue()
      expect(await wakeIn(id)).toBe(minute)
      await scene.clock.advance(minute)
      await pusher.wakeDue()
      expect(await wakeIn(id)).toBe(15 * minute)
    },
  )

  test('nothing, since it cannot be reached: it is tried later', async () => {
    const id = await due()
    await using lost = createPusher({ ...ports(), pushUrl: new URL('https://localhost:1') })
    await lost.wakeDue()
    expect(await wakeIn(id)).toBe(minute)
    expect((await wokenOf(id))?.push_lost_at).toBeNull()
  })

  test('that a push is wrong: it is not sent again for a day', async () => {
    const id = await due()
    peer.answerWith(() => ({ status: 400, body: { reason: 'BadTopic' } }))
    await pusher.wakeDue()
    expect(await wakeIn(id)).toBe(day)
    expect(logged).toContainEqual({ enrollment: id, reason: 'BadTopic' })
  })
})

test('a certificate that has ended wakes nobody; who is due stays due', async () => {
  const { id } = await scene.enrolledDevice()
  await scene.queue(id, 'One')
  await scene.clock.advance(366 * day)
  expect(await pusher.wakeDue()).toBe(0)
  expect(await wakeIn(id)).toBeLessThan(0)
})

test('a stored token that does not open stops that device alone', async () => {
  const broken = await scene.enrolledDevice()
  const whole = await scene.enrolledDevice()
  await scene.queue(broken.id, 'One')
  await scene.queue(whole.id, 'One')
  await scene.rows(
    sql`UPDATE enrollments SET push_token = ${secrets.seal('x', `push-token:${whole.id}`)} WHERE id = ${broken.id}`,
  )
  expect(await pusher.wakeDue()).toBe(2)
  expect(peer.heard).toHaveLength(1)
  expect((await wokenOf(broken.id))?.push_lost_at).not.toBeNull()
})

test('a device with a queue that nothing would wake is found', async () => {
  const { id } = await scene.enrolledDevice()
  await scene.enrolledDevice()
  await scene.queue(id, 'One')
  await scene.rows(sql`UPDATE enrollments SET wake_at = NULL`)
  await wakeForgotten(scene.database.kysely, scene.clock.now())
  expect(await scene.rows(sql`SELECT id FROM enrollments WHERE wake_at IS NOT NULL`)).toEqual([{ id }])
})

test('the work goes on by itself, and outlives a failure of the database', async () => {
  let failures = 0
  const db = scene.database.kysely.withPlugin({
    transformQuery: ({ node }) => {
      if (failures++ < 2) throw new Error('The database is away')
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const { id } = await scene.enrolledDevice()
  await scene.queue(id, randomUUID())
  await using _pushing = startPushing({ ...ports(), db })
  await expect
    .poll(async () => {
      await scene.clock.advance(1000)
      return peer.heard.length
    })
    .toBe(1)
  expect(logged).toHaveLength(2)
})
