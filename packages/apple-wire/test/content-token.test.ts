import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import samples from '../fixtures/content-tokens.json' with { type: 'json' }
import { ContentTokenError, decodeContentToken, encodeContentToken } from '../src/content-token.ts'

function failureOf(text: string | Uint8Array): ContentTokenError {
  try {
    decodeContentToken(text)
  } catch (error) {
    if (error instanceof ContentTokenError) return error
    throw error
  }
  throw new Error('the text was read as a content token')
}

describe('a content token is read', () => {
  for (const sample of samples.valid) {
    test(sample.title, () => {
      expect(decodeContentToken(sample.text)).toEqual({
        bearer: sample.bearer,
        organizationName: sample.organizationName,
        expiresAt: new Date(sample.expiresAt),
      })
    })
  }

  test('from the bytes of its file', () => {
    const [sample] = samples.valid
    expect(decodeContentToken(new TextEncoder().encode(sample?.text)).bearer).toBe(sample?.bearer)
  })
})

describe('what is no content token is refused with a stable code and a way out', () => {
  for (const sample of samples.invalid) {
    test(`${sample.title}: ${sample.code}`, () => {
      const failure = failureOf(sample.text)
      expect(failure.code).toBe(sample.code)
      expect(failure.message).toContain(sample.says)
      expect(failure.message).toContain('Download the content token again')
    })
  }

  test('a file in UTF-16, as bytes', () => {
    const text = samples.valid[0]?.text ?? ''
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    expect(failureOf(bytes).message).toContain('UTF-16')
  })

  test('no refusal repeats what was given', () => {
    for (const { text } of samples.invalid.filter((sample) => sample.text.length > 8)) {
      expect(inspect(failureOf(text), { depth: 9 })).not.toContain(text.slice(-8))
    }
  })
})

test('whatever is encoded is read back', () => {
  const fields = fc.record({
    token: fc.base64String({ minLength: 4, maxLength: 400 }),
    organizationName: fc
      .string({ minLength: 1, maxLength: 80, unit: 'grapheme' })
      .filter((name) => name.trim() !== ''),
    expiresAt: fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
  })
  fc.assert(
    fc.property(fields, (given) => {
      const text = encodeContentToken(given)
      const { bearer, organizationName, expiresAt } = decodeContentToken(`${text}\n`)
      expect({ bearer, organizationName, expiresAt }).toEqual({
        bearer: text,
        organizationName: given.organizationName,
        expiresAt: given.expiresAt,
      })
    }),
  )
})
