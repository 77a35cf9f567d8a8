import { describe, expect, test } from 'vitest'
import type { Platform } from '../directory/device-facts.ts'
import { directoryFacts, platformOfModel } from './told-facts.ts'

const device = { kind: 'device', ownership: 'corporate' } as const

describe('the platform of a model', () => {
  const models: [string, Platform | undefined][] = [
    ['iPhone14,5', 'iOS'],
    ['iPod9,1', 'iOS'],
    ['iPad12,1', 'iPadOS'],
    ['MacBookPro18,3', 'macOS'],
    ['Mac14,2', 'macOS'],
    ['iMac21,1', 'macOS'],
    ['VirtualMac2,1', 'macOS'],
    ['AppleTV14,1', 'tvOS'],
    ['Watch7,1', 'watchOS'],
    ['RealityDevice14,1', 'visionOS'],
    ['Newton1,1', undefined],
  ]
  for (const [model, platform] of models) {
    test(`${model} is ${platform ?? 'not known'}`, () => expect(platformOfModel(model)).toBe(platform))
  }
})

test('what a device leaves out is kept as it is known', () => {
  expect(directoryFacts({}, device)).toEqual({ ownership: 'corporate' })
})

test('a User Enrollment is enrolled by its user, whatever the device says', () => {
  const facts = directoryFacts({ isMultiUser: true }, { kind: 'user', ownership: 'personal' })
  expect(facts).toMatchObject({ enrollmentType: 'user', ownership: 'personal' })
})

test('a Shared iPad is shared, another device is not', () => {
  expect(directoryFacts({ isMultiUser: true }, device).enrollmentType).toBe('shared')
  expect(directoryFacts({ isMultiUser: false }, device).enrollmentType).toBe('device')
})

test('names are one line of at most 200 characters without what no database or page wants', () => {
  const { name } = directoryFacts({ deviceName: ` Ada’s\n\u0000iPad \ud800${'x'.repeat(500)}` }, device)
  expect(name).toMatch(/^Ada’s iPad \ufffdx+$/)
  expect(name).toHaveLength(200)
  expect(directoryFacts({ deviceName: ' \n ' }, device).name).toBeUndefined()
})
