/** What every way to reach devices does, whichever it is (D1). */
import { randomUUID } from 'node:crypto'
import type { CommandAnswer, DeviceChannel, NewCommand } from '@apportion/server/devices/channel'
import type { Db } from '@apportion/server/platform/db/database'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A device under management. */
export interface ContractDevice {
  readonly enrollmentId: number
  /** Is woken if it is to be, asks, and does all that it is told; gives the kinds of the commands. */
  comesBy(): Promise<readonly string[]>
  /** Comes by and puts everything off. */
  putsOff(): Promise<void>
  /** Sends its last answer again. */
  repeats(): Promise<void>
  leaves(): Promise<void>
}

/** A channel with devices behind it. */
export interface ChannelWorld extends AsyncDisposable {
  readonly db: Db
  readonly channel: DeviceChannel
  now(): Date
  /** A device that has answered all that it was asked. */
  enroll(): Promise<ContractDevice>
  /** Answers that listeners heard since the last device enrolled. */
  answers(): readonly CommandAnswer[]
}

/** Declares the suite for one channel. */
export function describeChannel(name: string, open: () => Promise<ChannelWorld>): void {
  describe(`the channel ${name}`, () => {
    let world: ChannelWorld
    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const commandFor = ({ enrollmentId }: ContractDevice, requestType: string): NewCommand => ({
      enrollmentId,
      id: randomUUID(),
      requestType,
      purpose: 'install',
      subject: { adamId: '1' },
      parameters: { Word: requestType },
    })
    const queue = (commands: readonly NewCommand[]) =>
      inTransaction(world.db, (tx) => world.channel.queue(tx, commands, world.now()))
    const withdraw = (commands: readonly NewCommand[]) =>
      inTransaction(world.db, (tx) => world.channel.withdraw(tx, commands))

    test('tells a device what is queued, in its order', async () => {
      const device = await world.enroll()
      await queue(['One', 'Two'].map((kind) => commandFor(device, kind)))
      await queue([commandFor(device, 'Three')])
      expect(await device.comesBy()).toEqual(['One', 'Two', 'Three'])
      expect(await device.comesBy()).toEqual([])
    })

    test('keeps the devices apart', async () => {
      const [one, other] = [await world.enroll(), await world.enroll()]
      await queue([commandFor(one, 'Mine'), commandFor(other, 'Yours')])
      expect(await other.comesBy()).toEqual(['Yours'])
      expect(await one.comesBy()).toEqual(['Mine'])
    })

    test('changes nothing when a command is queued that it knows, before it was told and after', async () => {
      const device = await world.enroll()
      const command = commandFor(device, 'One')
      await queue([command])
      await queue([command, { ...command, requestType: 'Other' }])
      expect(await device.comesBy()).toEqual(['One'])
      await queue([command])
      expect(await device.comesBy()).toEqual([])
    })

    test('passes over a device that has left', async () => {
      const [gone, here] = [await world.enroll(), await world.enroll()]
      await gone.leaves()
      await queue([commandFor(gone, 'Late'), commandFor(here, 'One')])
      expect(await gone.comesBy()).toEqual([])
      expect(await here.comesBy()).toEqual(['One'])
    })

    test('takes back what was not told, and nothing else', async () => {
      const device = await world.enroll()
      const [first, second, third] = ['One', 'Two', 'Three'].map((kind) => commandFor(device, kind))
      if (!first || !second || !third) throw new Error('There are three')
      await queue([first, second, third])
      await withdraw([second])
      expect(await device.comesBy()).toEqual(['One', 'Three'])
      await withdraw([first, second])
      expect(world.answers().map(({ command }) => command.id)).toEqual([first.id, third.id])
    })

    test('tells again what a device put off', async () => {
      const device = await world.enroll()
      await queue([commandFor(device, 'One')])
      await device.putsOff()
      expect(world.answers()).toEqual([])
      expect(await device.comesBy()).toEqual(['One'])
    })

    test('has each answer heard once, with what was asked', async () => {
      const device = await world.enroll()
      const command = commandFor(device, 'One')
      await queue([command])
      await device.comesBy()
      await device.repeats()
      const { id, requestType, purpose, subject } = command
      expect(world.answers().map((answer) => [answer.command, answer.status, answer.enrollment.id])).toEqual([
        [{ id, requestType, purpose, subject }, 'Acknowledged', device.enrollmentId],
      ])
    })

    test('stores nothing when the transaction that queues it fails', async () => {
      const device = await world.enroll()
      const failing = inTransaction(world.db, async (tx) => {
        await world.channel.queue(tx, [commandFor(device, 'One')], world.now())
        throw new Error('Something else failed')
      })
      await expect(failing).rejects.toThrow('Something else failed')
      expect(await device.comesBy()).toEqual([])
    })
  })
}
