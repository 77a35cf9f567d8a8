/** A client of SCEP as another library (node-forge) makes it, so that the server's own writing is not its own reader. */
import {
  createHash,
  createVerify,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import forge from 'node-forge'
import {
  derOf,
  newTestCertificate,
  newTestKey,
  oid,
  type TestCertificate,
  type TestKey,
} from './test-identities.ts'

const { asn1 } = forge
const { Class, Type } = asn1

export const scepIds = {
  messageType: '2.16.840.1.113733.1.9.2',
  pkiStatus: '2.16.840.1.113733.1.9.3',
  failInfo: '2.16.840.1.113733.1.9.4',
  senderNonce: '2.16.840.1.113733.1.9.5',
  recipientNonce: '2.16.840.1.113733.1.9.6',
  transactionId: '2.16.840.1.113733.1.9.7',
}

export interface ScepWishes {
  readonly challenge?: string
  readonly key?: TestKey
  /** node-forge's name of the cipher. */
  readonly cipher?: 'aes128-CBC' | 'aes256-CBC' | 'des-EDE3-CBC' | 'desCBC'
  readonly digest?: 'sha1' | 'sha256' | 'sha512'
  readonly messageType?: string
  readonly transactionId?: string
  /** What the request for a certificate asks for beside the key. */
  readonly extensions?: readonly Readonly<Record<string, unknown>>[]
  readonly subject?: string
  /** In place of the request for a certificate. */
  readonly request?: Buffer
  /** Where the encrypted message is changed before it is signed. */
  readonly change?: (envelope: forge.asn1.Asn1) => void
}

export interface ScepRequest {
  readonly message: Buffer
  readonly transactionId: string
  readonly nonce: Buffer
  readonly requester: TestCertificate
}

/** The certificate is encrypted for whoever signed the message. */
export function scepRequest(authority: X509Certificate, wishes: ScepWishes = {}): ScepRequest {
  const { key = newTestKey(), digest = 'sha256', cipher = 'aes128-CBC', messageType = '19' } = wishes
  const requester = newTestCertificate({ key, subject: 'a temporary certificate' })
  const request = wishes.request ?? certificateRequest(key, wishes)
  const envelope = envelopeFor(authority, request, cipher)
  wishes.change?.(envelope)
  const spki = derOf(forge.pki.publicKeyToAsn1(key.publicKey))
  const transactionId = wishes.transactionId ?? createHash('sha1').update(spki).digest('hex').toUpperCase()
  const nonce = randomBytes(16)
  const attributes = [
    [scepIds.messageType, text(messageType)],
    [scepIds.transactionId, text(transactionId)],
    [scepIds.senderNonce, octets(nonce)],
  ] as const
  const message = signedWith(requester, derOf(envelope), { attributes, digest })
  return { message, transactionId, nonce, requester }
}

export function certificateRequest(key: TestKey, wishes: ScepWishes = {}): Buffer {
  const { challenge, digest = 'sha256', extensions, subject = 'what the device says' } = wishes
  const request = forge.pki.createCertificationRequest()
  request.publicKey = key.publicKey
  request.setSubject([{ name: 'commonName', value: subject }])
  request.setAttributes([
    ...(challenge === undefined ? [] : [{ name: 'challengePassword', value: challenge }]),
    // The types of node-forge leave out what a request may ask for.
    ...(extensions === undefined
      ? []
      : [{ name: 'extensionRequest', extensions: [...extensions] } as unknown as forge.pki.CertificateField]),
  ])
  request.sign(key.privateKey, forge.md[digest].create())
  return derOf(forge.pki.certificationRequestToAsn1(request))
}

function envelopeFor(authority: X509Certificate, content: Buffer, cipher: string): forge.asn1.Asn1 {
  const envelope = forge.pkcs7.createEnvelopedData()
  envelope.addRecipient(forge.pki.certificateFromPem(authority.toString()))
  envelope.content = forge.util.createBuffer(content.toString('binary'))
  Reflect.get(envelope, 'encryptedContent').algorithm = oid(cipher === 'desCBC' ? 'aes128-CBC' : cipher)
  envelope.encrypt()
  const encoded = envelope.toAsn1()
  if (cipher === 'desCBC') encryptWithDes(encoded, authority, content)
  return encoded
}

/** node-forge opens such messages and does not make them. */
function encryptWithDes(envelope: forge.asn1.Asn1, authority: X509Certificate, content: Buffer): void {
  const [key, iv] = [randomBytes(8).toString('binary'), randomBytes(8).toString('binary')]
  const cipher = forge.cipher.createCipher('DES-CBC', key)
  cipher.start({ iv })
  cipher.update(forge.util.createBuffer(content.toString('binary')))
  cipher.finish()
  const { publicKey } = forge.pki.certificateFromPem(authority.toString())
  if (!('encrypt' in publicKey)) throw new Error('The authority has no RSA key')
  part(envelope, 1, 0, 1, 0, 3).value = publicKey.encrypt(key, 'RSAES-PKCS1-V1_5')
  part(envelope, 1, 0, 2, 1, 0).value = asn1.oidToDer(oid('desCBC')).getBytes()
  part(envelope, 1, 0, 2, 1, 1).value = iv
  const holder = part(envelope, 1, 0, 2, 2)
  const target = children(holder)[0] ?? holder
  target.value = cipher.output.getBytes()
}

export interface SignWishes {
  readonly attributes: readonly (readonly [string, forge.asn1.Asn1])[]
  readonly digest: 'sha1' | 'sha256' | 'sha512'
}

export function signedWith(by: TestCertificate, content: Buffer, { attributes, digest }: SignWishes): Buffer {
  const hash = createHash(digest).update(content).digest()
  const all = [
    ...attributes,
    [oid('contentType'), oidNode(oid('data'))] as const,
    [oid('messageDigest'), octets(hash)] as const,
  ].map(([name, value]) => sequence(oidNode(name), set(value)))
  const pem = forge.pki.privateKeyToPem(by.privateKey)
  const signature = sign(digest, derOf(set(...all)), pem)
  const { certificate } = by
  const info = sequence(
    int(1),
    sequence(
      forge.pki.distinguishedNameToAsn1(certificate.issuer),
      asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.util.hexToBytes(certificate.serialNumber)),
    ),
    algorithm(oid(digest)),
    asn1.create(Class.CONTEXT_SPECIFIC, 0, true, all),
    algorithm(oid('rsaEncryption')),
    octets(signature),
  )
  const data = sequence(
    int(1),
    set(algorithm(oid(digest))),
    sequence(oidNode(oid('data')), context(octets(content))),
    context(forge.pki.certificateToAsn1(certificate)),
    set(info),
  )
  return derOf(sequence(oidNode(oid('signedData')), context(data)))
}

