import { randomUUID } from 'node:crypto'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '../support/count-statements.ts'
import { createDeviceScene, type DeviceScene, type SceneDevice, toldIn } from '../support/device-scene.ts'

let scene: DeviceScene
beforeAll(async () => {
  scene = await createDeviceScene()
})
afterAll(() => scene[Symbol.asyncDispose]())

const minute = 60_000
const hour = 60 * minute

const idle = { Status: 'Idle' }
const done = (id: string) => ({ Status: 'Acknowledged', CommandUUID: id })

interface Stored {
  readonly state: string
  readonly errors: unknown
  readonly payload: string | null
  readonly deliveries: number
}

async function stored(enrollmentId: number, id: string | undefined): Promise<Stored | undefined> {
  const [row] = await scene.rows<Stored>(sql`SELECT state, errors, payload, deliveries FROM commands
    WHERE enrollment_id = ${enrollmentId} AND id = ${id}::uuid`)
  return row
}

/** Minutes until the device is woken; null when it is not. */
async function wakeIn(id: number): Promise<number | null> {
  const [row] = await scene.rows<{ wake_at: Date | null }>(
    sql`SELECT wake_at FROM enrollments WHERE id = ${id}`,
  )
  const at = row?.wake_at ?? null
  return at === null ? null : (at.getTime() - scene.clock.now().getTime()) / minute
}

/** As the push worker leaves an enrollment that it has woken so often. */
async function woken(id: number, attempts: number): Promise<void> {
  const at = scene.clock.now()
  await scene.rows(sql`UPDATE enrollments SET woken_at = ${at}, wake_attempts = ${attempts},
    wake_at = ${new Date(at.getTime() + 24 * hour)} WHERE id = ${id}`)
}

async function told(
  device: SceneDevice,
  message: Parameters<DeviceScene['report']>[1],
): Promise<string | null> {
  return toldIn(await scene.report(device, message))?.id ?? null
}

describe('a device with a queue', () => {
  test('is told its commands in their order, in one conversation', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second = '', third = ''] = await scene.queue(id, 'One', 'Two', 'Three')
    expect(await told(device, idle)).toBe(first)
    expect(await told(device, done(first))).toBe(second)
    expect(await told(device, done(second))).toBe(third)
    expect(await told(device, done(third))).toBeNull()
    expect(scene.heard.answered.map(({ command }) => command.requestType)).toEqual(['One', 'Two', 'Three'])
    expect(await stored(id, first)).toMatchObject({ state: 'done', payload: null, deliveries: 1 })
  })

  test('gets CommandUUID and Command.RequestType as XML', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [command] = await scene.queue(id, 'ManagedApplicationList')
    const reply = await scene.report(device, idle)
    expect(reply.contentType).toBe('application/xml; charset=UTF-8')
    expect(toldIn(reply)).toEqual({
      id: command,
      requestType: 'ManagedApplicationList',
      command: expect.objectContaining({ RequestType: 'ManagedApplicationList' }),
    })
  })

  test('is told the same command again when the connection was cut after it', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first] = await scene.queue(id, 'One', 'Two')
    expect(await told(device, idle)).toBe(first)
    expect(await told(device, idle)).toBe(first)
    expect(await stored(id, first)).toMatchObject({ state: 'sent', deliveries: 2 })
  })

  test('is told something else in the conversation in which it put a command off, and that one when it asks anew', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second = ''] = await scene.queue(id, 'One', 'Two')
    await told(device, idle)
    expect(await told(device, { Status: 'NotNow', CommandUUID: first })).toBe(second)
    expect(await told(device, done(second))).toBeNull()
    expect(await told(device, idle)).toBe(first)
    expect(await told(device, done(first))).toBeNull()
    expect(scene.heard.answered.map(({ command }) => command.id)).toEqual([second, first])
  })

  test('goes on after an error and after a command that it did not understand; both keep what it said', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second = '', third] = await scene.queue(id, 'One', 'Two', 'Three')
    await told(device, idle)
    const chain = [
      { ErrorDomain: 'MCMDMErrorDomain', ErrorCode: 12023, LocalizedDescription: 'no such app' },
      {
        ErrorDomain: 'Other\ud800',
        ErrorCode: 7,
        LocalizedDescription: 'nul \u0000 and half a character \ud800',
      },
    ]
    expect(await told(device, { Status: 'Error', CommandUUID: first, ErrorChain: chain })).toBe(second)
    expect(await told(device, { Status: 'CommandFormatError', CommandUUID: second })).toBe(third)
    const errors = [
      { domain: 'MCMDMErrorDomain', code: 12023, text: 'no such app' },
      { domain: 'Other\ufffd', code: 7, text: 'nul \ufffd and half a character \ufffd' },
    ]
    expect(await stored(id, first)).toMatchObject({ state: 'failed', errors })
    expect(await stored(id, second)).toMatchObject({ state: 'malformed', errors: [] })
    expect(scene.heard.answered.map(({ status }) => status)).toEqual(['Error', 'CommandFormatError'])
    expect(scene.heard.answered[0]?.errors).toEqual(errors)
  })
})

