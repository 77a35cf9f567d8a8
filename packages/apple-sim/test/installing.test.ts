import { expect, test } from 'vitest'
import { startControlPlane } from '../src/control-plane.ts'
import type { KnobChoices } from '../src/knobs.ts'
import { scene } from './support/scene.ts'

const APP = '900001'
const DAY = 24 * 3_600_000
const assets = [{ adamId: APP }]

async function deviceScene(knobs: KnobChoices = {}) {
  const at = await scene(knobs)
  at.location.own({ adamId: APP, total: 10 })
  const asks = (serialNumber: string) => at.world.canInstall({ serialNumber }, APP)
  return { ...at, asks }
}

test('C42 between COMPLETE and visibility a device hears 9610; after the delay it installs', async () => {
  await using at = await deviceScene({ storeVisibilityMs: 30_000 })
  expect(at.asks('D1')).toBe('no-license')
  const { body } = await at.post('/assets/associate', { assets, serialNumbers: ['D1'] })
  expect(at.asks('D1')).toBe('no-license')
  at.clock.advance(1000)
  await at.world.drain()
  expect((await at.get(`/status?eventId=${body.eventId}`)).body.eventStatus).toBe('COMPLETE')
  expect(at.asks('D1')).toBe('not-yet-visible')
  at.clock.advance(29_999)
  expect(at.asks('D1')).toBe('not-yet-visible')
  at.clock.advance(1)
  expect(at.asks('D1')).toBe('visible')
  expect(at.asks('D2')).toBe('no-license')
})

test('C42 the delay counts from COMPLETE of the whole event, not from the first of its tasks', async () => {
  await using at = await deviceScene({
    storeVisibilityMs: 1000,
    notificationElements: 1,
    processing: { minMs: 10_000, maxMs: 10_000 },
  })
  await at.post('/assets/associate', { assets, serialNumbers: ['D1', 'D2'] })
  at.clock.advance(9000)
  expect([at.location.heldCount, at.asks('D1')]).toEqual([1, 'not-yet-visible'])
  at.clock.advance(1999)
  expect(at.asks('D1')).toBe('not-yet-visible')
  at.clock.advance(1)
  expect([at.asks('D1'), at.asks('D2')]).toEqual(['visible', 'visible'])
})

test('C42 giving a license again makes nobody wait who has it', async () => {
  await using at = await deviceScene({ storeVisibilityMs: 30_000 })
  await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
  at.clock.advance(30_000)
  await at.post('/assets/associate', { assets, serialNumbers: ['D1'] })
  at.clock.advance(1000)
  expect(at.asks('D1')).toBe('visible')
})

test('C42 without the delay a license is visible as soon as it is given', async () => {
  await using at = await deviceScene()
  await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
  expect(at.asks('D1')).toBe('visible')
})

test('C42 an app is unusable 30 days after its license is gone, and usable again with a new one', async () => {
  await using at = await deviceScene()
  await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
  await at.carryOut('/assets/disassociate', { assets, serialNumbers: ['D1'] })
  expect(at.asks('D1')).toBe('no-license')
  at.clock.advance(30 * DAY - 1000)
  expect(at.asks('D1')).toBe('no-license')
  at.clock.advance(1000)
  expect([at.asks('D1'), at.asks('never had one')]).toEqual(['expired-30-days', 'no-license'])
  await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
  expect(at.asks('D1')).toBe('visible')
})

test('C42 a user license is found by the account that is signed in, and ends when the user retires', async () => {
  await using at = await deviceScene()
  at.location.addUser({ clientUserId: 'u1' })
  await at.carryOut('/assets/associate', { assets, clientUserIds: ['u1'] })
  at.location.acceptInvitation('u1')
  const idHash = (await at.get('/users')).body.users?.[0]?.idHash ?? 'none'
  const asks = () => at.world.canInstall({ serialNumber: 'D1', idHash }, APP)
  expect([asks(), at.world.canInstall({ serialNumber: 'D1' }, APP)]).toEqual(['visible', 'no-license'])
  at.location.retireUser('u1')
  expect(asks()).toBe('no-license')
  at.clock.advance(30 * DAY)
  expect(asks()).toBe('expired-30-days')
})

test('Q14 a user license serves five devices, or as many as the knob says', async () => {
  for (const [knobs, most] of [
    [{}, 5],
    [{ devicesPerUserLicense: 2 }, 2],
    [{ devicesPerUserLicense: Number.POSITIVE_INFINITY }, 9],
  ] as const) {
    await using at = await deviceScene(knobs)
    at.location.addUser({ clientUserId: 'u1', managedAppleId: 'u1@school.example' })
    at.location.assignOutside(APP, { clientUserIds: ['u1'] })
    const idHash = (await at.get('/users')).body.users?.[0]?.idHash ?? 'none'
    const answers = Array.from({ length: 9 }, (_, index) =>
      at.world.canInstall({ serialNumber: `D${index}`, idHash }, APP),
    )
    expect(answers.filter((answer) => answer === 'visible')).toHaveLength(most)
    expect(answers.filter((answer) => answer === 'too-many-devices')).toHaveLength(9 - most)
    expect(at.world.canInstall({ serialNumber: 'D0', idHash }, APP)).toBe('visible')
  }
})

test('C42 a device simulator in another process asks the control port', async () => {
  await using at = await deviceScene()
  at.location.assignOutside(APP, { serialNumbers: ['D1'] })
  await using control = await startControlPlane(at.apple, 0)
  const asks = async (serialNumber: string): Promise<unknown> => {
    const body = JSON.stringify({ adamId: APP, serialNumber })
    return (await fetch(`${control.origin}/can-install`, { method: 'POST', body })).json()
  }
  expect([await asks('D1'), await asks('D2')]).toEqual([{ answer: 'visible' }, { answer: 'no-license' }])
})
