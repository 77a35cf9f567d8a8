import { X509Certificate } from 'node:crypto'
import { readCertificate } from '@apportion/server/mdm/identity'
import { longestSignature, type SignedRequest, verifyMdmSignature } from '@apportion/server/mdm/mdm-signature'
import { SignatureRefused } from '@apportion/server/mdm/signature-refused'
import fc from 'fast-check'
import forge from 'node-forge'
import { describe, expect, test } from 'vitest'
import {
  authorityExtensions,
  derOf,
  newTestAuthority,
  newTestCertificate,
  newTestKey,
  oid,
  type SignatureWishes,
  signedMessage,
  type TestCertificate,
} from '../support/test-identities.ts'

const now = new Date('2026-06-01T12:00:00Z')
const body = Buffer.from('<plist version="1.0"><dict><key>Status</key><string>Idle</string></dict></plist>')
const authority = newTestAuthority()
const older = newTestAuthority('An older authority')
const device = newTestCertificate({ issuer: authority })
const another = newTestCertificate({ issuer: authority, subject: 'another device' })
const authorities = [authority, older].map(({ der }) => new X509Certificate(der))

const request = (header: SignedRequest['header'], changes: Partial<SignedRequest> = {}): SignedRequest => ({
  header,
  body,
  authorities,
  now,
  allowSha1: false,
  ...changes,
})

const signed = (by: TestCertificate = device, wishes: SignatureWishes = {}) =>
  signedMessage(body, by, wishes).toString('base64')

function refusalOf(verify: () => unknown): string {
  try {
    verify()
    return 'accepted'
  } catch (error) {
    if (error instanceof SignatureRefused) return error.code
    throw error
  }
}

const partOf = (node: forge.asn1.Asn1, ...path: number[]): forge.asn1.Asn1 =>
  path.reduce((at: forge.asn1.Asn1, index) => {
    const child = Array.isArray(at.value) ? at.value[index] : undefined
    if (child === undefined) throw new Error(`There is no part ${index}`)
    return child
  }, node)
const bytesOf = ({ value }: forge.asn1.Asn1): string => (typeof value === 'string' ? value : '')
const childrenOf = (node: forge.asn1.Asn1): forge.asn1.Asn1[] => (Array.isArray(node.value) ? node.value : [])
const signedDataOf = (message: forge.asn1.Asn1) => partOf(message, 1, 0)
const signersOf = (message: forge.asn1.Asn1) =>
  partOf(message, 1, 0, childrenOf(signedDataOf(message)).length - 1)
const signerOf = (message: forge.asn1.Asn1) => partOf(signersOf(message), 0)
const attributeOf = (message: forge.asn1.Asn1, name: string) => {
  const found = childrenOf(partOf(signerOf(message), 3)).find(
    (each) => forge.asn1.derToOid(bytesOf(partOf(each, 0))) === oid(name),
  )
  if (found === undefined) throw new Error(`There is no attribute ${name}`)
  return found
}
const withOid = (node: forge.asn1.Asn1, dotted: string) => {
  node.value = forge.asn1.oidToDer(dotted).getBytes()
}

