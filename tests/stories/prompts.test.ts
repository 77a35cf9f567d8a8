/**
 * What people are asked (A5): each row of the published table is played by a simulated device, which sees exactly the
 * questions that the plan told beforehand.
 */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import type { DeviceKind } from '@apportion/apple-sim/devices/device-identity'
import type { EnrolmentKind, LicenseType } from '@apportion/core/assignments/license-rule'
import { type Prompt, promptScenarios } from '@apportion/core/assignments/prompts'
import { expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

const adamId = '900001'
const bundleId = 'example.reader'
const person = 'mei@school.example'

/** The device of each kind of enrollment; the others cannot be had by a profile that a person installs. */
const deviceOf: Partial<Record<EnrolmentKind, DeviceKind>> = {
  byod: 'byod',
  corporate_unsupervised: 'corporate',
  corporate_supervised: 'supervised',
  kiosk: 'kiosk',
}

const published = promptScenarios.filter((row) => row.published)

test('the published table has eight rows', () => {
  expect(published).toHaveLength(8)
})

test.each(published.map((row) => [row.id, row] as const))(
  '%s',
  async (_id, { enrolment, license, experience }) => {
    await using story = await begin()
    const device = await enrolled(story, enrolment)
    const plan = await planned(story, license)
    if (!experience.installable) {
      expect(plan.outcome.cannot.byReason).toMatchObject({ [experience.reason]: 1 })
      await story.admin.apply(plan.id)
      await rest(story)
      expect([device.app(bundleId), asked(device)]).toEqual([undefined, []])
      return
    }
    const [told] = plan.outcome.prompts.filter((row) => row.devices > 0)
    await story.admin.apply(plan.id)
    await rest(story)
    expect(device.app(bundleId)).toMatchObject({ installed: true, managed: true, license })
    expect(asked(device)).toEqual([...experience.prompts])
    expect(told?.prompts ?? []).toEqual([...experience.prompts])
  },
)

async function begin(): Promise<Story> {
  const story = await startStory({
    devices: {},
    apple: { clock: manualClock(Date.parse('2026-11-02T09:00:00Z')) },
  })
  const { apple, admin, fleet } = story
  apple.world.addTitle({ adamId, name: 'Reader', kind: 'iosSoftware', publisher: 'Harbor', bundleId })
  const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId, total: 3 })
  await admin.addToken(location.mintToken().file)
  await story.settle()
  await fleet.certify()
  await admin.importCsv('users', `user_name,name\n${person},Mei Jansen\n`)
  return story
}

/** The person's device of this kind; nobody is signed in to the store on it. */
async function enrolled(story: Story, enrolment: EnrolmentKind): Promise<SimulatedDevice> {
  const kind = deviceOf[enrolment]
  if (kind === undefined) throw new Error(`No device is enrolled as ${enrolment}`)
  const ownership = enrolment === 'byod' ? 'personal' : 'corporate'
  const address = await story.fleet.link({ ownership, userName: person })
  const device = await story.fleet.enroll({ kind }, address)
  if (kind === 'kiosk') {
    const body = { serialNumber: device.identity.serialNumber, kiosk: true }
    unwrap(await story.admin.api.POST('/api/v1/devices', { body }))
  } else {
    device.signIn('mei.private@mail.example')
    device.signOut()
  }
  await story.pass({ seconds: 2 })
  return device
}

async function planned({ admin }: Story, licenseType: LicenseType) {
  const [{ id: assetId }, groupId] = [await admin.asset(adamId), await admin.groupId('All devices')]
  const wanted = [{ groupId, mode: 'include' as const, intent: 'required' as const, licenseType }]
  return unwrap(await admin.api.POST('/api/v1/plans', { body: { assetId, wanted } }))
}

/** Everything that can happen within an hour. */
async function rest(story: Story): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await story.settle()
    for (let step = 0; step < 5; step += 1) await story.pass({ minutes: 1 })
  }
}

/** What the device asked its person, once or more, in the order of the table. */
function asked({ person: { promptsShown } }: SimulatedDevice): readonly Prompt[] {
  const shown: readonly (readonly [Prompt, number])[] = [
    ['join-program', promptsShown.join_program],
    ['confirm-install', promptsShown.install + promptsShown.management],
    ['sign-in', promptsShown.sign_in],
  ]
  expect(promptsShown.update).toBe(0)
  return shown.flatMap(([prompt, times]) => (times > 0 ? [prompt] : []))
}
