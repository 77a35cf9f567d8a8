import fc from 'fast-check'
import { build, buildBinary, parse } from 'plist'
import { describe, expect, test } from 'vitest'
import {
  PlistError,
  type PlistErrorCode,
  type PlistValue,
  readPlist,
  readPlistDict,
  writePlist,
} from '../src/plist.ts'
import { isPlistText } from '../src/plist-writer.ts'
import { sampleBytes } from './support/mdm-samples.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const document = (body: string): Uint8Array => bytesOf(`<plist version="1.0">${body}</plist>`)
const repeated = (text: string, times: number): string => text.repeat(times)

/** The code of the refusal; what is read counts as none. */
function refusal(bytes: Uint8Array): PlistErrorCode | undefined {
  try {
    readPlist(bytes)
    return undefined
  } catch (error) {
    if (error instanceof PlistError) return error.code
    throw error
  }
}

describe('a property list in XML is read', () => {
  const table: [body: string, value: PlistValue][] = [
    ['<string>Tides &amp; Charts &#x2014; </string>', 'Tides & Charts — '],
    ['<string>a<![CDATA[<b>&]]>c</string>', 'a<b>&c'],
    ['<string>one<!-- no -->two</string>', 'onetwo'],
    ['<string/>', ''],
    ['<integer> 42 </integer>', 42],
    ['<integer>-7</integer>', -7],
    ['<integer>9007199254740991</integer>', 9007199254740991],
    ['<integer>9007199254740993</integer>', 9007199254740993n],
    ['<integer>18446744073709551615</integer>', 18446744073709551615n],
    ['<integer>-9223372036854775808</integer>', -9223372036854775808n],
    ['<real>41.5</real>', 41.5],
    ['<real>1e-7</real>', 1e-7],
    ['<true/>', true],
    ['<false></false>', false],
    ['<data>\n\tAAEC\n\tAw==\n</data>', new Uint8Array([0, 1, 2, 3])],
    ['<date>2026-02-28T23:59:59Z</date>', new Date('2026-02-28T23:59:59Z')],
    ['<array><integer>1</integer><array/></array>', [1, []]],
    ['<dict><key>a</key><string>b</string></dict>', { a: 'b' }],
    ['<dict><key></key><true/></dict>', { '': true }],
  ]
  for (const [body, value] of table) {
    test(body.replaceAll(/\s+/g, ' '), () => expect(readPlist(document(body))).toEqual(value))
  }

  test('with a DOCTYPE, whose entities nobody looks at', () => {
    const doctype = '<!DOCTYPE plist [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    expect(readPlist(bytesOf(`${doctype}<plist><true/></plist>`))).toBe(true)
    expect(refusal(bytesOf(`${doctype}<plist><string>&a;</string></plist>`))).toBe('plist.malformed')
  })

  test('with a byte order mark', () => {
    expect(readPlist(new Uint8Array([0xef, 0xbb, 0xbf, ...document('<true/>')]))).toBe(true)
  })

  test('without a prototype, so that __proto__ is a key like any other', () => {
    const body = '<dict><key>__proto__</key><dict><key>admin</key><true/></dict></dict>'
    const dict = readPlistDict(document(body))
    expect(Object.getPrototypeOf(dict)).toBe(null)
    expect(Object.keys(dict)).toEqual(['__proto__'])
    expect(Reflect.get({}, 'admin')).toBe(undefined)
  })
})

