/**
 * Authorities, certificates and signatures of devices as another library (node-forge) makes them, so that what the server
 * reads does not come from what it writes.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import forge from 'node-forge'

export interface TestKey {
  readonly privateKey: forge.pki.rsa.PrivateKey
  readonly publicKey: forge.pki.rsa.PublicKey
}

export interface TestCertificate extends TestKey {
  readonly certificate: forge.pki.Certificate
  readonly der: Buffer
}

export interface CertificateWishes {
  readonly issuer?: TestCertificate
  readonly subject?: string
  /** More of the subject: object identifiers and values. */
  readonly names?: readonly { readonly type: string; readonly value: string }[]
  readonly from?: Date
  readonly until?: Date
  /** What the extensions are; a device's when left out. */
  readonly extensions?: readonly Readonly<Record<string, unknown>>[]
  readonly key?: TestKey
}

const deviceExtensions = [
  { name: 'basicConstraints', cA: false },
  { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
  { name: 'extKeyUsage', clientAuth: true },
  { name: 'subjectKeyIdentifier' },
]

export const authorityExtensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true, critical: true },
]

export function newTestKey(modulusLength = 2048, publicExponent = 65_537): TestKey {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength,
    publicExponent,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const key = forge.pki.privateKeyFromPem(privateKey)
  return { privateKey: key, publicKey: forge.pki.rsa.setPublicKey(key.n, key.e) }
}

export function newTestCertificate(wishes: CertificateWishes = {}): TestCertificate {
  const { issuer, subject = 'device', extensions = deviceExtensions, key = newTestKey() } = wishes
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = key.publicKey
  certificate.serialNumber = `4${randomBytes(15).toString('hex')}0`
  certificate.validity.notBefore = wishes.from ?? new Date('2026-01-01T00:00:00Z')
  certificate.validity.notAfter = wishes.until ?? new Date('2028-01-01T00:00:00Z')
  certificate.setSubject([{ name: 'commonName', value: subject }, ...(wishes.names ?? [])])
  certificate.setIssuer(issuer?.certificate.subject.attributes ?? certificate.subject.attributes)
  certificate.setExtensions([...extensions])
  certificate.sign((issuer ?? key).privateKey, forge.md.sha256.create())
  return { ...key, certificate, der: derOf(forge.pki.certificateToAsn1(certificate)) }
}

export function newTestAuthority(subject = 'Device authority'): TestCertificate {
  return newTestCertificate({ subject, extensions: authorityExtensions })
}

export interface SignatureWishes {
  readonly digest?: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  /** Certificates that come along, in their order; the signer's alone when left out. */
  readonly certificates?: readonly TestCertificate[]
  readonly signers?: readonly TestCertificate[]
  readonly signingTime?: Date
  readonly attached?: boolean
  readonly withoutAttributes?: boolean
  /** Where the message is changed before it is encoded. */
  readonly change?: (message: forge.asn1.Asn1) => void
}

/** A signed message over the body, as DER. */
export function signedMessage(
  body: Uint8Array,
  by: TestCertificate,
  {
    digest = 'sha256',
    certificates = [by],
    signers = [by],
    signingTime = new Date('2026-06-01T00:00:00Z'),
    attached = false,
    withoutAttributes = false,
    change,
  }: SignatureWishes = {},
): Buffer {
  const message = forge.pkcs7.createSignedData()
  message.content = forge.util.createBuffer(Buffer.from(body).toString('binary'))
  for (const { certificate } of certificates) message.addCertificate(certificate)
  for (const { certificate, privateKey } of signers) {
    message.addSigner({
      // node-forge signs with the type for a browser's key too.
      key: forge.pki.privateKeyToPem(privateKey),
      certificate,
      digestAlgorithm: oid(digest),
      authenticatedAttributes: withoutAttributes
        ? []
        : [
            { type: oid('contentType'), value: oid('data') },
            { type: oid('messageDigest') },
            // A moment, which node-forge encodes; its types know text alone.
            { type: oid('signingTime'), value: signingTime as unknown as string },
          ],
    })
  }
  message.sign({ detached: !attached })
  const encoded = message.toAsn1()
  change?.(encoded)
  return derOf(encoded)
}

export function derOf(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'binary')
}

/** An object identifier by node-forge's name. */
export function oid(name: string): string {
  const value: unknown = Reflect.get(forge.pki.oids, name)
  if (typeof value !== 'string') throw new Error(`node-forge knows no ${name}`)
  return value
}
