/** Makes X.509 certificates (RFC 5280): authorities, signers of profiles, identities of devices. */
import { createHash, type KeyObject, randomBytes, sign, type X509Certificate } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

/** What a certificate is for. */
export type CertificatePurpose = 'authority' | 'profiles' | 'device'

/** What a certificate is to say, and who signs it. */
export interface NewCertificate {
  readonly purpose: CertificatePurpose
  readonly commonName: string
  /** DER (SubjectPublicKeyInfo). */
  readonly publicKey: Uint8Array
  /** Seconds count; anything finer is cut off. */
  readonly notBefore: Date
  readonly notAfter: Date
  /** Whose key signs. Without a certificate the new one signs itself. */
  readonly issuer: { readonly certificate: X509Certificate | null; readonly privateKey: KeyObject }
}

/** A certificate that was just made. */
export interface MadeCertificate {
  readonly der: Buffer
  /** Lower-case hexadecimal. */
  readonly serialNumber: string
}

const sha256WithRsa = '1.2.840.113549.1.1.11'

const usages: Readonly<Record<CertificatePurpose, number>> = {
  // It takes part in SCEP too: what devices send is encrypted to it, and it signs the answers.
  authority: KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
  profiles: KeyUsageFlags.digitalSignature,
  device: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
}

/** A certificate with a random serial number of 128 bits, signed with SHA-256. */
export function makeCertificate(wanted: NewCertificate): MadeCertificate {
  const serialNumber = newSerialNumber()
  const algorithm = new AlgorithmIdentifier({ algorithm: sha256WithRsa, parameters: null })
  const subject = nameOf(wanted.commonName)
  const { certificate: issuer, privateKey } = wanted.issuer
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: toArrayBuffer(serialNumber),
    signature: algorithm,
    issuer: issuer === null ? subject : AsnConvert.parse(issuer.raw, Certificate).tbsCertificate.subject,
    validity: new Validity({
      notBefore: wholeSeconds(wanted.notBefore),
      notAfter: wholeSeconds(wanted.notAfter),
    }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(wanted.publicKey, SubjectPublicKeyInfo),
    extensions: extensionsOf(wanted),
  })
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(body)), privateKey)
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: toArrayBuffer(signature),
  })
  return { der: Buffer.from(AsnConvert.serialize(certificate)), serialNumber: serialNumber.toString('hex') }
}

/** The moment to the second, as certificates keep it. */
export function wholeSeconds(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000)
}

/** Positive, and without a zero in front, so that every library writes it the same. */
function newSerialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f)
  return bytes
}

function nameOf(commonName: string): Name {
  const attribute = new AttributeTypeAndValue({
    type: '2.5.4.3',
    value: new AttributeValue({ utf8String: commonName }),
  })
  return new Name([new RelativeDistinguishedName([attribute])])
}

function extensionsOf({ purpose, publicKey, issuer }: NewCertificate): Extensions {
  const isAuthority = purpose === 'authority'
  const own = keyIdentifierOf(publicKey)
  const issuerKey = issuer.certificate?.publicKey.export({ type: 'spki', format: 'der' })
  const all = [
    extension(
      id_ce_basicConstraints,
      new BasicConstraints({ cA: isAuthority, ...(isAuthority ? { pathLenConstraint: 0 } : {}) }),
      true,
    ),
    extension(id_ce_keyUsage, new KeyUsage(usages[purpose]), true),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(own)),
    extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({
        keyIdentifier: new KeyIdentifier(issuerKey === undefined ? own : keyIdentifierOf(issuerKey)),
      }),
    ),
  ]
  if (purpose === 'device') all.push(extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_clientAuth])))
  return new Extensions(all)
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

/** RFC 7093, 2, method 1: the left half of the SHA-256 of the key. */
function keyIdentifierOf(publicKey: Uint8Array): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(publicKey, SubjectPublicKeyInfo)
  return toArrayBuffer(createHash('sha256').update(Buffer.from(subjectPublicKey)).digest().subarray(0, 20))
}

/** A copy of its own, as the library keeps bytes. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(copy).set(bytes)
  return copy
}