describe('a property list in XML is refused', () => {
  const table: [why: string, body: string][] = [
    ['nothing in it', ''],
    ['two values', '<true/><true/>'],
    ['text between values', '<array>x<true/></array>'],
    ['a key that comes twice', '<dict><key>a</key><true/><key>a</key><true/></dict>'],
    ['a key without a value', '<dict><key>a</key></dict>'],
    ['two keys in a row', '<dict><key>a</key><key>b</key></dict>'],
    ['a value without a key', '<dict><true/></dict>'],
    ['a key outside of a dictionary', '<array><key>a</key></array>'],
    ['a value inside a text', '<string><true/></string>'],
    ['an element of another kind', '<set><true/></set>'],
    ['a property list in a property list', '<array><plist><true/></plist></array>'],
    ['a whole number that is none', '<integer>1.5</integer>'],
    ['a hexadecimal number', '<integer>0x10</integer>'],
    ['a number past 64 bits', '<integer>18446744073709551616</integer>'],
    ['an endless number', `<integer>${repeated('9', 100_000)}</integer>`],
    ['a number that is not finite', '<real>1e999</real>'],
    ['not a number', '<real>nan</real>'],
    ['true with something in it', '<true>x</true>'],
    ['data that is not Base64', '<data>A?==</data>'],
    ['data that is cut off', '<data>AAE</data>'],
    ['30 February', '<date>2026-02-30T00:00:00Z</date>'],
    ['a date with an offset', '<date>2026-02-01T00:00:00+01:00</date>'],
    ['an entity of its own', '<string>&nbsp;</string>'],
    ['a tag that is not closed', '<dict>'],
  ]
  for (const [why, body] of table) {
    test(why, () => expect(refusal(document(body))).toBe('plist.malformed'))
  }

  test('no bytes at all', () => expect(refusal(new Uint8Array())).toBe('plist.malformed'))
  test('bytes that are not UTF-8', () => {
    expect(refusal(new Uint8Array([...bytesOf('<plist><string>'), 0xc3, 0x28]))).toBe('plist.malformed')
  })
  test('anything but <plist> around it', () => expect(refusal(bytesOf('<dict/>'))).toBe('plist.malformed'))
  test('anything but a dictionary, where one is asked for', () => {
    expect(() => readPlistDict(document('<array/>'))).toThrow(PlistError)
  })
  test('more than 32 containers in one another', () => {
    const nested = (depth: number): Uint8Array =>
      document(repeated('<array>', depth) + repeated('</array>', depth))
    expect(refusal(nested(32))).toBe(undefined)
    expect(refusal(nested(33))).toBe('plist.too_deep')
    expect(refusal(document(repeated('<array>', 10_000)))).toBe('plist.too_deep')
  })
  test('more than 200,000 values', () => {
    const many = (values: number): Uint8Array => document(`<array>${repeated('<true/>', values - 1)}</array>`)
    expect(refusal(many(200_000))).toBe(undefined)
    expect(refusal(many(200_001))).toBe('plist.too_large')
  })
})

describe('a binary property list is read', () => {
  const table: [what: string, value: Parameters<typeof buildBinary>[0]][] = [
    ['texts in ASCII and beyond', ['plain', 'wéb — ✓', '🏝', '']],
    ['numbers', [0, 255, 65_536, 5_368_709_120, -1, 41.5]],
    ['truths', { yes: true, no: false }],
    ['data', { token: new Uint8Array([1, 2, 3]) }],
    ['long lists and texts', [repeated('x', 70_000), Array.from({ length: 300 }, (_, at) => at)]],
    ['dates', [new Date('2026-05-04T03:02:01Z')]],
    ['dictionaries in dictionaries', { a: { b: { c: [] } } }],
  ]
  for (const [what, value] of table) {
    test(what, () => expect(readPlist(buildBinary(value))).toEqual(value))
  }
})

/** A binary property list of these objects, the first on top; one byte for each offset and reference. */
function binary(objects: readonly (readonly number[])[]): Uint8Array {
  const body: number[] = [...bytesOf('bplist00')]
  const offsets = objects.map((object) => body.push(...object) - object.length)
  const table = body.length
  const trailer = [0, 0, 0, 0, 0, 0, 1, 1, ...eight(objects.length), ...eight(0), ...eight(table)]
  return new Uint8Array([...body, ...offsets, ...trailer])
}

const eight = (value: number): number[] => [
  0,
  0,
  0,
  0,
  value >> 24,
  (value >> 16) & 255,
  (value >> 8) & 255,
  value & 255,
]

