import { describe, expect, test } from 'vitest'
import { en } from '../src/shared/i18n/en/en.ts'
import { createFormats } from '../src/shared/i18n/formats.ts'
import { nl } from '../src/shared/i18n/nl/nl.ts'

type Texts = { readonly [key: string]: string | Texts }

/** Every text with the path of its key. */
function textsOf(texts: Texts, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? [[`${path}${key}`, text] as const] : textsOf(text, `${path}${key}.`),
  )
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name = '']) => name)
    .toSorted((one, other) => one.localeCompare(other))
const dutch = new Map(textsOf(nl))

test('every text exists in Dutch, and none that English has not', () => {
  expect(dutch.keys().toArray()).toEqual(textsOf(en).map(([key]) => key))
})

test('a text has the same values to fill in, in every language', () => {
  for (const [key, text] of textsOf(en)) {
    expect([key, placeholders(dutch.get(key) ?? '')]).toEqual([key, placeholders(text)])
  }
})

test('a text with a number of things has one for one and one for many', () => {
  const keys = new Set(textsOf(en).map(([key]) => key))
  const lonely = [...keys].filter((key) => key.endsWith('_one') && !keys.has(key.replace(/_one$/, '_other')))
  expect(lonely).toEqual([])
})

describe('numbers and dates', () => {
  const now = () => Date.parse('2026-11-23T12:00:00Z')
  const english = createFormats('en', now)
  const inDutch = createFormats('nl', now)

  test.each([
    ['2026-11-23T11:59:30Z', '30 seconds ago', '30 seconden geleden'],
    ['2026-11-23T11:57:00Z', '3 minutes ago', '3 minuten geleden'],
    ['2026-11-23T07:00:00Z', '5 hours ago', '5 uur geleden'],
    ['2026-12-05T12:00:00Z', 'in 12 days', 'over 12 dagen'],
  ])('%s is "%s" and "%s"', (moment, inEnglish, alsoInDutch) => {
    expect(english.relative(moment)).toBe(inEnglish)
    expect(inDutch.relative(moment)).toBe(alsoInDutch)
  })

  test('a number has the separators of its language', () => {
    expect([english.number(12345), inDutch.number(12345)]).toEqual(['12,345', '12.345'])
  })

  test('a country has its name in the language', () => {
    expect([english.country('NL'), inDutch.country('NL')]).toEqual(['Netherlands', 'Nederland'])
  })

  test('an exact time names its day only when that is not today', () => {
    expect(english.exactTime('2026-11-23T12:00:05Z')).toMatch(/^\d\d:00:05$/)
    expect(english.exactTime('2026-11-20T12:00:05Z')).toMatch(/^Nov 20, 2026 \d\d:00:05$/)
  })
})