export interface ScepReply {
  readonly status: string
  readonly failInfo: string | undefined
  readonly transactionId: string
  readonly recipientNonce: Buffer
  readonly senderNonce: Buffer
  /** Of whoever signed the answer. */
  readonly signer: X509Certificate
  /** The one that was issued. */
  readonly certificate: X509Certificate | undefined
}

/** Reads an answer and checks its signature; decrypts with the requester's key. */
export function readScepReply(bytes: Buffer, requester: TestCertificate): ScepReply {
  const data = part(asn1.fromDer(bytes.toString('binary')), 1, 0)
  const signer = new X509Certificate(derOf(part(data, 3, 0)))
  const info = part(data, 4, 0)
  const attributes = new Map(
    children(part(info, 3)).map((each) => [asn1.derToOid(binaryOf(part(each, 0))), part(each, 1, 0)]),
  )
  const signed = derOf(part(info, 3))
  signed[0] = 0x31
  const verifier = createVerify('sha256').update(signed)
  if (!verifier.verify(signer.publicKey, Buffer.from(binaryOf(part(info, 5)), 'binary'))) {
    throw new Error('The answer is not signed by the certificate in it')
  }
  const content =
    children(part(data, 2)).length < 2 ? undefined : Buffer.from(binaryOf(part(data, 2, 1, 0)), 'binary')
  const told = Buffer.from(binaryOf(attributes.get(oid('messageDigest'))), 'binary')
  if (
    !told.equals(
      createHash('sha256')
        .update(content ?? '')
        .digest(),
    )
  ) {
    throw new Error('The digest in the answer is not that of its content')
  }
  const textOf = (name: string) => binaryOf(attributes.get(name))
  return {
    status: textOf(scepIds.pkiStatus),
    failInfo: attributes.has(scepIds.failInfo) ? textOf(scepIds.failInfo) : undefined,
    transactionId: textOf(scepIds.transactionId),
    recipientNonce: Buffer.from(textOf(scepIds.recipientNonce), 'binary'),
    senderNonce: Buffer.from(textOf(scepIds.senderNonce), 'binary'),
    signer,
    certificate: content === undefined ? undefined : issued(content, requester),
  }
}

function issued(content: Buffer, requester: TestCertificate): X509Certificate {
  const envelope = forge.pkcs7.messageFromAsn1(asn1.fromDer(content.toString('binary')))
  if (!('findRecipient' in envelope)) throw new Error('The answer is not encrypted')
  const recipient = envelope.findRecipient(requester.certificate)
  if (recipient === null) throw new Error('The answer is encrypted for somebody else')
  envelope.decrypt(recipient, requester.privateKey)
  const inner = envelope.content
  const bytes = typeof inner === 'object' ? inner.getBytes() : (inner ?? '')
  return new X509Certificate(derOf(part(asn1.fromDer(bytes), 1, 0, 3, 0)))
}

export function part(node: forge.asn1.Asn1, ...path: number[]): forge.asn1.Asn1 {
  return path.reduce((at: forge.asn1.Asn1, index) => {
    const child = children(at)[index]
    if (child === undefined) throw new Error(`There is no part ${index}`)
    return child
  }, node)
}

export const children = ({ value }: forge.asn1.Asn1): forge.asn1.Asn1[] => (Array.isArray(value) ? value : [])

export const binaryOf = (node: forge.asn1.Asn1 | undefined): string =>
  typeof node?.value === 'string' ? node.value : ''

const sequence = (...parts: forge.asn1.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts)
const set = (...parts: forge.asn1.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SET, true, parts)
const context = (...parts: forge.asn1.Asn1[]) => asn1.create(Class.CONTEXT_SPECIFIC, 0, true, parts)
const int = (value: number) => asn1.create(Class.UNIVERSAL, Type.INTEGER, false, String.fromCharCode(value))
const text = (value: string) => asn1.create(Class.UNIVERSAL, Type.PRINTABLESTRING, false, value)
const oidNode = (dotted: string) =>
  asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes())
const octets = (bytes: Buffer) =>
  asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes.toString('binary'))
const algorithm = (dotted: string) =>
  sequence(oidNode(dotted), asn1.create(Class.UNIVERSAL, Type.NULL, false, ''))

/** A request for a certificate with a key of an elliptic curve. */
export function ellipticRequest(): Buffer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = asn1.fromDer(publicKey.export({ type: 'spki', format: 'der' }).toString('binary'))
  const asked = sequence(int(0), sequence(), spki, context())
  const signature = sign('sha256', derOf(asked), privateKey)
  const bits = asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${signature.toString('binary')}`)
  return derOf(sequence(asked, sequence(oidNode('1.2.840.10045.4.3.2')), bits))
}