describe('a binary property list is refused', () => {
  const table: [why: string, bytes: Uint8Array, code: PlistErrorCode][] = [
    ['a list that contains itself', binary([[0xa1, 0]]), 'plist.malformed'],
    [
      'two lists that contain each other',
      binary([
        [0xa1, 1],
        [0xa1, 0],
      ]),
      'plist.malformed',
    ],
    [
      'a list that doubles itself 30 times',
      binary([...Array.from({ length: 30 }, (_, at) => [0xa2, at + 1, at + 1]), [0x09]]),
      'plist.too_large',
    ],
    [
      'a list 33 deep',
      binary([...Array.from({ length: 33 }, (_, at) => [0xa1, at + 1]), [0x09]]),
      'plist.too_deep',
    ],
    ['a reference that leads nowhere', binary([[0xa1, 9]]), 'plist.malformed'],
    [
      'a list longer than the bytes',
      binary([[0xaf, 0x13, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]),
      'plist.malformed',
    ],
    ['data longer than the bytes', binary([[0x4f, 0x12, 0xff, 0xff, 0xff, 0xff]]), 'plist.malformed'],
    ['a key that is no text', binary([[0xd1, 1, 1], [0x09]]), 'plist.malformed'],
    ['a key that comes twice', binary([[0xd2, 1, 1, 2, 2], [0x51, 0x61], [0x09]]), 'plist.malformed'],
    ['a null', binary([[0x00]]), 'plist.malformed'],
    ['a UID', binary([[0x80, 1]]), 'plist.malformed'],
    ['a set', binary([[0xc1, 1], [0x09]]), 'plist.malformed'],
    ['a number of 128 bits', binary([[0x14, 1, ...Array.from({ length: 15 }, () => 0)]]), 'plist.malformed'],
    ['a number that is not finite', binary([[0x22, 0x7f, 0x80, 0, 0]]), 'plist.malformed'],
    ['a date past the year 9999', binary([[0x33, 0x7f, 0xe0, 0, 0, 0, 0, 0, 0]]), 'plist.malformed'],
    ['half a character', binary([[0x61, 0xd8, 0x3c]]), 'plist.malformed'],
    ['another version', bytesOf(`bplist15${repeated('\u0000', 40)}`), 'plist.malformed'],
    ['nothing after its name', bytesOf('bplist00'), 'plist.malformed'],
  ]
  for (const [why, bytes, code] of table) test(why, () => expect(refusal(bytes)).toBe(code))

  test('an offset table that is said to be larger than everything', () => {
    const bytes = binary([[0x09]])
    bytes.fill(0xff, bytes.length - 24, bytes.length - 16)
    expect(refusal(bytes)).toBe('plist.malformed')
  })
})

/** Everything that a property list can hold, as reading gives it. */
const { value: anyValue } = fc.letrec<{ value: PlistValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.string({ unit: 'binary' }).filter(isPlistText),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.oneof(
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    ),
    fc.boolean(),
    fc
      .date({
        min: new Date('0000-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59Z'),
        noInvalidDate: true,
      })
      .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000)),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.string({ unit: 'binary' }).filter(isPlistText), tie('value')),
  ),
}))

describe('whatever comes', () => {
  test('what is written is read again as it was', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(readPlist(bytesOf(writePlist(value)))).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  test('any bytes are a property list or a PlistError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectBounded(bytes)))
  })

  test('any elements are a property list or a PlistError', () => {
    const piece = fc.constantFrom(
      '<dict>',
      '</dict>',
      '<array>',
      '</array>',
      '<key>a</key>',
      '<key>b</key>',
      '<true/>',
      '<string>',
      '</string>',
      '<integer>1</integer>',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&x;',
      '<!--',
      '-->',
      '<?x ?>',
      'text',
      '<data>AA==</data>',
    )
    fc.assert(fc.property(fc.array(piece), (pieces) => expectBounded(document(pieces.join('')))))
  })

  test('a damaged binary property list is a property list or a PlistError', () => {
    const whole = buildBinary({
      list: [1, 'two', 3.5, new Date(0), new Uint8Array([4])],
      dict: { a: true, b: 'ü' },
    })
    const damage = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = new Uint8Array(whole)
        for (const [at, byte] of changes) bytes[at] = byte
        expectBounded(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  test('another reader reads the same of what is written', () => {
    const common = fc.dictionary(
      fc.stringMatching(/^[a-zA-Z ]{1,10}$/),
      fc.oneof(fc.stringMatching(/^[a-z&<>" é]{1,20}$/), fc.integer(), fc.boolean(), fc.array(fc.integer())),
    )
    fc.assert(
      fc.property(common, (value) => {
        expect(parse(writePlist(value))).toEqual(value)
        expect(readPlist(bytesOf(build(value)))).toEqual(value)
      }),
    )
  })
})

function expectBounded(bytes: Uint8Array): void {
  const code = refusal(bytes)
  expect(['plist.malformed', 'plist.too_deep', 'plist.too_large', undefined]).toContain(code)
}

describe('a property list is not written', () => {
  const table: [why: string, value: PlistValue][] = [
    ['with a control character', 'a\u0001'],
    ['with half a character', 'a\ud83c'],
    ['with a number that is not finite', Number.NaN],
    ['with a whole number past 64 bits', 2n ** 64n],
    ['with a date past the year 9999', new Date(Date.UTC(12_000, 0, 1))],
  ]
  for (const [why, value] of table) test(why, () => expect(() => writePlist({ value })).toThrow(TypeError))
})

test('a carriage return survives', () => {
  expect(readPlist(bytesOf(writePlist('a\r\nb')))).toBe('a\r\nb')
})

test('a sample of Apple’s form is written as it stands, but for its layout', () => {
  const text = new TextDecoder().decode(sampleBytes('install-command'))
  expect(writePlist(readPlist(sampleBytes('install-command'))).replaceAll(/>\s+</g, '><')).toBe(
    text.replaceAll(/>\s+</g, '><'),
  )
})
