/** Writes DER (X.690), for signed and encrypted messages. */
import { tags } from './der.ts'

/** An element of this tag with these parts one after another. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

/** A SEQUENCE of parts that are encoded already. */
export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(tags.sequence, ...parts)

/** A SET OF: its parts are sorted, as DER wants. */
export const setOf = (...parts: readonly Uint8Array[]): Buffer =>
  element(tags.set, ...parts.toSorted((a, b) => Buffer.compare(a, b)))

/** An OCTET STRING of these bytes. */
export const octetString = (bytes: Uint8Array): Buffer => element(tags.octetString, bytes)

/** NULL. */
export const nothing: Buffer = element(0x05)

/** A small whole number, not negative. */
export const integer = (value: number): Buffer => element(tags.integer, Buffer.of(value))

/** Text of letters, digits and some marks. */
export const printable = (text: string): Buffer => element(0x13, Buffer.from(text, 'latin1'))

/** Text of any letters, as a UTF8String. */
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text))

/** Whole bytes as a BIT STRING. */
export const bitString = (bytes: Uint8Array): Buffer => element(tags.bitString, Buffer.of(0), bytes)

/** A constructed element with the tag [number] of its context. */
export const inContext = (number: number, ...parts: readonly Uint8Array[]): Buffer =>
  element(tags.context0 | number, ...parts)

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(tags.oid, ...[first * 40 + second, ...rest].map(base128))
}

function base128(value: number): Buffer {
  const bytes = [value % 128]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift((left % 128) | 0x80)
  }
  return Buffer.from(bytes)
}

/** A moment to the second, before 2050. */
export function utcTime(moment: Date): Buffer {
  const digits = moment.toISOString().replaceAll(/\D/g, '').slice(2, 14)
  return element(tags.utcTime, Buffer.from(`${digits}Z`))
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  return Buffer.concat([Buffer.of(0x80 | short.length), short])
}
