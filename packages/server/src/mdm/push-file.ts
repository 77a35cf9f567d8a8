/**
 * Reads what an administrator uploads as push certificate: PEM, with or without its key, or PKCS #12. Nothing is decided
 * here but whether it can be read and which parts belong together.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isPushTopic } from '@apportion/apple-wire/mdm-profile'
import forge from 'node-forge'
import { Refusal } from '../platform/errors.ts'
import { certificateParts } from './certificate-parts.ts'
import { childAt, oidOf, readDer } from './der.ts'

/** What an administrator uploads: texts in PEM, or a file of PKCS #12. */
export type PushUpload =
  | {
      readonly format: 'pem'
      readonly certificate: string
      readonly privateKey: string | null
      /** Of the key. */
      readonly password: string | null
    }
  | { readonly format: 'pkcs12'; readonly file: Buffer; readonly password: string }

/** A push certificate that was read. */
export interface PushFile {
  readonly topic: string
  readonly certificate: X509Certificate
  /** PEM, the certificate first and then what came along. */
  readonly pem: string
  /** Undefined when none came along. */
  readonly privateKey: KeyObject | undefined
}

/** Throws Refusal: `push.unreadable`, `push.wrong_password`, `push.not_for_devices`. */
export function readPushUpload(upload: PushUpload): PushFile {
  const { certificates, privateKey } = upload.format === 'pem' ? fromPem(upload) : fromPkcs12(upload)
  const found = certificates.flatMap((certificate) => {
    const topic = topicOf(certificate)
    return topic === undefined ? [] : [{ certificate, topic }]
  })
  const [push] = found
  if (push === undefined) {
    const [first] = certificates
    throw new Refusal(
      'push.not_for_devices',
      `The certificate (${first?.subject.replaceAll('\n', ', ') ?? 'none'}) is not Apple’s for managing devices: its subject names no topic com.apple.mgmt. Upload the one from Apple’s Push Certificates Portal.`,
    )
  }
  const rest = certificates.filter((each) => each !== push.certificate)
  const pem = [push.certificate, ...rest].map((each) => each.toString()).join('')
  return { ...push, pem, privateKey }
}

interface Found {
  readonly certificates: readonly X509Certificate[]
  readonly privateKey: KeyObject | undefined
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g
const mostCertificates = 8

function fromPem({ certificate, privateKey, password }: Extract<PushUpload, { format: 'pem' }>): Found {
  const blocks = certificate.match(certificateBlock) ?? []
  if (blocks.length === 0 || blocks.length > mostCertificates) {
    throw unreadable('it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)')
  }
  // Keychains write both into one file.
  const keyText = privateKey ?? keyBlock.exec(certificate)?.[0] ?? null
  return {
    certificates: blocks.map(readX509),
    privateKey: keyText === null ? undefined : readKey(keyText, password),
  }
}

const keyBlock = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/

function readX509(input: string | Buffer): X509Certificate {
  try {
    return new X509Certificate(input)
  } catch {
    throw unreadable('the certificate in it is damaged')
  }
}

function readKey(key: string, password: string | null): KeyObject {
  const isEncrypted = /ENCRYPTED/.test(key)
  if (isEncrypted && (password === null || password === '')) {
    throw new Refusal('push.wrong_password', 'The key is protected by a password; give it along.')
  }
  try {
    return createPrivateKey({ key, format: 'pem', ...(isEncrypted ? { passphrase: password ?? '' } : {}) })
  } catch {
    if (isEncrypted)
      throw new Refusal('push.wrong_password', 'The password does not open the key, or the key is damaged.')
    throw unreadable('the key is no private key in PEM form')
  }
}

/** node-forge also opens the old ciphers that keychains write and OpenSSL does not read any more. */
function fromPkcs12({ file, password }: Extract<PushUpload, { format: 'pkcs12' }>): Found {
  const opened = openPkcs12(file, password)
  const bagsOf = (type: string) => opened.getBags({ bagType: type })[type] ?? []
  const certificates = bagsOf(bagType('certBag')).flatMap(({ cert, asn1 }) => {
    const der = cert === undefined ? asn1 : forge.pki.certificateToAsn1(cert)
    return der === undefined ? [] : [readX509(Buffer.from(forge.asn1.toDer(der).getBytes(), 'binary'))]
  })
  const keys = [...bagsOf(bagType('pkcs8ShroudedKeyBag')), ...bagsOf(bagType('keyBag'))]
  const key = keys.find((bag) => bag.key !== undefined && bag.key !== null)?.key
  if (certificates.length === 0) throw unreadable('it holds no certificate')
  return {
    certificates,
    privateKey: key === undefined || key === null ? undefined : readKey(forge.pki.privateKeyToPem(key), null),
  }
}

function bagType(name: string): string {
  const value: unknown = Reflect.get(forge.pki.oids, name)
  return typeof value === 'string' ? value : ''
}

function openPkcs12(file: Buffer, password: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('binary')), password)
  } catch (error) {
    const isPassword =
      error instanceof Error && /mac could not be verified|invalid password/i.test(error.message)
    if (isPassword)
      throw new Refusal(
        'push.wrong_password',
        'The password does not open the file; give the one it was exported with.',
      )
    throw unreadable('it is no PKCS #12 file (.p12, .pfx)')
  }
}

const unreadable = (why: string): Refusal =>
  new Refusal('push.unreadable', `The file cannot be read: ${why}. Download it again, or export it anew.`)

const userId = '0.9.2342.19200300.100.1.1'

/** The user id in the subject, when it is a topic. */
function topicOf({ raw }: X509Certificate): string | undefined {
  const { subject } = certificateParts(readDer(raw))
  for (const names of readDer(subject).children) {
    for (const name of names.children) {
      const value = childAt(name, 1).content.toString('utf8')
      if (oidOf(childAt(name, 0)) === userId && isPushTopic(value)) return value
    }
  }
  return undefined
}
