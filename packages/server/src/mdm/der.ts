/**
 * ASN.1 as strangers send it: read into a tree of slices of the very bytes that came, in bounded time and memory. What
 * was signed can so be checked byte by byte. Strict DER (X.690), except that lengths may be left open where a caller
 * allows it: Apple's own encoder of signed messages writes the outer layers so.
 */

/** One element. */
export interface DerNode {
  /** The identifier octet: class, whether it is constructed, number. */
  readonly tag: number
  /** The whole element, as it came. */
  readonly raw: Buffer
  readonly content: Buffer
  /** The elements in a constructed one; none in a primitive one. */
  readonly children: readonly DerNode[]
}

/** Bytes that are no such ASN.1. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

/** How much is read, and whether only DER is. */
export interface DerLimits {
  /** Elements at most; 2,000 when left out. */
  readonly mostNodes?: number
  /** Whether constructed elements may have an open length (BER). */
  readonly openLengths?: boolean
}

/** The identifier octets that we meet. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  octetStringInPieces: 0x24,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
  context3: 0xa3,
  context0Primitive: 0x80,
} as const

const deepest = 24

interface Reading {
  readonly bytes: Buffer
  readonly openLengths: boolean
  nodesLeft: number
}

/** The one element that the bytes are. Throws `DerError` for anything else, also for bytes after it. */
export function readDer(bytes: Uint8Array, limits: DerLimits = {}): DerNode {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reading = {
    bytes: buffer,
    openLengths: limits.openLengths ?? false,
    nodesLeft: limits.mostNodes ?? 2000,
  }
  const node = readNode(reading, { at: 0, end: buffer.length, depth: 0 })
  if (node.raw.length !== buffer.length) throw new DerError('There are bytes after the element')
  return node
}

interface Place {
  readonly at: number
  readonly end: number
  readonly depth: number
}

function readNode(reading: Reading, { at, end, depth }: Place): DerNode {
  if (depth > deepest) throw new DerError('The elements are too deep in one another')
  reading.nodesLeft -= 1
  if (reading.nodesLeft < 0) throw new DerError('There are too many elements')
  const { bytes } = reading
  const tag = byteAt(reading, at, end)
  if ((tag & 0x1f) === 0x1f || tag === 0) throw new DerError(`The tag ${tag} is not expected`)
  const isConstructed = (tag & 0x20) !== 0
  const length = readLength(reading, at + 1, end)
  if (length.value === 'open') {
    if (!isConstructed || !reading.openLengths) throw new DerError('The length is left open')
    return readOpen(reading, { tag, at, from: length.next, end, depth })
  }
  const stop = length.next + length.value
  if (stop > end) throw new DerError('The element is cut off')
  const children: DerNode[] = []
  for (let next = length.next; isConstructed && next < stop; ) {
    const child = readNode(reading, { at: next, end: stop, depth: depth + 1 })
    children.push(child)
    next += child.raw.length
  }
  return { tag, raw: bytes.subarray(at, stop), content: bytes.subarray(length.next, stop), children }
}

/** Up to two zero bytes (X.690, 8.1.5). */
function readOpen(
  reading: Reading,
  { tag, at, from, end, depth }: Place & { readonly tag: number; readonly from: number },
): DerNode {
  const { bytes } = reading
  const children: DerNode[] = []
  let next = from
  while (byteAt(reading, next, end) !== 0) {
    const child = readNode(reading, { at: next, end, depth: depth + 1 })
    children.push(child)
    next += child.raw.length
  }
  if (byteAt(reading, next + 1, end) !== 0) throw new DerError('The end of an element is damaged')
  return { tag, raw: bytes.subarray(at, next + 2), content: bytes.subarray(from, next), children }
}

function readLength(
  reading: Reading,
  at: number,
  end: number,
): { readonly value: number | 'open'; readonly next: number } {
  const first = byteAt(reading, at, end)
  if (first < 0x80) return { value: first, next: at + 1 }
  if (first === 0x80) return { value: 'open', next: at + 1 }
  const count = first & 0x7f
  if (count > 4) throw new DerError('A length is too large')
  let value = 0
  for (let index = 1; index <= count; index++) value = value * 256 + byteAt(reading, at + index, end)
  if (value < 0x80 || value < 256 ** (count - 1)) throw new DerError('A length is not written the short way')
  return { value, next: at + 1 + count }
}

function byteAt({ bytes }: Reading, at: number, end: number): number {
  const byte = at < end ? bytes[at] : undefined
  if (byte === undefined) throw new DerError('The element is cut off')
  return byte
}

/** The element at a place, which must have this tag. */
export function childAt(node: DerNode, index: number, tag?: number): DerNode {
  const child = node.children[index]
  if (child === undefined) throw new DerError(`An element has only ${node.children.length} parts`)
  if (tag !== undefined) expectTag(child, tag)
  return child
}

/** Throws `DerError` when the element is another. */
export function expectTag(node: DerNode, tag: number): void {
  if (node.tag !== tag) throw new DerError(`There is the tag ${node.tag} where ${tag} belongs`)
}

/** An object identifier in dotted form. */
export function oidOf(node: DerNode): string {
  expectTag(node, tags.oid)
  const { content } = node
  const last = content.at(-1)
  if (last === undefined || last >= 0x80 || content.length > 64) {
    throw new DerError('An object identifier is damaged')
  }
  const arcs: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (!Number.isSafeInteger(value)) throw new DerError('An object identifier is too large')
    if (byte >= 0x80) continue
    arcs.push(value)
    value = 0
  }
  const [head = 0, ...rest] = arcs
  const root = Math.min(Math.floor(head / 40), 2)
  return [root, head - root * 40, ...rest].join('.')
}

/** The bytes of an OCTET STRING, also of one in pieces, under its own tag or a context's. */
export function octetsOf(node: DerNode): Buffer {
  if (node.children.length === 0) return node.content
  for (const piece of node.children) expectTag(piece, tags.octetString)
  return Buffer.concat(node.children.map(({ content }) => content))
}
