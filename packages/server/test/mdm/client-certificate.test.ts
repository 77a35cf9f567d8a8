import { X509Certificate } from 'node:crypto'
import { verifyClientCertificate } from '@apportion/server/mdm/client-certificate'
import { SignatureRefused } from '@apportion/server/mdm/signature-refused'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newTestAuthority, newTestCertificate } from '../support/test-identities.ts'

const now = new Date('2026-06-01T12:00:00Z')
const authority = newTestAuthority()
const device = newTestCertificate({ issuer: authority })
const authorities = [new X509Certificate(authority.der)]
const verify = (header: string | readonly string[] | undefined) =>
  verifyClientCertificate({ header, authorities, now })

function refusalOf(header: string | readonly string[] | undefined): string {
  try {
    verify(header)
    return 'accepted'
  } catch (error) {
    if (error instanceof SignatureRefused) return error.code
    throw error
  }
}

const sequence = (der: Buffer) => `:${der.toString('base64')}:`
const pem = new X509Certificate(device.der).toString()

describe('A certificate that a proxy passes on', () => {
  const accepted: [string, string][] = [
    ['as RFC 9440 writes it', sequence(device.der)],
    ['as escaped PEM', encodeURIComponent(pem)],
    ['as PEM of which only line ends are escaped', pem.replaceAll('\n', '%0A')],
  ]
  for (const [what, header] of accepted) {
    test(`is taken ${what}`, () => {
      expect(verify(header).certificate.equals(device.der)).toBe(true)
    })
  }

  const other = newTestCertificate({ issuer: newTestAuthority() })
  const refused: [string, string | readonly string[] | undefined, string][] = [
    ['that is not there', undefined, 'certificate.missing'],
    ['that is empty', '', 'certificate.missing'],
    ['that came twice', [sequence(device.der), sequence(device.der)], 'certificate.malformed'],
    ['with a list after it', `${sequence(device.der)}, ${sequence(device.der)}`, 'certificate.malformed'],
    ['in two blocks of PEM', encodeURIComponent(pem + pem), 'certificate.malformed'],
    ['with a broken escape', '%E0%A4%A', 'certificate.malformed'],
    ['of nothing', '::', 'certificate.malformed'],
    ['that is no certificate', ':AAAA:', 'certificate.malformed'],
    ['with bytes after it', sequence(Buffer.concat([device.der, Buffer.of(5, 0)])), 'certificate.malformed'],
    ['that is too long', `:${'A'.repeat(200_000)}:`, 'certificate.malformed'],
    ['of an authority of the same name', sequence(other.der), 'certificate.untrusted'],
    ['that is the authority’s own', sequence(authority.der), 'certificate.usage'],
    [
      'that has expired',
      sequence(newTestCertificate({ issuer: authority, until: new Date('2026-05-31T00:00:00Z') }).der),
      'certificate.expired',
    ],
    [
      'that is not for clients',
      sequence(
        newTestCertificate({
          issuer: authority,
          extensions: [
            { name: 'keyUsage', digitalSignature: true },
            { name: 'extKeyUsage', serverAuth: true },
          ],
        }).der,
      ),
      'certificate.usage',
    ],
  ]
  for (const [what, header, code] of refused) {
    test(`${what} is refused (${code})`, () => {
      expect(refusalOf(header)).toBe(code)
    })
  }

  test('of any text is refused and never breaks anything', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(refusalOf(text)).not.toBe('accepted')
      }),
    )
    fc.assert(
      fc.property(fc.nat(device.der.length - 1), fc.nat(255), (at, to) => {
        const changed = Buffer.from(device.der)
        if (changed[at] === to) return
        changed[at] = to
        expect(refusalOf(sequence(changed))).not.toBe('accepted')
      }),
      { numRuns: 500 },
    )
  })
})
