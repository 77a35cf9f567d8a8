/** The parts of an X.509 certificate that Node does not give, as raw bytes (RFC 5280, 4.1). */
import { childAt, type DerNode, expectTag, octetsOf, oidOf, readDer, tags } from './der.ts'

/** A certificate in parts; all are slices of what came. */
export interface CertificateParts {
  readonly raw: Buffer
  /** The number's bytes. */
  readonly serialNumber: Buffer
  /** Names as they are written there. */
  readonly issuer: Buffer
  readonly subject: Buffer
  /** By object identifier: what is in each extension. */
  readonly extensions: ReadonlyMap<string, Buffer>
}

const extensionIds = { subjectKeyIdentifier: '2.5.29.14', keyUsage: '2.5.29.15' }

/** Throws `DerError`. */
export function certificateParts(node: DerNode): CertificateParts {
  expectTag(node, tags.sequence)
  const body = childAt(node, 0, tags.sequence)
  // A certificate of version 1 does not say its version.
  const first = childAt(body, 0).tag === tags.context0 ? 1 : 0
  return {
    raw: node.raw,
    serialNumber: childAt(body, first, tags.integer).content,
    issuer: childAt(body, first + 2, tags.sequence).raw,
    subject: childAt(body, first + 4, tags.sequence).raw,
    extensions: extensionsOf(body),
  }
}

function extensionsOf(body: DerNode): ReadonlyMap<string, Buffer> {
  const holder = body.children.find(({ tag }) => tag === tags.context3)
  const found = new Map<string, Buffer>()
  if (holder === undefined) return found
  for (const extension of childAt(holder, 0, tags.sequence).children) {
    const value = extension.children.at(-1)
    if (value !== undefined) found.set(oidOf(childAt(extension, 0)), octetsOf(value))
  }
  return found
}

/** Whether the certificate says that its key makes signatures. */
export function hasDigitalSignatureUsage({ extensions }: CertificateParts): boolean {
  const usage = extensions.get(extensionIds.keyUsage)
  if (usage === undefined) return false
  const bits = readDer(usage)
  expectTag(bits, tags.bitString)
  // The first byte counts unused bits; digitalSignature is the highest bit of the second.
  return ((bits.content[1] ?? 0) & 0x80) !== 0
}

/** What `SubjectKeyIdentifier` says; undefined where there is none. */
export function subjectKeyIdentifierOf({ extensions }: CertificateParts): Buffer | undefined {
  const identifier = extensions.get(extensionIds.subjectKeyIdentifier)
  return identifier === undefined ? undefined : octetsOf(readDer(identifier))
}
