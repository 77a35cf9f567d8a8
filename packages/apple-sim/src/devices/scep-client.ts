/**
 * Getting an identity by SCEP, as Apple's client does it: capabilities, the authority's certificate, one request signed
 * with a key of its own, and an answer that must prove to be the authority's.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  type CertificateParts,
  certificateParts,
  distinguishedName,
  extension,
  makeCertificate,
  makeSigningRequest,
} from './certificates.ts'
import { contentOf, der, octets, printable } from './der.ts'
import type { DeviceHttp } from './device-http.ts'
import { envelope, openEnvelope } from './enveloped-message.ts'
import { type KeyPair, transactionIdOf } from './keys.ts'
import { OID } from './oids.ts'
import {
  type Abilities,
  type Authorities,
  authoritiesOf,
  capabilitiesOf,
  expectOk,
  ScepFailed,
  type ScepSettings,
  withQuery,
} from './scep-authority.ts'
import {
  attribute,
  certificatesIn,
  type Lengths,
  readSignedMessage,
  type SignedMessage,
  signMessage,
} from './signed-message.ts'

export interface ScepPorts {
  readonly http: DeviceHttp
  readonly now: () => number
  readonly lengths: Lengths
  /** Passes before a pending request is asked for again. */
  readonly pause: () => Promise<void>
}

/** The certificate that was issued for the key. Throws `ScepFailed`, or `Unreachable`. */
export async function requestIdentity(
  ports: ScepPorts,
  settings: ScepSettings,
  keys: KeyPair,
): Promise<CertificateParts> {
  const abilities = await capabilitiesOf(ports.http, settings)
  const authorities = await authoritiesOf(ports.http, settings)
  const transaction = new Transaction({ ports, settings, keys, abilities, authorities })
  return transaction.carryOut()
}

interface TransactionParts {
  readonly ports: ScepPorts
  readonly settings: ScepSettings
  readonly keys: KeyPair
  readonly abilities: Abilities
  readonly authorities: Authorities
}

class Transaction {
  readonly #parts: TransactionParts
  readonly #id: string
  /** Signs the request; what comes back is encrypted to it. */
  readonly #temporary: CertificateParts

  constructor(parts: TransactionParts) {
    this.#parts = parts
    this.#id = transactionIdOf(parts.keys)
    this.#temporary = temporaryCertificate(parts.keys, parts.ports.now())
  }

  async carryOut(): Promise<CertificateParts> {
    const { settings, keys, ports } = this.#parts
    const request = makeSigningRequest(distinguishedName(settings.subject), keys, settings.challenge)
    let answer = await this.#ask('19', request)
    for (let tries = 0; answer === 'pending'; tries += 1) {
      if (tries >= settings.retries) throw new ScepFailed(22013, 'The request is still pending')
      await ports.pause()
      answer = await this.#ask('20', this.#poll())
    }
    return answer
  }

  async #ask(messageType: string, content: Buffer): Promise<CertificateParts | 'pending'> {
    const { keys, abilities, authorities, ports } = this.#parts
    const nonce = randomBytes(16)
    const message = signMessage(
      {
        content: envelope(content, authorities.speaker, abilities.cipher),
        attached: true,
        lengths: ports.lengths,
        attributes: [
          attribute(OID.transactionId, printable(this.#id)),
          attribute(OID.messageType, printable(messageType)),
          attribute(OID.senderNonce, octets(nonce)),
        ],
      },
      { privateKey: keys.privateKey, certificate: this.#temporary, digest: abilities.digest },
    )
    return this.#read(await this.#send(message), nonce)
  }

  async #send(message: Buffer): Promise<Buffer> {
    const { ports, settings, abilities } = this.#parts
    const query = { operation: 'PKIOperation' }
    const reply = abilities.post
      ? await ports.http.send(withQuery(settings.url, query), {
          method: 'POST',
          headers: { 'content-type': 'application/x-pki-message' },
          body: message,
        })
      : await ports.http.send(withQuery(settings.url, { ...query, message: message.toString('base64') }), {
          method: 'GET',
        })
    expectOk(reply)
    if (!(reply.headers['content-type'] ?? '').startsWith('application/x-pki-message')) {
      throw new ScepFailed(22008, `PKIOperation answers ${reply.headers['content-type'] ?? 'without a type'}`)
    }
    return reply.body
  }

  #read(body: Buffer, nonce: Buffer): CertificateParts | 'pending' {
    const reply = signedReply(body)
    if (!reply.signer.certificate.equals(this.#parts.authorities.speaker.certificate)) {
      throw new ScepFailed(22009, 'The answer is not signed by the authority')
    }
    if (textOf(reply, OID.messageType) !== '3') throw new ScepFailed(22010, 'The answer is no CertRep')
    if (textOf(reply, OID.transactionId) !== this.#id) {
      throw new ScepFailed(22010, 'The answer is to another transaction')
    }
    const echoed = reply.attributes.get(OID.recipientNonce)
    if (echoed === undefined || !contentOf(echoed).equals(nonce)) {
      throw new ScepFailed(22010, 'The answer does not repeat the nonce')
    }
    const status = textOf(reply, OID.pkiStatus)
    if (status === '3') return 'pending'
    if (status !== '0') {
      throw new ScepFailed(22013, `The authority refused, failInfo ${textOf(reply, OID.failInfo) ?? 'none'}`)
    }
    return this.#issued(reply.content)
  }

  #issued(content: Buffer): CertificateParts {
    const { keys } = this.#parts
    try {
      const all = certificatesIn(openEnvelope(content, this.#temporary, keys.privateKey))
      const leaf = all.find((one) => one.publicKey.equals(keys.publicKey))
      if (leaf !== undefined) return leaf
    } catch {
      throw new ScepFailed(22011, 'The answer cannot be opened')
    }
    throw new ScepFailed(22007, 'The certificate is for another key')
  }

  /** `IssuerAndSubject`: asks what became of the request. */
  #poll(): Buffer {
    const { authorities, settings } = this.#parts
    return der(0x30, authorities.issuer.subject, distinguishedName(settings.subject))
  }
}

function signedReply(body: Buffer): SignedMessage {
  try {
    return readSignedMessage(body)
  } catch (error) {
    throw new ScepFailed(22008, `The answer cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
}

function textOf({ attributes }: SignedMessage, type: string): string | undefined {
  const value = attributes.get(type)
  return value === undefined ? undefined : contentOf(value).toString('latin1')
}

/** Self-signed, digitalSignature and keyEncipherment, under a random name; a day is more than it is needed. */
function temporaryCertificate({ publicKey, privateKey }: KeyPair, now: number): CertificateParts {
  const name = distinguishedName([[OID.commonName, randomUUID().toUpperCase()]])
  const wish = {
    subject: name,
    issuer: name,
    publicKey,
    notBefore: new Date(now - 3_600_000),
    notAfter: new Date(now + 24 * 3_600_000),
    extensions: [extension(OID.keyUsage, der(0x03, Buffer.from([5, 0xa0])), true)],
  }
  return certificateParts(makeCertificate(wish, privateKey))
}
