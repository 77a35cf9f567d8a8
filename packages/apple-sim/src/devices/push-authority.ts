/** Apple's authority for push certificates and for the push service itself: made with the service, trusted by nobody else. */
import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  verify,
  X509Certificate,
} from 'node:crypto'
import {
  certificateParts,
  distinguishedName,
  extension,
  fromPem,
  makeCertificate,
  nameValues,
  pem,
  readSigningRequest,
} from './certificates.ts'
import { der, oid, sequence } from './der.ts'
import { OID } from './oids.ts'

const YEAR_MS = 365 * 24 * 3_600_000
const [EARLIEST, LATEST] = [new Date('2020-01-01T00:00:00Z'), new Date('2049-12-31T00:00:00Z')]

export interface PushCertificateWish {
  /** PEM, as the server made it. */
  readonly request: string
  /** Of the certificate that is renewed; a new one when left out. */
  readonly topic?: string
}

/** PEM. */
export interface PushCredentials {
  readonly topic: string
  readonly certificate: string
  readonly privateKey: string
}

/** Whose connection it is, as far as its certificate tells. */
export type PushClient = { readonly topic: string } | { readonly refusal: string }

export class PushAuthority {
  readonly #now: () => number
  readonly #key: KeyObject
  readonly #name = distinguishedName([[OID.commonName, 'Simulated push authority']])
  readonly #root: Buffer

  constructor(now: () => number) {
    this.#now = now
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    this.#root = this.#issue(this.#name, spki(publicKey), {
      notBefore: EARLIEST,
      notAfter: LATEST,
      extensions: [extension(OID.basicConstraints, sequence(der(0x01, Buffer.from([0xff]))), true)],
    })
  }

  /** What a client of the service has to trust, PEM. */
  get certificate(): string {
    return pem('CERTIFICATE', this.#root)
  }

  /**
   * What Apple's portal does with a signing request: a certificate for a year of the simulated clock, PEM. Throws for
   * what is no request, or one that is not signed with its own key.
   */
  certify({ request, topic = newTopic() }: PushCertificateWish): string {
    const bytes = fromPem('CERTIFICATE REQUEST', request)
    if (bytes === undefined) throw new TypeError('There is no signing request in the text')
    const { publicKey, signed, signature } = readSigningRequest(bytes)
    const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' })
    if (!verify('sha256', signed, key, signature))
      throw new TypeError('The request is not signed with its key')
    return pem('CERTIFICATE', this.#forTopic(topic, publicKey))
  }

  /** A push certificate with its key, for a server that brings its own. */
  newCredentials(topic = newTopic()): PushCredentials {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    return {
      topic,
      certificate: pem('CERTIFICATE', this.#forTopic(topic, spki(publicKey))),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }

  /** The certificate of the service on 127.0.0.1, PEM. */
  serviceCredentials(): { readonly cert: string; readonly key: string } {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))
    const certificate = this.#issue(distinguishedName([[OID.commonName, '127.0.0.1']]), spki(publicKey), {
      notBefore: EARLIEST,
      notAfter: LATEST,
      extensions: [extension(OID.subjectAltName, names), usage(OID.serverAuth)],
    })
    return {
      cert: pem('CERTIFICATE', certificate),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }

  /** Checks the certificate that a client showed, by the simulated clock. */
  clientOf(certificate: Uint8Array | undefined): PushClient {
    if (certificate === undefined) return { refusal: 'Forbidden' }
    const shown = new X509Certificate(certificate)
    const isOurs = shown.verify(createPublicKey(pem('CERTIFICATE', this.#root)))
    const [from, until] = [Date.parse(shown.validFrom), Date.parse(shown.validTo)]
    const now = this.#now()
    const [topic] = nameValues(certificateParts(certificate).subject, OID.userId)
    if (!isOurs || topic === undefined || now < from || now > until) return { refusal: 'BadCertificate' }
    return { topic }
  }

  #forTopic(topic: string, publicKey: Uint8Array): Buffer {
    const now = this.#now()
    const subject = distinguishedName([
      [OID.userId, topic],
      [OID.commonName, `APSP:${topic.split('.').at(-1) ?? ''}`],
    ])
    return this.#issue(subject, publicKey, {
      notBefore: new Date(now),
      notAfter: new Date(now + YEAR_MS),
      extensions: [usage(OID.clientAuth)],
    })
  }

  #issue(subject: Buffer, publicKey: Uint8Array, rest: Issue): Buffer {
    return makeCertificate({ subject, issuer: this.#name, publicKey, ...rest }, this.#key)
  }
}

interface Issue {
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly Buffer[]
}

const newTopic = (): string => `com.apple.mgmt.External.${randomUUID()}`
const usage = (type: string): Buffer => extension(OID.extendedKeyUsage, sequence(oid(type)))
const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
