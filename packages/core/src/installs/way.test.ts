import { describe, expect, test } from 'vitest'
import { type AssignmentSettings, defaultSettings } from '../assignments/settings.ts'
import { appPayload, canReport, declaredOf, isFrom, type WayFacts, wayOf } from './way.ts'

const phone: WayFacts = {
  declarative: true,
  platform: 'iOS',
  osVersion: '17.5',
  intent: 'required',
}
const goes = { ...defaultSettings, removeWhenManagementEnds: true }

describe('by which way an app comes', () => {
  test.each<[why: string, way: string, facts: WayFacts, settings?: AssignmentSettings]>([
    ['required, and to go with management', 'declaration', phone],
    ['on an iPad', 'declaration', { ...phone, platform: 'iPadOS' }],
    ['the first version', 'declaration', { ...phone, osVersion: '17.2' }],
    ['the version before', 'command', { ...phone, osVersion: '17.1.9' }],
    ['a version that is not known', 'command', { ...phone, osVersion: null }],
    ['on a television', 'command', { ...phone, platform: 'tvOS', osVersion: '18.0' }],
    ['the organization does not want it', 'command', { ...phone, declarative: false }],
    ['chosen by a person, who may delete it', 'command', { ...phone, intent: 'available' }],
    ['to stay when management ends', 'command', phone, defaultSettings],
    ['with a configuration', 'command', phone, { ...goes, configuration: { server: 'x' } }],
  ])('%s: %s', (_why, way, facts, settings = goes) => {
    expect(wayOf(facts, settings)).toBe(way)
  })

  test.each([
    ['16.0', true],
    ['15.8', false],
  ])('a device with iOS %s reports status: %s', (osVersion, can) => {
    expect(canReport({ ...phone, osVersion })).toBe(can)
  })

  test.each([
    ['17.10', '17.2', true],
    ['9.3', '17.2', false],
    ['26', '17.2', true],
    ['17', '17.2', false],
    ['18.0 beta', '17.2', true],
    ['unknown', '1', false],
  ])('%s is from %s on: %s', (version, first, is) => {
    expect(isFrom(version, first)).toBe(is)
  })
})

describe('the payload of a declaration', () => {
  const declared = { license: 'Device', backup: true, vpnId: null, updates: true, round: 1 } as const

  test('names the app by a text, required, with the kind of its license', () => {
    expect(appPayload('361309726', declared, '17.2')).toEqual({
      AppStoreID: '361309726',
      InstallBehavior: { Install: 'Required', License: { Assignment: 'Device' } },
    })
  })

  test('65 omits keys that the version does not support', () => {
    const payload = { ...declared, updates: false, backup: false, vpnId: 'vpn-1' }
    expect(appPayload('1', payload, '18.6')).not.toHaveProperty('UpdateBehavior')
    expect(appPayload('1', payload, '26.0')).toMatchObject({
      IncludeInBackup: false,
      Attributes: { VPNUUID: 'vpn-1' },
      UpdateBehavior: { AutomaticAppUpdates: 'AlwaysOff' },
    })
  })

  test('keeps the license by which the app came, and follows the settings', () => {
    const facts = { deviceLicense: false, settings: { ...goes, preventBackup: true }, updatesByToken: false }
    expect(declaredOf(declared, facts)).toEqual({ ...declared, backup: false, updates: false })
    expect(declaredOf(null, facts).license).toBe('User')
  })
})
