import { describe, expect, test } from 'vitest'
import {
  parseCountry,
  parseEnrollmentType,
  parseMoment,
  parseOwnership,
  parsePlatform,
  parseYesNo,
  tidyTags,
} from './device-facts.ts'

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

const enrollments: [string, string | undefined][] = [
  ['ADE', 'device'],
  ['Automated Device Enrollment', 'device'],
  ['User Enrollment', 'user'],
  ['Shared iPad', 'shared'],
  ['gedeeld', 'shared'],
  ['none', undefined],
]

test.each(enrollments)('the enrollment %j is %j', (text, enrollment) => {
  expect(parseEnrollmentType(text)).toBe(enrollment)
})

test.each([
  ['nl', 'NL'],
  [' DE ', 'DE'],
  ['NLD', undefined],
  ['N1', undefined],
])('the country %j is %j', (text, country) => {
  expect(parseCountry(text)).toBe(country)
})

const moments: [string, string | undefined][] = [
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01 07:00', '2026-03-01T07:00:00.000Z'],
  ['2026-03-01T07:00:30+01:00', '2026-03-01T06:00:30.000Z'],
  ['2026-03-01t07:00z', '2026-03-01T07:00:00.000Z'],
  ['2026-02-30', undefined],
  ['2026-13-01', undefined],
  ['2026-03-01 25:00', undefined],
  ['1-3-2026', undefined],
  ['yesterday', undefined],
]

test.each(moments)('the moment %j is %j', (text, moment) => {
  expect(parseMoment(text)?.toISOString()).toBe(moment)
})

test('tags are tidied, each once whatever its case, the first spelling kept', () => {
  expect(tidyTags([' Cart ', 'cart', 'Two  words', '', 'loan'])).toEqual(['Cart', 'Two words', 'loan'])
})
