import { describe, expect, test } from 'vitest'
import { deviceScene } from '../support/device-scene.ts'
import { type ProfileWish, TOPIC } from '../support/mdm-peer.ts'

const types = (messages: readonly { readonly MessageType?: unknown }[]) =>
  messages.map(({ MessageType }) => MessageType)

describe('S25 a newer profile', () => {
  async function renewed(wish: ProfileWish = {}, bytes?: (profile: string) => Buffer) {
    const at = await deviceScene()
    const device = await at.enrolled({ kind: 'corporate' })
    const before = device.certificate
    const text = at.peer.profile(wish)
    const payload = new Uint8Array(bytes?.(text) ?? Buffer.from(text))
    const answer = await at.tell(device, { RequestType: 'InstallProfile', Payload: payload })
    return { at, device, before, answer }
  }

  test('gives a new identity to the same enrollment; the old one is used no more', async () => {
    const { at, device, before, answer } = await renewed({ mdm: { AccessRights: 4115 } })
    await using _ = at
    expect(answer.Status).toBe('Acknowledged')
    expect(types(at.peer.checkIns)).toEqual(['Authenticate', 'TokenUpdate', 'Authenticate', 'TokenUpdate'])
    expect(new Set(at.peer.checkIns.map(({ UDID }) => UDID)).size).toBe(1)
    expect(device.certificate).not.toEqual(before)
    // Authenticate, TokenUpdate, Idle and the command with the old one; everything after with the new one.
    const [first] = at.peer.signers
    const from = at.peer.signers.findIndex((serial) => serial !== first)
    expect(from).toBe(3)
    expect(new Set(at.peer.signers.slice(from)).size).toBe(1)
  })

  const refused: [why: string, wish: ProfileWish, number: number][] = [
    ['another address', { mdm: { ServerURL: 'https://elsewhere.example/mdm' } }, 12012],
    ['another topic', { mdm: { Topic: `${TOPIC}-new` } }, 12012],
    ['a right more', { mdm: { AccessRights: 8191 } }, 12012],
    ['another identifier', { top: { PayloadIdentifier: 'example.other' } }, 12001],
  ]
  for (const [why, wish, number] of refused) {
    test(`is refused with ${why}`, async () => {
      const { at, device, before, answer } = await renewed(wish)
      await using _ = at
      expect(answer.Status).toBe('Error')
      expect(answer.ErrorChain).toMatchObject([{ ErrorCode: number }])
      expect(device.certificate).toEqual(before)
    })
  }

  test('is refused when somebody else signed it', async () => {
    await using at = await deviceScene()
    const device = at.devices.add({ kind: 'corporate' })
    await device.install(at.peer.signed(at.peer.profile()))
    const payload = new Uint8Array(at.peer.signed(at.peer.profile(), at.peer.stranger))
    const answer = await at.tell(device, { RequestType: 'InstallProfile', Payload: payload })
    expect(answer.ErrorChain).toMatchObject([{ ErrorCode: 12009 }])
    const good = new Uint8Array(at.peer.signed(at.peer.profile()))
    expect((await at.tell(device, { RequestType: 'InstallProfile', Payload: good })).Status).toBe(
      'Acknowledged',
    )
  })
})
