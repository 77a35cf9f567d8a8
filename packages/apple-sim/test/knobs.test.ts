import { expect, test } from 'vitest'
import { startControlPlane } from '../src/control-plane.ts'
import { scene } from './support/scene.ts'

/** Turns knobs at the control port. */
async function knobScene() {
  const at = await scene()
  const control = await startControlPlane(at.apple, 0)
  const turn = async (knobs: object) => {
    const response = await fetch(`${control.origin}/knobs`, { method: 'POST', body: JSON.stringify(knobs) })
    const { error }: { error?: string } = JSON.parse(await response.text())
    return { status: response.status, error }
  }
  return {
    ...at,
    turn,
    async [Symbol.asyncDispose]() {
      await control[Symbol.asyncDispose]()
      await at.apple.close()
    },
  }
}

test('a value that a knob does not take is refused with the knob and what it takes; nothing is turned', async () => {
  await using at = await knobScene()
  const before = at.world.knobs
  const table: [object, RegExp][] = [
    [{ pagesize: 3 }, /no knob pagesize; known are .*pageSize/],
    [{ shortage: 'half' }, /"shortage" must be one of partial, whole-asset, not "half"/],
    [{ alreadyAssigned: 9619 }, /"alreadyAssigned" must be one of success, 9616, not 9619/],
    [{ pageSize: '3' }, /"pageSize" must be a number, not "3"/],
    [{ probeUnchangedWebhook: 'no' }, /"probeUnchangedWebhook" must be a boolean/],
    [{ removedEndpoints: '/assets' }, /"removedEndpoints" must be a list/],
    [{ notifications: [] }, /"notifications" must be an object/],
    [{ pageSize: 3, shortage: 'half' }, /"shortage"/],
  ]
  for (const [knobs, error] of table) {
    expect(await at.turn(knobs)).toEqual({ status: 400, error: expect.stringMatching(error) })
  }
  expect(at.world.knobs).toEqual(before)
})

test('good values are turned; groups keep what is left out, and null is endless', async () => {
  await using at = await knobScene()
  const turned = {
    shortage: 'whole-asset',
    pageSize: 3,
    devicesPerUserLicense: null,
    metadataIds: { beyond: 'refused' },
    readOnly: { status: 401 },
    notificationSource: '127.0.0.1',
  }
  expect((await at.turn(turned)).status).toBe(200)
  expect(at.world.knobs).toMatchObject({
    ...turned,
    devicesPerUserLicense: Number.POSITIVE_INFINITY,
    metadataIds: { most: 200, beyond: 'refused' },
    readOnly: { status: 401, errorNumber: 9602 },
  })
  await at.turn({ notificationSource: null })
  expect(at.world.knobs.notificationSource).toBeUndefined()
})
