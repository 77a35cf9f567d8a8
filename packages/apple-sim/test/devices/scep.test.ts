import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { deviceScene } from '../support/device-scene.ts'
import { failure } from '../support/enrollment-failure.ts'
import type { ProfileWish } from '../support/mdm-peer.ts'
import { certificateDer } from '../support/mdm-peer-crypto.ts'

describe('S3 a device gets its identity by SCEP', () => {
  test('with a transaction named by its public key', async () => {
    await using at = await deviceScene()
    await at.enrolled({ kind: 'corporate' })
    const [request] = at.peer.scepRequests
    expect(request?.transactionId).toBe(request?.publicKeySha1)
    expect(request?.messageType).toBe('19')
  })

  test('by GET where the server takes no POST', async () => {
    await using at = await deviceScene()
    at.peer.scepCapabilities = 'SHA-256\nAES\n'
    await at.enrolled({ kind: 'corporate' })
    expect(at.peer.complaints).toEqual([])
  })

  const refused: [
    why: string,
    prepare: (at: Awaited<ReturnType<typeof deviceScene>>) => ProfileWish,
    number: number,
  ][] = [
    [
      'a server that names no digest',
      ({ peer }) => {
        peer.scepCapabilities = 'AES\n'
        return {}
      },
      22006,
    ],
    [
      'another authority than that of the fingerprint',
      () => ({ scep: { CAFingerprint: new Uint8Array(20) } }),
      22002,
    ],
    [
      'an answer that somebody else signed',
      ({ peer }) => {
        peer.scepAnswers.push({ status: 'success', signer: peer.stranger })
        return {}
      },
      22009,
    ],
    [
      'an answer with another nonce',
      ({ peer }) => {
        peer.scepAnswers.push({ status: 'success', wrongNonce: true })
        return {}
      },
      22010,
    ],
    [
      'an answer that stays pending',
      ({ peer }) => {
        for (let times = 0; times < 4; times += 1) peer.scepAnswers.push({ status: 'pending' })
        return {}
      },
      22013,
    ],
  ]
  for (const [why, prepare, number] of refused) {
    test(`and refuses ${why}`, async () => {
      await using at = await deviceScene()
      const device = at.devices.add({ kind: 'corporate' })
      const profile = at.peer.profile(prepare(at))
      expect(await failure(device.install(Buffer.from(profile)))).toEqual(['identity', number])
      expect(device.isEnrolled).toBe(false)
    })
  }

  test('and asks again, as often as the profile says, while the answer is pending', async () => {
    await using at = await deviceScene()
    at.peer.scepAnswers.push({ status: 'pending' }, { status: 'pending' })
    await at.enrolled({ kind: 'corporate' }, { scep: { Retries: 2 } })
    expect(at.peer.scepRequests.map(({ messageType }) => messageType)).toEqual(['19', '20', '20'])
  })

  test('and knows its authority by the fingerprint', async () => {
    await using at = await deviceScene()
    const digest = createHash('sha256').update(certificateDer(at.peer.authority)).digest()
    await at.enrolled({ kind: 'corporate' }, { scep: { CAFingerprint: new Uint8Array(digest) } })
    expect(at.peer.complaints).toEqual([])
  })
})
