/** Why a message of a device is not taken for that device's: for the log. The device is told nothing but 400. */

/** In the order in which they are looked for. */
export const signatureRefusals = [
  'signature.missing',
  'signature.too_large',
  'signature.not_base64',
  'signature.malformed',
  'signature.signers',
  'signature.content_type',
  'signature.no_certificate',
  'signature.digest_algorithm',
  'certificate.missing',
  'certificate.malformed',
  'certificate.key',
  'certificate.untrusted',
  'certificate.not_yet_valid',
  'certificate.expired',
  'certificate.usage',
  'signature.algorithm',
  'signature.wrong',
  'signature.time',
  'signature.body_changed',
] as const
/** Why a signature or a certificate proves nothing. */
export type SignatureRefusal = (typeof signatureRefusals)[number]

/** A signature, or a certificate that a proxy passed on, that proves nothing. */
export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused'
  readonly code: SignatureRefusal

  constructor(code: SignatureRefusal, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
