import type { PlistDict } from '@apportion/apple-wire/plist'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { nanoChannel } from '@apportion/server/nanomdm/channel'
import { createDeviceScene, toldIn } from '../support/device-scene.ts'
import { createNanoScene } from '../support/nano-scene.ts'
import { type ChannelWorld, type ContractDevice, describeChannel } from './channel-contract.ts'

interface Told {
  readonly id: string
  readonly requestType: string
}

/** A device that says something and hears what to do next. */
function talking(
  enrollmentId: number,
  ask: (message: PlistDict) => Promise<Told | null>,
  leaves: () => Promise<void>,
): ContractDevice {
  let last: PlistDict = { Status: 'Idle' }
  return {
    enrollmentId,
    async comesBy() {
      const kinds: string[] = []
      for (let told = await ask({ Status: 'Idle' }); told !== null; ) {
        kinds.push(told.requestType)
        last = { Status: 'Acknowledged', CommandUUID: told.id }
        told = await ask(last)
      }
      return kinds
    },
    async putsOff() {
      let told = await ask({ Status: 'Idle' })
      while (told !== null) told = await ask({ Status: 'NotNow', CommandUUID: told.id })
    },
    async repeats() {
      await ask(last)
    },
    leaves,
  }
}

describeChannel('to our own port', async (): Promise<ChannelWorld> => {
  const scene = await createDeviceScene()
  const gone = new Set<number>()
  return {
    db: scene.database.kysely,
    channel: mdmChannel,
    now: () => scene.clock.now(),
    answers: () => scene.heard.answered,
    async enroll() {
      const { device, id } = await scene.enrolledDevice()
      const ask = async (message: PlistDict) =>
        gone.has(id) ? null : toldIn(await scene.report(device, message))
      return talking(id, ask, async () => {
        await scene.checkIn(device, { MessageType: 'CheckOut' })
        gone.add(id)
      })
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  }
})

describeChannel('to NanoMDM', async (): Promise<ChannelWorld> => {
  const scene = await createNanoScene()
  return {
    db: scene.db,
    channel: nanoChannel,
    now: () => scene.clock.now(),
    answers: () => scene.heard.answered,
    async enroll() {
      const { device, id } = await scene.enrolledDevice()
      const ask = async (message: PlistDict) => {
        await scene.send()
        const told = device.report(message)
        await scene.peer.posted()
        return told
      }
      return talking(id, ask, async () => {
        device.checkOut()
        await scene.peer.posted()
      })
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  }
})
