/** Identifiers of our own rows: UUID version 7 (RFC 9562, 5.7), which sort by the time they were made. */
import { randomFillSync } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Makes a new identifier, lower case with hyphens. */
export type NewId = () => string

/** Fills a buffer with random bytes. The default is the operating system's generator. */
export type FillRandom = (bytes: Uint8Array) => void

const systemRandom: FillRandom = (bytes) => {
  randomFillSync(bytes)
}

/**
 * A source of identifiers. Within one source they never go backwards, even when several are made in
 * the same millisecond or the clock is set back, so that rows keep the order in which they were made.
 */
export function createIdSource(clock: Pick<Clock, 'now'>, fillRandom: FillRandom = systemRandom): NewId {
  let last = { millisecond: -1, counter: 0 }
  return () => {
    const now = Math.max(clock.now().getTime(), last.millisecond)
    const counter = now === last.millisecond ? last.counter + 1 : 0
    // 12 bits of counter (RFC 9562, 6.2 method 1); past 4,095 in one millisecond we borrow the next one.
    last = counter > 0xfff ? { millisecond: now + 1, counter: 0 } : { millisecond: now, counter }
    return formatUuidV7(last.millisecond, last.counter, fillRandom)
  }
}

function formatUuidV7(millisecond: number, counter: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(16)
  fillRandom(bytes.subarray(8))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(millisecond / 0x1_0000_0000))
  view.setUint32(2, millisecond % 0x1_0000_0000)
  view.setUint16(6, 0x7000 | counter)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The identifier in lower case, or undefined when the text is not a UUID of any version. */
export function parseUuid(text: string): string | undefined {
  const lower = text.toLowerCase()
  return uuidForm.test(lower) ? lower : undefined
}