describe('A message with Mdm-Signature', () => {
  const accepted: [string, () => SignedRequest][] = [
    ['signed with SHA-256', () => request(signed())],
    ['signed with SHA-384', () => request(signed(device, { digest: 'sha384' }))],
    ['signed with SHA-512', () => request(signed(device, { digest: 'sha512' }))],
    [
      'signed with SHA-1 where the setting allows it',
      () => request(signed(device, { digest: 'sha1' }), { allowSha1: true }),
    ],
    [
      'whose signer is not the first of the certificates',
      () => request(signed(device, { certificates: [authority, another, device] })),
    ],
    ['that carries its content along, which is the body', () => request(signed(device, { attached: true }))],
    [
      'signed without attributes, over the body itself',
      () => request(signed(device, { withoutAttributes: true })),
    ],
    [
      'signed by a clock that is off by some days',
      () => request(signed(device, { signingTime: new Date('2025-12-28T00:00:00Z') })),
    ],
    [
      'whose outer layers leave their length open, as Apple’s encoder does',
      () => request(withOpenLengths(signedMessage(body, device)).toString('base64')),
    ],
  ]
  for (const [what, make] of accepted) {
    test(`is taken: ${what}`, () => {
      const identity = verifyMdmSignature(make())
      const known = new X509Certificate(device.der)
      expect(identity.certificate.equals(device.der)).toBe(true)
      expect(identity.serialNumber).toBe(known.serialNumber.toLowerCase())
      expect(identity.fingerprint.toString('hex')).toBe(
        known.fingerprint256.replaceAll(':', '').toLowerCase(),
      )
    })
  }

  test('is taken from a device of an authority that a newer one replaced', () => {
    const old = newTestCertificate({ issuer: older })
    expect(verifyMdmSignature(request(signed(old))).certificate.equals(old.der)).toBe(true)
  })

  const stranger = newTestAuthority()
  const selfSigned = newTestCertificate({ subject: 'device' })
  const wrongKey = { ...device, privateKey: another.privateKey }
  const refused: [string, () => SignedRequest, string][] = [
    ['no signature', () => request(undefined), 'signature.missing'],
    ['an empty one', () => request(''), 'signature.missing'],
    ['two headers', () => request([signed(), signed()]), 'signature.signers'],
    ['a megabyte', () => request('A'.repeat(1 << 20)), 'signature.too_large'],
    ['Base64 with a space', () => request(signed().replace('M', ' M')), 'signature.not_base64'],
    ['Base64 of another alphabet', () => request(`-_${signed().slice(2)}`), 'signature.not_base64'],
    ['two joined by a comma', () => request(`${signed()}, ${signed()}`), 'signature.not_base64'],
    ['Base64 of nothing known', () => request('AAAA'), 'signature.malformed'],
    [
      'bytes after the message',
      () => request(Buffer.concat([signedMessage(body, device), Buffer.from([5, 0])]).toString('base64')),
      'signature.malformed',
    ],
    [
      'a length that is not written the short way',
      () => request(withLongLength(signedMessage(body, device)).toString('base64')),
      'signature.malformed',
    ],
    [
      'elements a thousand deep',
      () => request(Buffer.alloc(2000, Buffer.from([0x30, 0x80])).toString('base64')),
      'signature.malformed',
    ],
    [
      'more elements than a signature has',
      () =>
        request(
          Buffer.concat([
            Buffer.from([0x30, 0x82, 0x75, 0x30]),
            Buffer.alloc(30_000, Buffer.from([5, 0])),
          ]).toString('base64'),
        ),
      'signature.malformed',
    ],
    [
      'a message of another type',
      () =>
        request(signed(device, { change: (message) => withOid(partOf(message, 0), oid('envelopedData')) })),
      'signature.malformed',
    ],
    [
      'two signers',
      () => request(signed(device, { signers: [device, another], certificates: [device, another] })),
      'signature.signers',
    ],
    [
      'no signer',
      () =>
        request(
          signed(device, {
            change: (message) => {
              signersOf(message).value = []
            },
          }),
        ),
      'signature.signers',
    ],
    [
      'a content of another type',
      () =>
        request(
          signed(device, {
            change: (message) => withOid(partOf(signedDataOf(message), 2, 0), oid('envelopedData')),
          }),
        ),
      'signature.content_type',
    ],
    [
      'an attribute that names another type',
      () =>
        request(
          signed(device, {
            change: (message) =>
              withOid(partOf(attributeOf(message, 'contentType'), 1, 0), oid('envelopedData')),
          }),
        ),
      'signature.content_type',
    ],
    [
      'no certificate of the signer',
      () => request(signed(device, { certificates: [another] })),
      'signature.no_certificate',
    ],
    [
      'SHA-1 where the setting does not allow it',
      () => request(signed(device, { digest: 'sha1' })),
      'signature.digest_algorithm',
    ],
    [
      'MD5',
      () =>
        request(
          signed(device, { change: (message) => withOid(partOf(signerOf(message), 2, 0), oid('md5')) }),
          { allowSha1: true },
        ),
      'signature.digest_algorithm',
    ],
    [
      'a body changed by one byte',
      () => request(signed(), { body: Buffer.from(body.toString().replace('Idle', 'Idlf')) }),
      'signature.body_changed',
    ],
    [
      'a body with a byte more',
      () => request(signed(), { body: Buffer.concat([body, Buffer.from(' ')]) }),
      'signature.body_changed',
    ],
    [
      'a content along that differs from the body',
      () => request(signedMessage(Buffer.from('other'), device, { attached: true }).toString('base64')),
      'signature.body_changed',
    ],
    [
      'no digest of the body',
      () =>
        request(
          signed(device, {
            change: (message) => withOid(partOf(attributeOf(message, 'messageDigest'), 0), '1.2.3.4'),
          }),
        ),
      'signature.malformed',
    ],
    [
      'the digest twice, once right',
      () =>
        request(
          signed(device, {
            change: (message) => {
              const list = partOf(signerOf(message), 3)
              list.value = [...childrenOf(list), attributeOf(message, 'messageDigest')]
            },
          }),
        ),
      'signature.malformed',
    ],
    [
      'a right digest under a wrong signature',
      () =>
        request(
          signed(device, {
            change: (message) => {
              const signature = partOf(signerOf(message), 5)
              signature.value = bytesOf(signature).replace(/^./s, (first) => (first === 'a' ? 'b' : 'a'))
            },
          }),
        ),
      'signature.wrong',
    ],
    ['a right digest signed with another key', () => request(signed(wrongKey)), 'signature.wrong'],
    [
      'a signature of a hash that its algorithm does not name',
      () =>
        request(
          signed(device, {
            change: (message) => withOid(partOf(signerOf(message), 4, 0), oid('sha512WithRSAEncryption')),
          }),
        ),
      'signature.algorithm',
    ],
    [
      'an algorithm for elliptic curves',
      () =>
        request(
          signed(device, {
            change: (message) => withOid(partOf(signerOf(message), 4, 0), '1.2.840.10045.4.3.2'),
          }),
        ),
      'signature.algorithm',
    ],
    ['signed attributes passed off as a body', () => request(...attributesAsBody()), 'signature.wrong'],
    [
      'an authority of the same name that is not ours',
      () => request(signed(newTestCertificate({ issuer: stranger }))),
      'certificate.untrusted',
    ],
    ['a certificate that signed itself', () => request(signed(selfSigned)), 'certificate.untrusted'],
    [
      'a certificate under a device’s',
      () => request(signed(newTestCertificate({ issuer: device }))),
      'certificate.untrusted',
    ],
    ['the authority itself', () => request(signed(authority)), 'certificate.usage'],
    [
      'an expired certificate',
      () =>
        request(signed(newTestCertificate({ issuer: authority, until: new Date('2026-06-01T11:59:59Z') }))),
      'certificate.expired',
    ],
    [
      'a certificate that is not valid yet',
      () =>
        request(signed(newTestCertificate({ issuer: authority, from: new Date('2026-06-01T12:00:01Z') }))),
      'certificate.not_yet_valid',
    ],
    [
      'a certificate that is not for clients',
      () =>
        request(
          signed(
            newTestCertificate({
              issuer: authority,
              extensions: [
                { name: 'keyUsage', digitalSignature: true },
                { name: 'extKeyUsage', serverAuth: true },
              ],
            }),
          ),
        ),
      'certificate.usage',
    ],
    [
      'a certificate without any purpose',
      () => request(signed(newTestCertificate({ issuer: authority, extensions: [] }))),
      'certificate.usage',
    ],
    [
      'a certificate whose key only encrypts',
      () =>
        request(
          signed(
            newTestCertificate({
              issuer: authority,
              extensions: [
                { name: 'keyUsage', keyEncipherment: true },
                { name: 'extKeyUsage', clientAuth: true },
              ],
            }),
          ),
        ),
      'certificate.usage',
    ],
    [
      'a certificate that may issue others',
      () =>
        request(
          signed(
            newTestCertificate({
              issuer: authority,
              extensions: [...authorityExtensions, { name: 'extKeyUsage', clientAuth: true }],
            }),
          ),
        ),
      'certificate.usage',
    ],
    [
      'a key of 1024 bits',
      () => request(signed(newTestCertificate({ issuer: authority, key: newTestKey(1024) }))),
      'certificate.key',
    ],
    [
      'a key with the exponent 3',
      () => request(signed(newTestCertificate({ issuer: authority, key: newTestKey(2048, 3) }))),
      'certificate.key',
    ],
    [
      'a moment of signing long before the certificate',
      () => request(signed(device, { signingTime: new Date('2025-06-01T00:00:00Z') })),
      'signature.time',
    ],
    ['no authority at all', () => request(signed(), { authorities: [] }), 'certificate.untrusted'],
  ]
  for (const [what, make, code] of refused) {
    test(`is refused: ${what} (${code})`, () => {
      expect(refusalOf(() => verifyMdmSignature(make()))).toBe(code)
    })
  }

  test('of any bytes at all is refused and never breaks anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(refusalOf(() => verifyMdmSignature(request(Buffer.from(bytes).toString('base64'))))).not.toBe(
          'accepted',
        )
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(refusalOf(() => verifyMdmSignature(request(text)))).not.toBe('accepted')
      }),
    )
  })

  test('that was changed anywhere is refused, or changed where nothing is said, and never breaks anything', () => {
    const message = signedMessage(body, device)
    const change = fc.record({ at: fc.nat(message.length - 1), to: fc.nat(255), cut: fc.boolean() })
    fc.assert(
      fc.property(change, ({ at, to, cut }) => {
        const changed = Buffer.from(cut ? message.subarray(0, at) : message)
        if (!cut) changed[at] = to
        const verdict = refusalOf(() => verifyMdmSignature(request(changed.toString('base64'))))
        // The version numbers and the list of digests in front bind nothing; whoever is accepted is still the signer.
        if (verdict === 'accepted') {
          expect(verifyMdmSignature(request(changed.toString('base64'))).certificate.equals(device.der)).toBe(
            true,
          )
        }
        const otherBody = Buffer.concat([body, Buffer.of(to)])
        expect(
          refusalOf(() => verifyMdmSignature(request(changed.toString('base64'), { body: otherBody }))),
        ).not.toBe('accepted')
      }),
      { numRuns: 1500 },
    )
  })

  test('may be as long as a chain of certificates needs', () => {
    const chain = [device, authority, older, another, stranger, selfSigned]
    const header = signed(device, { certificates: chain })
    expect(header.length).toBeLessThan(longestSignature)
    expect(verifyMdmSignature(request(header)).certificate.equals(device.der)).toBe(true)
  })
})

