import { expect, test } from 'vitest'
import { type FleetProgress, startDevices } from '../../src/devices/devices.ts'
import { sharedKeys } from '../../src/devices/keys.ts'
import { deviceScene } from '../support/device-scene.ts'

test('a fleet enrolls side by side, with few keys and a certificate each', async () => {
  await using at = await deviceScene()
  await using devices = await startDevices(at.apple, { allowPlainHttp: true, keys: sharedKeys(2), seed: 9 })
  const wishes = Array.from({ length: 24 }, (_, index) => ({
    kind: 'supervised' as const,
    serialNumber: `FLEET${index}`,
  }))
  at.peer.scepAnswers.push({ status: 'failure' })
  const done: FleetProgress[] = []
  for await (const one of devices.enrollFleet(wishes, () => `${at.peer.origin}/profile`, 4)) done.push(one)
  expect(done).toHaveLength(24)
  expect(done.filter(({ error }) => error !== undefined)).toHaveLength(1)
  const enrolled = devices.all.filter(({ isEnrolled }) => isEnrolled)
  expect(enrolled).toHaveLength(23)
  expect(new Set(enrolled.map(({ certificate }) => certificate?.toString('hex'))).size).toBe(23)
  expect(new Set(at.peer.scepRequests.map(({ publicKeySha1 }) => publicKeySha1)).size).toBe(2)
  expect(at.peer.complaints).toEqual([])
})

test('a device opens https only, unless a test allows more', async () => {
  await using at = await deviceScene()
  await using devices = await startDevices(at.apple, { keys: sharedKeys(1) })
  const device = devices.add({ kind: 'corporate' })
  await expect(device.enroll(`${at.peer.origin}/profile`)).rejects.toThrow('does not open')
  await expect(device.install(Buffer.from(at.peer.profile()))).rejects.toThrow('not https')
})
