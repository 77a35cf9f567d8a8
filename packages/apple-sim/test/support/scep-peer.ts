/** The SCEP half of the management server of tests. */
import { randomBytes } from 'node:crypto'
import forge from 'node-forge'
import {
  at,
  C,
  certify,
  checkSigned,
  context,
  DATA,
  derOf,
  ENVELOPED,
  int,
  issuerOf,
  type Node,
  nothing,
  octets,
  oid,
  oidAt,
  type PeerIdentity,
  printable,
  RSA,
  SIGNED,
  seq,
  serialOf,
  set,
  signAttached,
  textAt,
} from './mdm-peer-crypto.ts'

const { asn1, pki } = forge
const SCEP = '2.16.840.1.113733.1.9.'

export interface ScepAnswerWish {
  readonly status: 'success' | 'failure' | 'pending'
  /** Signs instead of the authority. */
  readonly signer?: PeerIdentity
  /** Repeats another nonce than the one that was sent. */
  readonly wrongNonce?: boolean
}

/** A request for an identity, opened and checked. */
export interface ScepRequest {
  readonly challenge: string
  readonly subject: string
  readonly messageType: string
  readonly transactionId: string
  readonly publicKeySha1: string
  readonly answer: (wish: ScepAnswerWish) => Buffer
}

/** Opens a PKIOperation. Throws with the reason for everything that is not to the letter. */
export function openScepRequest(bytes: Buffer, authority: PeerIdentity): ScepRequest {
  const { certificate: sender, content = '', attributes } = checkSigned(bytes)
  const envelope = asn1.fromDer(forge.util.createBuffer(content), true)
  if (oidAt(envelope, 0) !== ENVELOPED) throw new Error('no EnvelopedData')
  const recipient = at(envelope, 1, 0, 1, 0)
  const own = pki.certificateToAsn1(authority.certificate)
  if (derOf(at(recipient, 1, 1)) !== derOf(serialOf(own))) throw new Error('an envelope for somebody else')
  const key = authority.key.decrypt(textAt(recipient, 3), 'RSAES-PKCS1-V1_5')
  const opened = decrypt(at(envelope, 1, 0, 2), key)
  const transactionId = textAt(attributes.get(`${SCEP}7`))
  const messageType = textAt(attributes.get(`${SCEP}2`))
  const nonce = textAt(attributes.get(`${SCEP}5`))
  const spki = derOf(pki.publicKeyToAsn1(sender.publicKey))
  const publicKeySha1 = forge.md.sha1.create().update(spki).digest().toHex().toUpperCase()
  const request = messageType === '19' ? checkRequest(opened) : undefined
  return {
    challenge: request?.challenge ?? '',
    subject: request?.subject ?? '',
    messageType,
    transactionId,
    publicKeySha1,
    answer: ({ status, signer = authority, wrongNonce = false }) => {
      const issued = status === 'success' ? issue(sender, authority) : ''
      const code = { success: '0', failure: '2', pending: '3' }[status]
      return signAttached(issued, signer, [
        [`${SCEP}2`, printable('3')],
        [`${SCEP}3`, printable(code)],
        ...(status === 'failure' ? [[`${SCEP}4`, printable('2')] as const] : []),
        [`${SCEP}5`, octets(forge.random.getBytesSync(16))],
        [`${SCEP}6`, octets(wrongNonce ? forge.random.getBytesSync(16) : nonce)],
        [`${SCEP}7`, printable(transactionId)],
      ])
    },
  }
}

function decrypt(encrypted: Node, key: string): string {
  const cipher = forge.cipher.createDecipher('AES-CBC', key)
  cipher.start({ iv: textAt(encrypted, 1, 1) })
  cipher.update(forge.util.createBuffer(textAt(encrypted, 2)))
  if (!cipher.finish()) throw new Error('an envelope that cannot be opened')
  return cipher.output.getBytes()
}

function checkRequest(der: string): { readonly challenge: string; readonly subject: string } {
  const csr = pki.certificationRequestFromAsn1(asn1.fromDer(forge.util.createBuffer(der), true))
  if (!csr.verify()) throw new Error('a request that is not signed with its key')
  const { value } = csr.getAttribute({ name: 'challengePassword' }) ?? {}
  const subject = csr.subject.attributes.map((one) => `${one.shortName}=${String(one.value)}`).join(',')
  return { challenge: String(value), subject }
}

/** The identity for the key of the request, in an envelope to its sender. */
function issue(sender: forge.pki.Certificate, authority: PeerIdentity): string {
  const leaf = pki.certificateToAsn1(
    certify(sender.publicKey, `device ${randomBytes(4).toString('hex')}`, authority),
  )
  const certificates = derOf(
    seq(oid(SIGNED), context(0, seq(int(1), set(), seq(oid(DATA)), context(0, leaf), set()))),
  )
  const [key, iv] = [forge.random.getBytesSync(16), forge.random.getBytesSync(16)]
  const cipher = forge.cipher.createCipher('AES-CBC', key)
  cipher.start({ iv })
  cipher.update(forge.util.createBuffer(certificates))
  cipher.finish()
  const to = pki.certificateToAsn1(sender)
  const { publicKey } = sender
  if (!('encrypt' in publicKey)) throw new Error('no RSA key')
  const recipient = seq(
    int(0),
    seq(issuerOf(to), serialOf(to)),
    seq(oid(RSA), nothing()),
    octets(publicKey.encrypt(key, 'RSAES-PKCS1-V1_5')),
  )
  const content = asn1.create(C, 0, false, cipher.output.getBytes())
  const algorithm = seq(oid('2.16.840.1.101.3.4.1.2'), octets(iv))
  return derOf(
    seq(oid(ENVELOPED), context(0, seq(int(0), set(recipient), seq(oid(DATA), algorithm, content)))),
  )
}
