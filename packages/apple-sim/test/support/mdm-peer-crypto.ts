/** Certificates and signed messages of the management server of tests: node-forge alone, so that two libraries check each other. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import forge from 'node-forge'

const { asn1, pki } = forge
export type Node = forge.asn1.Asn1

const U = asn1.Class.UNIVERSAL
export const C = asn1.Class.CONTEXT_SPECIFIC
const T = asn1.Type

export const seq = (...parts: Node[]): Node => asn1.create(U, T.SEQUENCE, true, parts)
export const set = (...parts: Node[]): Node => asn1.create(U, T.SET, true, parts)
export const oid = (dotted: string): Node => asn1.create(U, T.OID, false, asn1.oidToDer(dotted).getBytes())
export const int = (value: number): Node =>
  asn1.create(U, T.INTEGER, false, asn1.integerToDer(value).getBytes())
export const octets = (bytes: string): Node => asn1.create(U, T.OCTETSTRING, false, bytes)
export const printable = (text: string): Node => asn1.create(U, T.PRINTABLESTRING, false, text)
export const nothing = (): Node => asn1.create(U, T.NULL, false, '')
export const context = (tag: number, ...parts: Node[]): Node => asn1.create(C, tag, true, parts)
export const derOf = (node: Node): string => asn1.toDer(node).getBytes()

export const DATA = '1.2.840.113549.1.7.1'
export const SIGNED = '1.2.840.113549.1.7.2'
export const ENVELOPED = '1.2.840.113549.1.7.3'
const SHA256 = '2.16.840.1.101.3.4.2.1'
export const RSA = '1.2.840.113549.1.1.1'

export interface PeerIdentity {
  readonly certificate: forge.pki.Certificate
  readonly key: forge.pki.rsa.PrivateKey
}

/** A certificate of its own, signed by `issuer` or by itself. */
export function newIdentity(name: string, issuer?: PeerIdentity): PeerIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
  const spki = pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  return { key, certificate: certify(spki, name, issuer ?? { key, name }) }
}

export function certify(
  publicKey: forge.pki.PublicKey,
  name: string,
  issuer: PeerIdentity | { readonly key: forge.pki.rsa.PrivateKey; readonly name: string },
): forge.pki.Certificate {
  const certificate = pki.createCertificate()
  certificate.publicKey = publicKey
  certificate.serialNumber = `01${randomBytes(12).toString('hex')}`
  certificate.validity.notBefore = new Date('2025-01-01T00:00:00Z')
  certificate.validity.notAfter = new Date('2035-01-01T00:00:00Z')
  certificate.setSubject([{ name: 'commonName', value: name }])
  certificate.setIssuer(
    'certificate' in issuer
      ? issuer.certificate.subject.attributes
      : [{ name: 'commonName', value: issuer.name }],
  )
  certificate.sign(issuer.key, forge.md.sha256.create())
  return certificate
}

export const certificateDer = ({ certificate }: Pick<PeerIdentity, 'certificate'>): Buffer =>
  Buffer.from(derOf(pki.certificateToAsn1(certificate)), 'latin1')

export function at(node: Node | undefined, ...path: number[]): Node {
  let found = node
  for (const place of path) {
    if (!Array.isArray(found?.value)) throw new Error('a message of another shape')
    found = found.value[place]
  }
  if (found === undefined) throw new Error('a message lacks a part')
  return found
}

export const textAt = (node: Node | undefined, ...path: number[]): string => {
  const { value } = at(node, ...path)
  return typeof value === 'string' ? value : value.map((part) => textAt(part)).join('')
}

export const oidAt = (node: Node, ...path: number[]): string =>
  asn1.derToOid(forge.util.createBuffer(textAt(node, ...path)))

function attributesOf(node: Node): ReadonlyMap<string, Node> {
  const { value } = node
  if (!Array.isArray(value)) throw new Error('attributes of another shape')
  return new Map(value.map((one) => [oidAt(one, 0), at(one, 1, 0)] as const))
}