describe('A certificate', () => {
  test('that Node reads and we do not is refused, not thrown through', () => {
    expect(refusalOf(() => readCertificate(Buffer.from('no certificate')))).toBe('certificate.malformed')
  })
})

/** ContentInfo, its content and SignedData with open lengths. */
function withOpenLengths(message: Buffer): Buffer {
  const root = forge.asn1.fromDer(message.toString('binary'))
  const open = (tag: number, ...content: Buffer[]) =>
    Buffer.concat([Buffer.of(tag, 0x80), ...content, Buffer.of(0, 0)])
  const inner = open(0x30, ...childrenOf(signedDataOf(root)).map(derOf))
  return open(0x30, derOf(partOf(root, 0)), open(0xa0, inner))
}

/** The outermost length in five bytes where three are enough. */
function withLongLength(message: Buffer): Buffer {
  const content = message.subarray(4)
  const head = Buffer.of(0x30, 0x84, 0, 0, 0, 0)
  head.writeUInt32BE(content.length, 2)
  return Buffer.concat([head, content])
}

/** What a device signed as attributes, sent as a body that was signed without any. */
function attributesAsBody(): [string, { readonly body: Buffer }] {
  let attributes: Buffer = Buffer.alloc(0)
  const header = signed(device, {
    change: (message) => {
      const list = partOf(signerOf(message), 3)
      attributes = derOf(list)
      attributes[0] = 0x31
      signerOf(message).value = childrenOf(signerOf(message)).filter((each) => each !== list)
    },
  })
  return [header, { body: attributes }]
}
