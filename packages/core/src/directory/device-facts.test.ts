import { describe, expect, test } from 'vitest'
import { parseOwnership, parsePlatform, parseYesNo } from './device-facts.ts'

const platforms: [string, string | undefined][] = [
  ['iOS', 'iOS'],
  ['ios', 'iOS'],
  ['iPhone OS', 'iOS'],
  ['iPadOS', 'iPadOS'],
  ['IPAD', 'iPadOS'],
  ['Mac', 'macOS'],
  ['Mac OS X', 'macOS'],
  ['Apple TV', 'tvOS'],
  ['visionos', 'visionOS'],
  ['watch-OS', 'watchOS'],
  ['Android', undefined],
  ['', undefined],
  ['constructor', undefined],
]

test.each(platforms)('the platform %j is %j', (text, platform) => {
  expect(parsePlatform(text)).toBe(platform)
})

const ownerships: [string, string | undefined][] = [
  ['Corporate', 'corporate'],
  ['company', 'corporate'],
  ['Privé', 'personal'],
  ['BYOD', 'personal'],
  ['mine', undefined],
]

test.each(ownerships)('the ownership %j is %j', (text, ownership) => {
  expect(parseOwnership(text)).toBe(ownership)
})

describe('yes and no', () => {
  test.each(['yes', 'Y', 'TRUE', 'ja', '1', ' Ja '])('%j is yes', (text) =>
    expect(parseYesNo(text)).toBe(true),
  )
  test.each(['no', 'n', 'False', 'NEE', '0'])('%j is no', (text) => expect(parseYesNo(text)).toBe(false))
  test.each(['', 'maybe', '2', 'valueOf'])('%j is neither', (text) =>
    expect(parseYesNo(text)).toBeUndefined(),
  )
})
