import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSecretBox, SecretError } from '../../src/platform/secrets.ts'

const box = createSecretBox(Buffer.alloc(32, 1))

describe('A sealed value (O2)', () => {
  test('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plaintext, context) => {
        expect(box.open(box.seal(plaintext, context), context)).toEqual(Buffer.from(plaintext))
      }),
    )
  })

  test('is another one each time, and does not contain the value', () => {
    const [one, two] = [box.seal('a content token', 'here'), box.seal('a content token', 'here')]
    expect(one.equals(two)).toBe(false)
    expect(one.includes('content')).toBe(false)
  })

  test('does not open in another place', () => {
    const sealed = box.seal('for location 1', 'content-token:1')
    expect(codeOf(() => box.open(sealed, 'content-token:2'))).toBe('secrets.damaged')
  })

  test('does not open with another key, and says which key made it', () => {
    const other = createSecretBox(Buffer.alloc(32, 2))
    const sealed = box.seal('secret', 'here')
    expect(codeOf(() => other.open(sealed, 'here'))).toBe('secrets.wrong_key')
    expect(() => other.open(sealed, 'here')).toThrow(`made with key ${box.keyId}`)
  })

  test('does not open when any single bit was changed', () => {
    const sealed = box.seal('secret', 'here')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(codeOf(() => box.open(changed, 'here'))).toMatch(/^secrets\./)
    }
  })

  test('does not open when it was cut off anywhere', () => {
    const sealed = box.seal('secret', 'here')
    for (let length = 0; length < sealed.length; length++) {
      expect(codeOf(() => box.open(sealed.subarray(0, length), 'here'))).toBe('secrets.damaged')
    }
  })
})

test('a key of another length is a mistake of the caller', () => {
  expect(() => createSecretBox(Buffer.alloc(16))).toThrow(TypeError)
})

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof SecretError) return error.code
  }
  return 'opened'
}
