/** Signs profiles, so that a device shows who made them and replaces them by those of the same signer alone. */
import type { X509Certificate } from 'node:crypto'
import { authoritiesOf } from './authorities.ts'
import { type Authorities, type AuthorityReadPorts, profileSignerOf } from './authority.ts'
import { makeSignedData } from './cms-write.ts'

/**
 * The profile as a signed message that carries it (CMS, DER), with the chain. `since` is the moment of the profile that it
 * replaces: the signer of then signs again, as long as its certificate lasts; else the present one of `authorities`.
 */
export async function signProfile(
  ports: AuthorityReadPorts,
  profile: string,
  { since, authorities }: { readonly since: Date; readonly authorities: Authorities },
): Promise<Buffer> {
  const signer = (await profileSignerOf(ports, since)) ?? authorities.profiles
  const issuers = await authoritiesOf(ports.db, ports.clock.now())
  const issuer = issuers.find((each) => isIssuer(each, signer.certificate))
  return makeSignedData({
    content: Buffer.from(profile),
    signer,
    chain: issuer === undefined ? [] : [issuer],
  })
}

const isIssuer = (authority: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
