/** Certificates and signing requests: made with node:crypto over our own DER, taken apart with node-forge. */
import { type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  bits,
  bitsOf,
  contentOf,
  der,
  integer,
  isTagged,
  nothing,
  octets,
  octetsOf,
  oid,
  oidOf,
  partAt,
  partsOf,
  readDer,
  sequence,
  set,
  tagged,
  time,
  utf8,
} from './der.ts'
import type { KeyPair } from './keys.ts'
import { OID } from './oids.ts'

/** Attributes of a name, one for each level. */
export type NameParts = readonly (readonly [type: string, value: string])[]

/** A distinguished name, DER. */
export function distinguishedName(parts: NameParts): Buffer {
  return sequence(...parts.map(([type, value]) => set(sequence(oid(type), utf8(value)))))
}

/** An extension; critical ones must be understood. */
export function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(type), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), octets(value))
}

export interface CertificateWish {
  /** DER. */
  readonly subject: Buffer
  /** DER. */
  readonly issuer: Buffer
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly Buffer[]
}

/** A certificate, DER, signed with SHA-256; RSA and EC keys. */
export function makeCertificate(wish: CertificateWish, signer: KeyObject): Buffer {
  const algorithm = signatureAlgorithm(signer)
  const content = sequence(
    tagged(0, integer(2)),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    wish.issuer,
    sequence(time(wish.notBefore), time(wish.notAfter)),
    wish.subject,
    wish.publicKey,
    tagged(3, sequence(...wish.extensions)),
  )
  return sequence(content, algorithm, bits(sign('sha256', content, signer)))
}

/** A PKCS #10 request with a challenge password, DER. */
export function makeSigningRequest(
  subject: Buffer,
  { publicKey, privateKey }: KeyPair,
  challenge: string,
): Buffer {
  const password = sequence(oid(OID.challengePassword), set(utf8(challenge)))
  const content = sequence(integer(0), subject, publicKey, tagged(0, password))
  return sequence(content, signatureAlgorithm(privateKey), bits(sign('sha256', content, privateKey)))
}

function signatureAlgorithm(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? sequence(oid(OID.ecdsaWithSha256))
    : sequence(oid(OID.sha256WithRsa), nothing())
}

/** What of a certificate a message names it by, each DER. */
export interface CertificateParts {
  readonly certificate: Buffer
  readonly issuer: Buffer
  readonly serialNumber: Buffer
  readonly subject: Buffer
  readonly publicKey: Buffer
}

/** Throws for what is no certificate. */
export function certificateParts(certificate: Uint8Array): CertificateParts {
  const content = partsOf(partAt(readDer(certificate), 0))
  // Certificates of version 1 have no element for the version.
  const start = isTagged(content[0], 0) ? 1 : 0
  const at = (place: number): Buffer => octetsOf(content[start + place] ?? missing())
  return {
    certificate: Buffer.from(certificate),
    serialNumber: at(0),
    issuer: at(2),
    subject: at(4),
    publicKey: at(5),
  }
}

/** The same in memory of its own: Node cuts small buffers from larger pieces, which live as long as one of them. */
export function compact(parts: CertificateParts): CertificateParts {
  const own = (bytes: Buffer): Buffer => {
    const copy = Buffer.alloc(bytes.length)
    bytes.copy(copy)
    return copy
  }
  return {
    certificate: own(parts.certificate),
    issuer: own(parts.issuer),
    serialNumber: own(parts.serialNumber),
    subject: own(parts.subject),
    publicKey: own(parts.publicKey),
  }
}

function missing(): never {
  throw new TypeError('A certificate lacks a part')
}

/** `IssuerAndSerialNumber`, DER. */
export const issuerAndSerial = ({ issuer, serialNumber }: CertificateParts): Buffer =>
  sequence(issuer, serialNumber)

/** The values of one attribute type in a name. */
export function nameValues(name: Uint8Array, type: string): readonly string[] {
  return partsOf(readDer(name))
    .flatMap((level) => partsOf(level))
    .filter((attribute) => oidOf(partAt(attribute, 0)) === type)
    .map((attribute) => contentOf(partAt(attribute, 1)).toString('utf8'))
}

/** A request's subject and key, and what its signature covers; throws for what is no request. */
export function readSigningRequest(request: Uint8Array): {
  readonly subject: Buffer
  readonly publicKey: Buffer
  readonly signed: Buffer
  readonly signature: Buffer
} {
  const whole = readDer(request)
  const content = partAt(whole, 0)
  return {
    subject: octetsOf(partAt(content, 1)),
    publicKey: octetsOf(partAt(content, 2)),
    signed: octetsOf(content),
    signature: bitsOf(partAt(whole, 2)),
  }
}

/** DER as PEM. */
export function pem(label: string, content: Uint8Array): string {
  const lines = Buffer.from(content)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

/** The first block of a label in a PEM text, DER; `undefined` when there is none. */
export function fromPem(label: string, text: string): Buffer | undefined {
  const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text)
  return block?.[1] === undefined ? undefined : Buffer.from(block[1], 'base64')
}
