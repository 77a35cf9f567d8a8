/** By which certificate a device proves who it is: the signature of its message, or what a trusted proxy passes on. */
import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { ProxyTrust } from '../platform/http/proxies.ts'
import { authoritiesOf } from './authorities.ts'
import { verifyClientCertificate } from './client-certificate.ts'
import type { DeviceIdentity } from './identity.ts'
import { type OpenMdmSignature, openMdmSignature } from './mdm-signature.ts'
import { SignatureRefused } from './signature-refused.ts'

/** What proving touches. */
export interface ProofPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly proxies: ProxyTrust
  /** In lower case; null when devices sign. */
  readonly certificateHeader: string | null
  /** Whether a signature may be over a digest of SHA-1. */
  readonly allowSha1: boolean
}

/** Who proves by which certificate what a request is. */
export interface DeviceProof {
  /**
   * The identity that a request claims, with everything looked at that shows before its body is read; `check` then tells
   * whether the body is the one that was meant. @throws SignatureRefused
   */
  open(request: IncomingMessage): Promise<OpenMdmSignature>
}

const signatureHeader = 'mdm-signature'

/** The authorities are read again after this; one that was just made is found at the first certificate of it. */
const readAgainAfter = 60_000
/** Not more often than this, whatever strangers send. */
const readAtMostEvery = 1000

/** Reads the authorities when it needs them, and keeps them for a minute. */
export function createDeviceProof(ports: ProofPorts): DeviceProof {
  const { proxies, certificateHeader, allowSha1 } = ports
  const authorities = createAuthorityCache(ports)
  const passedOn = (request: IncomingMessage) =>
    certificateHeader !== null && proxies.isTrusted(request.socket.remoteAddress)
      ? headerOf(request, certificateHeader)
      : undefined
  return {
    open(request) {
      const now = ports.clock.now()
      const certificate = passedOn(request)
      const header = headerOf(request, signatureHeader)
      return authorities.tryWith((known) =>
        certificate === undefined
          ? openMdmSignature({ header, authorities: known, now, allowSha1 })
          : vouchedFor(verifyClientCertificate({ header: certificate, authorities: known, now })),
      )
    },
  }
}

/** The proxy has seen that the device has the key, and passes its body on as it came. */
const vouchedFor = (identity: DeviceIdentity): OpenMdmSignature => ({
  identity,
  isVerified: true,
  check: () => {},
})

/** One value as a text; several stay several, since none of them counts then. */
function headerOf(request: IncomingMessage, name: string): string | readonly string[] | undefined {
  const values = request.headersDistinct[name]
  return values?.length === 1 ? values[0] : values
}

interface AuthorityCache {
  /** Verifies with the authorities that are known; once more with fresh ones where none of them issued it. */
  tryWith<T>(verify: (authorities: readonly X509Certificate[]) => T): Promise<T>
}

function createAuthorityCache({ db, clock }: Pick<ProofPorts, 'db' | 'clock'>): AuthorityCache {
  let known: { readonly at: number; readonly authorities: Promise<readonly X509Certificate[]> } | undefined
  const read = async (olderThan: number) => {
    const now = clock.now().getTime()
    if (known === undefined || now - known.at >= olderThan || now < known.at) {
      const reading = { at: now, authorities: authoritiesOf(db, clock.now()) }
      known = reading
      // A failure is nobody else's: the next message asks again.
      reading.authorities.catch(() => {
        if (known === reading) known = undefined
      })
    }
    return await known.authorities
  }
  return {
    async tryWith(verify) {
      const authorities = await read(readAgainAfter)
      try {
        return verify(authorities)
      } catch (error) {
        if (!(error instanceof SignatureRefused) || error.code !== 'certificate.untrusted') throw error
        const fresh = await read(readAtMostEvery)
        if (fresh === authorities) throw error
        return verify(fresh)
      }
    },
  }
}
