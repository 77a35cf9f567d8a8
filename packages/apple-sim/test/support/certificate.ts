/** A certificate for 127.0.0.1, signed by itself, made on the spot so that no key lies in the repository. */
import { generateKeyPairSync, sign } from 'node:crypto'

const [SEQUENCE, SET, INTEGER, BITS, OCTETS, OID, UTF8, TIME, BOOLEAN] = [
  0x30, 0x31, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x01,
]

/** One element of the Distinguished Encoding Rules. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const oid = (...bytes: readonly number[]): Buffer => der(OID, Buffer.from(bytes))
const bits = (content: Uint8Array): Buffer => der(BITS, Buffer.from([0]), content)

function extension(name: Buffer, value: Buffer): Buffer {
  return der(SEQUENCE, name, der(BOOLEAN, Buffer.from([0xff])), der(OCTETS, value))
}

/** The certificate and its key as PEM. */
export function selfSignedCertificate(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signedWith = der(SEQUENCE, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const commonName = der(SEQUENCE, oid(0x55, 0x04, 0x03), der(UTF8, Buffer.from('127.0.0.1')))
  const name = der(SEQUENCE, der(SET, commonName))
  const moments = ['200101000000Z', '491231235959Z'].map((moment) => der(TIME, Buffer.from(moment)))
  const address = der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])))
  const authority = der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff])))
  const extensions = der(
    SEQUENCE,
    extension(oid(0x55, 0x1d, 0x11), address),
    extension(oid(0x55, 0x1d, 0x13), authority),
  )
  const content = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    signedWith,
    name,
    der(SEQUENCE, ...moments),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const certificate = der(SEQUENCE, content, signedWith, bits(sign('sha256', content, privateKey)))
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