export interface CheckedMessage {
  readonly certificate: forge.pki.Certificate
  readonly content: string | undefined
  readonly attributes: ReadonlyMap<string, Node>
  readonly digest: 'sha1' | 'sha256'
}

/** Checks a signed message to the last byte; `body` is what it signs when nothing is attached. Throws with the reason. */
export function checkSigned(bytes: Buffer, body?: Buffer): CheckedMessage {
  const info = asn1.fromDer(forge.util.createBuffer(bytes.toString('latin1')), true)
  if (oidAt(info, 0) !== SIGNED) throw new Error('no SignedData')
  const signedData = at(info, 1, 0)
  const parts = signedData.value
  if (!Array.isArray(parts) || parts.length !== 5) throw new Error('SignedData of another shape')
  if (oidAt(signedData, 2, 0) !== DATA) throw new Error('the content is no data')
  const content = attachedTo(signedData, body === undefined)
  const signers = at(signedData, 4).value
  if (!Array.isArray(signers) || signers.length !== 1) throw new Error('not one signer')
  const signer = at(signedData, 4, 0)
  const certificate = pki.certificateFromAsn1(at(signedData, 3, 0))
  const named = forge.util.bytesToHex(textAt(signer, 1, 1))
  if (named.replace(/^0+/, '') !== certificate.serialNumber.replace(/^0+/, ''))
    throw new Error('another serial number')
  const digest = oidAt(signer, 2, 0) === SHA256 ? 'sha256' : 'sha1'
  const attributes = attributesOf(at(signer, 3))
  for (const type of ['1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4']) {
    if (!attributes.has(type)) throw new Error(`the attribute ${type} is missing`)
  }
  const digested = forge.md[digest].create().update(content ?? body?.toString('latin1') ?? '')
  if (textAt(attributes.get('1.2.840.113549.1.9.4')) !== digested.digest().getBytes())
    throw new Error('another digest')
  const signedSet = asn1.create(U, T.SET, true, at(signer, 3).value)
  const hash = forge.md[digest].create().update(derOf(signedSet)).digest().getBytes()
  const key = certificate.publicKey
  if (!('verify' in key) || !key.verify(hash, textAt(signer, 5))) throw new Error('a wrong signature')
  return { certificate, content, attributes, digest }
}

function attachedTo(signedData: Node, isExpected: boolean): string | undefined {
  const { value } = at(signedData, 2)
  const isAttached = Array.isArray(value) && value.length === 2
  if (isAttached !== isExpected) throw new Error('attached where it must not be, or the other way round')
  return isAttached ? textAt(signedData, 2, 1, 0) : undefined
}

/** Signs with everything attached, as profiles and SCEP answers are. */
export function signAttached(
  content: string,
  by: PeerIdentity,
  more: readonly (readonly [string, Node])[] = [],
): Buffer {
  const digest = forge.md.sha256.create().update(content).digest().getBytes()
  const attribute = (type: string, value: Node): Node => seq(oid(type), set(value))
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(DATA)),
    attribute('1.2.840.113549.1.9.4', octets(digest)),
    ...more.map(([type, value]) => attribute(type, value)),
  ].toSorted((a, b) => (derOf(a) < derOf(b) ? -1 : 1))
  const hash = forge.md.sha256.create().update(derOf(set(...attributes)))
  const certificate = pki.certificateToAsn1(by.certificate)
  const signerInfo = seq(
    int(1),
    seq(issuerOf(certificate), serialOf(certificate)),
    seq(oid(SHA256), nothing()),
    asn1.create(C, 0, true, attributes),
    seq(oid(RSA), nothing()),
    octets(by.key.sign(hash)),
  )
  const signedData = seq(
    int(1),
    set(seq(oid(SHA256), nothing())),
    seq(oid(DATA), context(0, octets(content))),
    context(0, certificate),
    set(signerInfo),
  )
  return Buffer.from(derOf(seq(oid(SIGNED), context(0, signedData))), 'latin1')
}

export const serialOf = (certificate: Node): Node => at(certificate, 0, 1)
export const issuerOf = (certificate: Node): Node => at(certificate, 0, 3)
