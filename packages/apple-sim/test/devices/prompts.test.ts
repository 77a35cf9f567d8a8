import { describe, expect, test } from 'vitest'
import { APP, deviceScene } from '../support/device-scene.ts'

type Scene = Awaited<ReturnType<typeof deviceScene>>

/** Who is asked what: Apple's table. `account` has a license of a person, `device` one of its own. */
const prompted: [
  kind: 'byod' | 'corporate' | 'supervised' | 'kiosk' | 'user_enrollment',
  license: 'device' | 'account',
  shown: { join: number; install: number; signIn: number },
][] = [
  ['byod', 'account', { join: 1, install: 1, signIn: 1 }],
  ['corporate', 'account', { join: 1, install: 1, signIn: 1 }],
  ['supervised', 'account', { join: 1, install: 0, signIn: 1 }],
  ['byod', 'device', { join: 0, install: 1, signIn: 0 }],
  ['corporate', 'device', { join: 0, install: 1, signIn: 0 }],
  ['supervised', 'device', { join: 0, install: 0, signIn: 0 }],
  ['kiosk', 'device', { join: 0, install: 0, signIn: 0 }],
  ['user_enrollment', 'account', { join: 0, install: 1, signIn: 0 }],
]

describe('S17 the person sees', () => {
  for (const [kind, license, shown] of prompted) {
    const { join, install, signIn } = shown
    test(`on ${kind} with a license of the ${license}: ${join} invitations, ${install} installs, ${signIn} passwords`, async () => {
      await using at = await deviceScene()
      const device = await at.enrolled({ kind })
      if (license === 'device') at.giveDevice(device)
      else await giveToPerson(at, device)
      await at.install(device)
      await at.devices.pass(300_000)
      expect(await at.stateOf(device)).toBe('Managed')
      expect(device.person.promptsShown).toMatchObject({ join_program: join, install, sign_in: signIn })
    })
  }
})

/** A person of the directory who joins by the invitation on the device, or whose account is the organization's. */
async function giveToPerson(at: Scene, device: Parameters<Scene['tell']>[0]): Promise<void> {
  if (device.identity.kind === 'user_enrollment') {
    at.location.addUser({ clientUserId: 'kim', managedAppleId: 'kim@harbor.example' })
  } else {
    at.location.addUser({ clientUserId: 'kim' })
    const inviteCode = (await at.get('/users')).body.users?.[0]?.inviteCode ?? ''
    const page = `${at.apple.origin}/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount`
    const answer = await at.tell(device, {
      RequestType: 'InviteToProgram',
      ProgramID: 'com.apple.cloudvpp',
      InvitationURL: `${page}?inviteCode=${inviteCode}`,
    })
    expect(answer.InvitationResult).toBe('Acknowledged')
    await at.devices.pass(60_000)
  }
  at.location.assignOutside(String(APP), { clientUserIds: ['kim'] })
}

test('S17 on a kiosk nobody gives a password: the app stays where it is', async () => {
  await using at = await deviceScene()
  const device = await at.enrolled({ kind: 'kiosk' })
  at.giveAccount('sam@accounts.example')
  device.signIn('sam@accounts.example')
  device.signOut()
  await at.install(device)
  await at.devices.pass(24 * 3_600_000)
  expect(await at.stateOf(device)).toBe('PromptingForLogin')
  expect(device.person.answer('sign_in', 'accept')).toBe(1)
  await at.devices.pass(120_000)
  expect(await at.stateOf(device)).toBe('Managed')
})