describe('an answer', () => {
  test('that comes twice is heard once', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second] = await scene.queue(id, 'One', 'Two')
    await told(device, idle)
    expect(await told(device, done(first))).toBe(second)
    expect(await told(device, { Status: 'Error', CommandUUID: first })).toBe(second)
    expect(scene.heard.answered).toHaveLength(1)
    expect(await stored(id, first)).toMatchObject({ state: 'done' })
  })

  test.each(['nobody', 'no UUID at all'])('to a command of %s is passed over', async (whose) => {
    const { device } = await scene.enrolledDevice()
    const id = whose === 'nobody' ? randomUUID() : '../../etc/passwd\u2028'
    expect(await scene.report(device, done(id))).toEqual({ status: 200 })
    expect(scene.heard.answered).toEqual([])
  })

  test('to the command of another device changes nothing there', async () => {
    const mine = await scene.enrolledDevice()
    const other = await scene.enrolledDevice()
    const [command = ''] = await scene.queue(other.id, 'One')
    await told(other.device, idle)
    expect(await scene.report(mine.device, done(command))).toEqual({ status: 200 })
    expect(await stored(other.id, command)).toMatchObject({ state: 'sent' })
    expect(scene.heard.answered).toEqual([])
  })

  test('to a command that was never told is passed over', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first, second = ''] = await scene.queue(id, 'One', 'Two')
    expect(await told(device, done(second))).toBe(first)
    expect(await stored(id, second)).toMatchObject({ state: 'queued' })
  })

  test('over several connections at once is heard once, and the device goes on with the next command', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second] = await scene.queue(id, 'One', 'Two')
    await told(device, idle)
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => told(device, done(first))))
    expect(new Set(answers)).toEqual(new Set([second]))
    expect(scene.heard.answered).toHaveLength(1)
  })

  test('and a question at the same time, over several connections, lose no command and tell none that was answered', async () => {
    const { device, id } = await scene.enrolledDevice()
    const ids = await scene.queue(id, 'One', 'Two', 'Three', 'Four')
    for (const command of ids) {
      const mixed = [idle, done(command), idle, done(command), idle]
      expect(await told(device, idle)).toBe(command)
      const answers = await Promise.all(mixed.map((message) => told(device, message)))
      const next = ids[ids.indexOf(command) + 1] ?? null
      expect(answers.filter((each) => each !== command && each !== next)).toEqual([])
      expect(await stored(id, command)).toMatchObject({ state: 'done', payload: null })
    }
    expect(await told(device, idle)).toBeNull()
    expect(await wakeIn(id)).toBeNull()
  })

  test('is stored with what listeners did or not at all', async () => {
    await using broken = await createDeviceScene([
      {
        answered: async () => {
          throw new Error('The listener failed')
        },
      },
    ])
    const device = await broken.newDevice()
    await broken.authenticate(device)
    await broken.tokenUpdate(device)
    const asked = toldIn(await broken.report(device, idle))
    await expect(broken.report(device, done(asked?.id ?? ''))).rejects.toThrow('The listener failed')
    expect(await broken.rows(sql`SELECT state FROM commands`)).toEqual([{ state: 'sent' }])
  })
})

