/** Distinguished Encoding Rules: written here by concatenation, since devices sign often; read by node-forge. */
import forge from 'node-forge'

/** An element as it was read. */
export type DerNode = forge.asn1.Asn1

/** One element; 16 MiB is far past anything that is written here. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content])
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length]
  if (length < 0x100) return [0x81, length]
  if (length < 0x10000) return [0x82, length >> 8, length & 0xff]
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
}

/** One element whose length is left open, as Apple's encoder of signed messages writes the outer ones (BER). */
export function open(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])])
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts)
export const octets = (content: Uint8Array): Buffer => der(0x04, content)
/** Whole octets: no bit is unused. */
export const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content)
export const printable = (text: string): Buffer => der(0x13, Buffer.from(text, 'latin1'))
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))
export const nothing = (): Buffer => der(0x05)
/** Context-specific and constructed: `[number]`. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  der(0xa0 | number, ...parts)

/** A set, its elements in the order of their octets as DER demands. */
export function set(...elements: readonly Uint8Array[]): Buffer {
  return der(0x31, ...elements.toSorted((a, b) => Buffer.compare(a, b)))
}

/** A whole number that is not negative, given as octets. */
export function integer(value: Uint8Array | number): Buffer {
  const given = typeof value === 'number' ? Buffer.from([value]) : Buffer.from(value)
  const first = given.findIndex((octet) => octet !== 0)
  const trimmed = first < 0 ? Buffer.from([0]) : given.subarray(first)
  const isHigh = (trimmed[0] ?? 0) >= 0x80
  return der(0x02, ...(isHigh ? [Buffer.from([0]), trimmed] : [trimmed]))
}

/** An object identifier in its dotted form. */
export function oid(dotted: string): Buffer {
  const octetsOf: string = forge.asn1.oidToDer(dotted).getBytes()
  return der(0x06, Buffer.from(octetsOf, 'latin1'))
}

/** A moment to the second, as `UTCTime` until 2049 and `GeneralizedTime` after. */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

/** Reads one element that fills the octets; throws an error of node-forge for anything else. */
export function readDer(content: Uint8Array): DerNode {
  const buffer = forge.util.createBuffer(Buffer.from(content).toString('latin1'))
  return forge.asn1.fromDer(buffer, true)
}

/** The octets of an element with its tag; for DER these are the ones that were read. */
export function octetsOf(node: DerNode): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
}

/** The elements in one; throws where it has none. */
export function partsOf(node: DerNode | undefined): readonly DerNode[] {
  if (node === undefined || !Array.isArray(node.value)) throw new TypeError('An element has no parts')
  return node.value
}

/** The element at a place; throws where there is none. */
export function partAt(node: DerNode | undefined, place: number): DerNode {
  const part = partsOf(node)[place]
  if (part === undefined) throw new TypeError(`An element has no part ${place}`)
  return part
}

/** The content of an element without parts. Of one that was sent in pieces, the pieces together. */
export function contentOf(node: DerNode | undefined): Buffer {
  if (node === undefined) throw new TypeError('An element is missing')
  if (typeof node.value === 'string') return Buffer.from(node.value, 'latin1')
  return Buffer.concat(node.value.map(contentOf))
}

/** The octets of a bit string, whole octets: node-forge may have taken them for elements, so the encoding is read. */
export function bitsOf(node: DerNode | undefined): Buffer {
  if (node === undefined) throw new TypeError('An element is missing')
  const encoded = octetsOf(node)
  const first = encoded[1] ?? 0
  // Tag, length, and the number of unused bits.
  return encoded.subarray((first < 0x80 ? 2 : 2 + (first & 0x7f)) + 1)
}

/** The identifier in an element, dotted. */
export function oidOf(node: DerNode | undefined): string {
  return forge.asn1.derToOid(forge.util.createBuffer(contentOf(node).toString('latin1')))
}

/** Whether an element is `[number]`. */
export function isTagged(node: DerNode | undefined, number: number): boolean {
  return node?.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && Number(node.type) === number
}
