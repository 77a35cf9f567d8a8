/** Signs profiles, so that a device shows who made them and replaces them by those of the same signer alone. */
import type { X509Certificate } from 'node:crypto'
import { authoritiesOf } from './authorities.ts'
import { type AuthorityPorts, currentAuthorities, profileSignerOf } from './authority.ts'
import { makeSignedData } from './cms-write.ts'

/**
 * The profile as a signed message that carries it (CMS, DER), with the chain. `since` is the moment of the profile that it
 * replaces: the signer of then signs again, as long as its certificate lasts.
 */
export async function signProfile(ports: AuthorityPorts, profile: string, since: Date): Promise<Buffer> {
  // Made when it is needed first; later it is there.
  const current = await currentAuthorities(ports)
  const signer = (await profileSignerOf(ports, since)) ?? current.profiles
  const authorities = await authoritiesOf(ports.db, ports.clock.now())
  const issuer = authorities.find((each) => isIssuer(each, signer.certificate))
  return makeSignedData({
    content: Buffer.from(profile),
    signer,
    chain: issuer === undefined ? [] : [issuer],
  })
}

const isIssuer = (authority: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