describe('the device is woken', () => {
  test('at once when something is queued', async () => {
    const { id } = await scene.enrolledDevice()
    expect(await wakeIn(id)).toBeNull()
    await scene.queue(id, 'One')
    expect(await wakeIn(id)).toBe(0)
  })

  test('not again within two seconds, however much is queued', async () => {
    const { id } = await scene.enrolledDevice()
    await woken(id, 3)
    await scene.queue(id, 'One', 'Two')
    expect(await wakeIn(id)).toBe(2 / 60)
  })

  test('no more once nothing waits', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = ''] = await scene.queue(id, 'One')
    await told(device, idle)
    await told(device, done(first))
    expect(await wakeIn(id)).toBeNull()
  })

  test('five minutes after it put something off and acknowledged another command, then later and later', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second = ''] = await scene.queue(id, 'One', 'Two')
    await told(device, idle)
    await told(device, { Status: 'NotNow', CommandUUID: first })
    await told(device, done(second))
    expect(await wakeIn(id)).toBe(5)
    await woken(id, 2)
    await told(device, done(second))
    expect(await wakeIn(id)).toBe(20)
  })

  test('by the count that begins anew with what was queued because of its answer', async () => {
    await using scene = await createDeviceScene([
      {
        answered: async (tx, { enrollment, command, at }) => {
          if (command.requestType !== 'One') return
          const next = {
            id: randomUUID(),
            requestType: 'Two',
            purpose: 'managed_apps',
            parameters: {},
          } as const
          await mdmChannel.queue(tx, [{ ...next, enrollmentId: enrollment.id }], at)
        },
      },
    ])
    const { device, id } = await scene.enrolledDevice()
    const [first = ''] = await scene.queue(id, 'One')
    await scene.report(device, idle)
    await scene.rows(sql`UPDATE enrollments SET wake_attempts = 4 WHERE id = ${id}`)
    await scene.report(device, done(first))
    const attempts = sql`SELECT wake_attempts AS attempts FROM enrollments WHERE id = ${id}`
    expect(await scene.rows(attempts)).toEqual([{ attempts: 0 }])
  })

  test('a day after its last word was NotNow', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = ''] = await scene.queue(id, 'One')
    await told(device, idle)
    await told(device, { Status: 'NotNow', CommandUUID: first })
    expect(await wakeIn(id)).toBe(24 * 60)
  })

  test('a quarter of an hour after it fell silent in the middle', async () => {
    const { device, id } = await scene.enrolledDevice()
    await scene.queue(id, 'One')
    await told(device, idle)
    expect(await wakeIn(id)).toBe(15)
  })
})

test('a command that was not told yet can be taken back; one that was told stays', async () => {
  const { device, id } = await scene.enrolledDevice()
  const [first = '', second = ''] = await scene.queue(id, 'One', 'Two')
  await told(device, idle)
  const both = [first, second].map((command) => ({ enrollmentId: id, id: command }))
  await inTransaction(scene.database.kysely, (tx) => mdmChannel.withdraw(tx, both))
  expect(await stored(id, second)).toMatchObject({ state: 'void', payload: null })
  expect(await told(device, done(first))).toBeNull()
  expect(scene.heard.answered.map(({ command }) => command.id)).toEqual([first])
})

test('many commands for many devices are stored in their order; those that have left are passed over', async () => {
  const here = await scene.enrolledDevice()
  const gone = await scene.enrolledDevice()
  await scene.checkIn(gone.device, { MessageType: 'CheckOut' })
  const commands = Array.from({ length: 2500 }, (_, index) => ({
    enrollmentId: index % 2 === 0 ? here.id : gone.id,
    id: randomUUID(),
    requestType: `Type${index}`,
    purpose: 'install' as const,
    parameters: {},
  }))
  await inTransaction(scene.database.kysely, async (tx) => {
    await mdmChannel.queue(tx, commands, scene.clock.now())
    await mdmChannel.queue(tx, commands.slice(0, 10), scene.clock.now())
  })
  const rows = await scene.rows<{ request_type: string }>(sql`SELECT request_type FROM commands
    WHERE enrollment_id = ${here.id} AND state = 'queued' ORDER BY seq`)
  const expected = commands.filter(({ enrollmentId }) => enrollmentId === here.id)
  expect(rows.map((row) => row.request_type)).toEqual(expected.map(({ requestType }) => requestType))
  expect(
    await scene.rows(sql`SELECT 1 FROM commands WHERE enrollment_id = ${gone.id} AND state <> 'done'`),
  ).toEqual([])
})

describe('what a device says costs few statements:', () => {
  test('one when it asks and nothing waits, and one more when it was not heard of for five minutes', async () => {
    const { device, id } = await scene.enrolledDevice()
    expect(await countStatements(() => scene.report(device, idle))).toBe(1)
    await scene.clock.advance(6 * minute)
    expect(await countStatements(() => scene.report(device, idle))).toBe(2)
    const [row] = await scene.rows<{ last_seen_at: Date }>(
      sql`SELECT last_seen_at FROM enrollments WHERE id = ${id}`,
    )
    expect(row?.last_seen_at).toEqual(scene.clock.now())
  })

  test('two when it is given a command, and five when it answers it, with BEGIN and COMMIT', async () => {
    const { device, id } = await scene.enrolledDevice()
    const [first = '', second = ''] = await scene.queue(id, 'One', 'Two')
    expect(await countStatements(() => scene.report(device, idle))).toBe(2)
    expect(await countStatements(() => scene.report(device, done(first)))).toBe(5)
    expect(await countStatements(() => scene.report(device, { Status: 'NotNow', CommandUUID: second }))).toBe(
      5,
    )
  })
})
