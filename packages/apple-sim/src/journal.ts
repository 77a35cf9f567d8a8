/** A file that only grows. What lies behind the length that its owner remembers was never written. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

const READ_BYTES = 1 << 20

export class Journal {
  readonly #file: number
  #length: number

  /** Opens or makes the file, for its owner's eyes only, and cuts off what lies behind `length`. */
  constructor(path: string, length = 0) {
    this.#file = openSync(path, length === 0 ? 'w+' : 'r+', 0o600)
    this.#length = length
    if (length > 0) ftruncateSync(this.#file, length)
  }

  /** Bytes. */
  get length(): number {
    return this.#length
  }

  append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length; ) {
      const size = writeSync(this.#file, bytes, written, bytes.length - written, this.#length)
      written += size
      this.#length += size
    }
  }

  /** The content from the beginning, in pieces whose length is a multiple of `unit`. */
  *read(unit = 1): Generator<Buffer> {
    const piece = Buffer.alloc(READ_BYTES - (READ_BYTES % unit))
    for (let at = 0; at < this.#length; ) {
      const size = readSync(this.#file, piece, 0, Math.min(piece.length, this.#length - at), at)
      if (size === 0) return
      yield piece.subarray(0, size)
      at += size
    }
  }

  /** The content as lines; each was ended with a line break. */
  *lines(): Generator<string> {
    const decoder = new TextDecoder()
    let rest = ''
    for (const piece of this.read()) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  }

  /** Returns when the content would survive a loss of power. */
  sync(): void {
    fsyncSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}
