/** Opens a profile as a device does: checks who signed it, with another library, and reads the property list in it. */
import { createHash, verify, X509Certificate } from 'node:crypto'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { readPlistDict } from '@apportion/apple-wire/plist'
import { dictField, listField, textField } from '@apportion/apple-wire/plist-fields'
import forge from 'node-forge'
import { derOf, oid } from './test-identities.ts'
import { binaryOf, children, part } from './test-scep.ts'

export interface OpenedProfile {
  readonly profile: PlistDict
  readonly signer: X509Certificate
  /** The certificates that came along beside the signer's. */
  readonly chain: readonly X509Certificate[]
}

export function openSignedProfile(bytes: Uint8Array): OpenedProfile {
  const data = part(forge.asn1.fromDer(Buffer.from(bytes).toString('binary')), 1, 0)
  const content = Buffer.from(binaryOf(part(data, 2, 1, 0)), 'binary')
  const [signer, ...chain] = children(part(data, 3)).map((each) => new X509Certificate(derOf(each)))
  if (signer === undefined) throw new Error('The profile carries no certificate')
  const info = part(data, 4, 0)
  const signed = derOf(part(info, 3))
  signed[0] = 0x31
  const isSigned = verify('sha256', signed, signer.publicKey, Buffer.from(binaryOf(part(info, 5)), 'binary'))
  const digest = children(part(info, 3)).find(
    (each) => forge.asn1.derToOid(binaryOf(part(each, 0))) === oid('messageDigest'),
  )
  const told = digest === undefined ? '' : binaryOf(part(digest, 1, 0))
  const isWhole = Buffer.from(told, 'binary').equals(createHash('sha256').update(content).digest())
  if (!isSigned || !isWhole) throw new Error('The profile is not what was signed')
  return { profile: readPlistDict(content), signer, chain }
}

/** The payload of this type in a profile. */
export function payloadOf(profile: PlistDict, type: string): PlistDict {
  for (const each of listField(profile, 'PayloadContent') ?? []) {
    const payload = dictField({ each }, 'each')
    if (payload !== undefined && textField(payload, 'PayloadType') === type) return payload
  }
  throw new Error(`The profile has no payload ${type}`)
}

/** The secret with which the device asks for its identity. */
export function challengeIn(profile: PlistDict): string {
  const settings = dictField(payloadOf(profile, 'com.apple.security.scep'), 'PayloadContent')
  const challenge = settings === undefined ? undefined : textField(settings, 'Challenge')
  if (challenge === undefined) throw new Error('The profile has no challenge')
  return challenge
}
