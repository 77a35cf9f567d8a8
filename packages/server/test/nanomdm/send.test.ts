import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNanoScene, type NanoScene } from '../support/nano-scene.ts'

let scene: NanoScene
beforeAll(async () => {
  scene = await createNanoScene()
})
afterAll(() => scene[Symbol.asyncDispose]())

const minute = 60_000

async function states(enrollmentId: number): Promise<readonly string[]> {
  const rows = await scene.rows<{
    state: string
    waits: boolean
  }>(sql`SELECT state, pass_at IS NOT NULL AS waits
    FROM commands WHERE enrollment_id = ${enrollmentId} AND purpose = 'install' ORDER BY seq`)
  return rows.map(({ state, waits }) => (waits ? `${state}, to be passed on` : state))
}

describe('commands for devices at NanoMDM', () => {
  test('stand in its queue in their order, without a push each, and then the device is woken once', async () => {
    const { device, id } = await scene.enrolledDevice()
    const ids = await scene.queue(id, 'One', 'Two', 'Three')
    expect(await states(id)).toEqual(Array(3).fill('queued, to be passed on'))
    await scene.send()
    expect(scene.peer.queueOf(device.udid)).toEqual(ids)
    expect(await states(id)).toEqual(['sent', 'sent', 'sent'])
    const enqueue = `PUT /v1/enqueue/${device.udid}?nopush=1 200`
    expect(scene.peer.asked).toEqual([enqueue, enqueue, enqueue, `GET /v1/push/${device.udid} 200`])
    expect(scene.woken).toEqual([device.udid])
  })

  test('are settled by what the device answers, and nothing wakes it any more', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One', 'Two')
    await scene.send()
    expect(device.comesBy()).toEqual(['One', 'Two'])
    await scene.peer.posted()
    expect(await states(id)).toEqual(['done', 'done'])
    expect(scene.heard.answered.map(({ command }) => command.requestType)).toEqual(['One', 'Two'])
    expect(await scene.enrollment(device)).toMatchObject({ wake_at: null })
  })

  test('of which the answer was lost are passed on again under the same id, and stand there once', async () => {
    const { device, id } = await scene.enrolledDevice()
    scene.peer.answersToLose = 1
    const ids = await scene.queue(id, 'One')
    await scene.send()
    expect(scene.peer.queueOf(device.udid)).toEqual(ids)
    expect(await states(id)).toEqual(['sent, to be passed on'])
    await scene.clock.advance(2 * minute)
    await scene.send()
    expect(scene.peer.queueOf(device.udid)).toEqual(ids)
    expect(scene.peer.asked).toContain(`PUT /v1/enqueue/${device.udid}?nopush=1 500`)
    expect(await states(id)).toEqual(['sent'])
  })

  test('that the device answered although the answer of NanoMDM was lost are not passed on again', async () => {
    const { device, id } = await scene.enrolledDevice()
    scene.peer.answersToLose = 1
    await scene.queue(id, 'One')
    await scene.send()
    device.comesBy()
    await scene.peer.posted()
    expect(await states(id)).toEqual(['done, to be passed on'])
    scene.peer.asked.length = 0
    await scene.clock.advance(20 * minute)
    await scene.send()
    expect(scene.peer.asked.filter((line) => line.startsWith('PUT'))).toEqual([])
  })

  test('wait, and can be taken back, while NanoMDM does not take the key; the health says so', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One', 'Two')
    await scene.send('another key')
    expect(scene.peer.asked.at(-1)).toMatch(/ 401$/)
    expect(await states(id)).toEqual(['queued, to be passed on', 'queued, to be passed on'])
    expect(await scene.counts()).toMatchObject({ commandsWaiting: 2, unauthorized: 1 })
    scene.peer.asked.length = 0
    await scene.send()
    // Not before the pause is over.
    expect(scene.peer.asked).toEqual([])
    await scene.clock.advance(20 * minute)
    await scene.send()
    expect(scene.peer.queueOf(device.udid)).toHaveLength(2)
    expect(await scene.counts()).toEqual({
      commandsWaiting: 0,
      unauthorized: 0,
      unreachable: 0,
      failing: 0,
    })
    expect(scene.logged.join('')).not.toContain('another key')
  })

  test('wait while NanoMDM is off, with longer and longer pauses, and arrive when it is back', async () => {
    await using other = await createNanoScene()
    const { device, id } = await other.enrolledDevice()
    await other.peer[Symbol.asyncDispose]()
    const ids = await other.queue(id, 'One')
    await other.send()
    expect(await other.counts()).toMatchObject({ commandsWaiting: 1, unreachable: 1 })
    expect(await other.rows(sql`SELECT state FROM commands WHERE id = ${ids[0]}::uuid`)).toEqual([
      { state: 'queued' },
    ])
    await other.clock.advance(20 * minute)
    await other.send()
    const [standing] = await other.rows<{ pause: number }>(
      sql`SELECT extract(epoch FROM retry_at - ${other.clock.now()}::timestamptz)::int AS pause FROM nanomdm_server`,
    )
    expect(standing?.pause).toBe(120)
    await other.peer.listen(other.port)
    await other.clock.advance(20 * minute)
    await other.send()
    expect(other.peer.queueOf(device.udid)).toEqual(ids)
    expect(await other.counts()).toMatchObject({ unreachable: 0 })
  })

  test('are there although the push fails; it is tried again later', async () => {
    const { device, id } = await scene.enrolledDevice()
    scene.peer.hasPushCertificate = false
    await scene.queue(id, 'One')
    await scene.send()
    expect(await states(id)).toEqual(['sent'])
    expect(scene.woken).toEqual([])
    scene.peer.hasPushCertificate = true
    await scene.clock.advance(2 * minute)
    await scene.send()
    expect(scene.woken).toEqual([device.udid])
  })

  test('that stay without an answer have the device woken again after four hours, then daily', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    await scene.send()
    const waking = async () => {
      const { wake_at: at = null } = (await scene.enrollment(device)) ?? {}
      return at === null ? null : (at.getTime() - scene.clock.now().getTime()) / minute / 60
    }
    expect(await waking()).toBe(4)
    for (const hours of [8, 16, 24, 24]) {
      await scene.clock.advance(((await waking()) ?? 0) * 60 * minute)
      await scene.send()
      expect(await waking()).toBe(hours)
    }
  })

  test('for many devices wake them with few requests', async () => {
    const devices = []
    for (let count = 0; count < 5; count += 1) devices.push(await scene.enrolledDevice())
    for (const { id } of devices) await scene.queue(id, 'One')
    await scene.send()
    const pushes = scene.peer.asked.filter((line) => line.startsWith('GET'))
    expect(pushes).toHaveLength(1)
    expect(new Set(scene.woken)).toEqual(new Set(devices.map(({ device }) => device.udid)))
  })

  test('without end for one device keep no other asleep', async () => {
    const [busy, other] = [await scene.enrolledDevice(), await scene.enrolledDevice()]
    await scene.queue(busy.id, ...Array.from({ length: 20 }, () => 'One'))
    await scene.rows(sql`UPDATE enrollments SET wake_at = ${scene.clock.now()} WHERE id = ${other.id}`)
    await scene.send()
    const [first, woken] = ['PUT', `GET /v1/push/${other.device.udid}`].map((start) =>
      scene.peer.asked.findIndex((line) => line.startsWith(start)),
    )
    const last = scene.peer.asked.findLastIndex((line) => line.startsWith('PUT'))
    expect(first).toBeLessThan(woken ?? -1)
    expect(woken).toBeLessThan(last)
    expect(scene.woken).toEqual([other.device.udid, busy.device.udid])
  })

  test('are left for the next start when the server stops', async () => {
    const { device, id } = await scene.enrolledDevice()
    const ids = await scene.queue(id, 'One', 'Two', 'Three')
    const stopping = new AbortController()
    scene.peer.onAsked = () => stopping.abort()
    await scene.send(undefined, stopping.signal)
    expect(scene.peer.queueOf(device.udid)).toEqual(ids.slice(0, 1))
    expect(scene.woken).toEqual([])
    await scene.send()
    expect(scene.peer.queueOf(device.udid)).toEqual(ids)
    expect(scene.woken).toEqual([device.udid])
  })

  test('that NanoMDM does not take at all fail with its words, and the next ones go on', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = ''] = await scene.queue(id, 'One', 'Two')
    scene.peer.refusing.add(first)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await scene.send()
      await scene.clock.advance(3 * 60 * minute)
    }
    await scene.send()
    expect((await states(id))[0]).toContain('malformed')
    const [answer] = scene.heard.answered
    expect(answer).toMatchObject({ status: 'CommandFormatError', errors: [{ domain: 'NanoMDM' }] })
    expect(scene.peer.queueOf(device.udid)).toHaveLength(1)
  })
})
